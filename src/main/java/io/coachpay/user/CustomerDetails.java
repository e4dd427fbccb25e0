package io.coachpay.user;

import java.time.Instant;
import java.util.Objects;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;

import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeCustomer;

/**
 * E-mail address and name of a customer as sent to Stripe, without what Stripe refused of them. Whatever is to be sent changes
 * only together with {@code attempt}, which is part of the idempotency key.
 */
@Embeddable
class CustomerDetails {

    private static final String EMAIL = "email";
    private static final String NAME = "name";

    @Column(name = "customer_email")
    private @Nullable String email;
    @Column(name = "customer_name")
    private @Nullable String name;
    @Column(name = "refused_email")
    private @Nullable String refusedEmail;
    @Column(name = "refused_name")
    private @Nullable String refusedName;
    @Enumerated(EnumType.STRING)
    @Column(name = "sync_status")
    private SyncStatus syncStatus;
    @Column(name = "synced_at")
    private @Nullable Instant syncedAt;
    private int attempt;

    @SuppressWarnings("NullAway.Init")
    protected CustomerDetails() {
    }

    /** Sends what changed, though not again what Stripe has refused, and answers whether that is anything. */
    boolean change(@Nullable String newEmail, @Nullable String newName) {
        boolean forgiven = forgive(newEmail, newName);
        String sentEmail = refusedEmail == null ? newEmail : email;
        String sentName = refusedName == null ? newName : name;
        if (Objects.equals(email, sentEmail) && Objects.equals(name, sentName)) {
            // What was refused is no longer wanted, and Stripe has all the rest.
            if (forgiven && syncStatus == SyncStatus.FAILED) {
                syncStatus = agreed();
            }
            return false;
        }
        send(sentEmail, sentName);
        return true;
    }

    /** Sends this to a customer that is to be made, whatever was sent before. */
    void restart(@Nullable String newEmail, @Nullable String newName) {
        forgive(newEmail, newName);
        send(refusedEmail == null ? newEmail : null, refusedName == null ? newName : null);
    }

    private void send(@Nullable String nextEmail, @Nullable String nextName) {
        email = nextEmail;
        name = nextName;
        attempt++;
        syncStatus = SyncStatus.PENDING;
    }

    /** Another address or name than the refused one is no longer refused; answers whether there was one. */
    private boolean forgive(@Nullable String nextEmail, @Nullable String nextName) {
        boolean anotherEmail = refusedEmail != null && !refusedEmail.equals(nextEmail);
        boolean anotherName = refusedName != null && !refusedName.equals(nextName);
        refusedEmail = anotherEmail ? null : refusedEmail;
        refusedName = anotherName ? null : refusedName;
        return anotherEmail || anotherName;
    }

    /** Mirrors the answer to that attempt, and answers whether it was the latest. */
    boolean accepted(int atAttempt, StripeCustomer stripes, Instant at) {
        if (attempt != atAttempt || syncStatus != SyncStatus.PENDING) {
            return false;
        }
        email = stripes.email();
        name = stripes.name();
        synced(at);
        return true;
    }

    /**
     * Drops the address or name that Stripe blames, so that the customer does without it until the next one. Anything else is
     * for a person to look at.
     *
     * @param parameter what Stripe blames
     * @return whether to go on without it; also where a later attempt is under way
     */
    boolean refused(int atAttempt, @Nullable String parameter) {
        if (attempt != atAttempt) {
            return true;
        }
        if (EMAIL.equals(parameter) && email != null) {
            refusedEmail = email;
            send(null, name);
            return true;
        }
        if (NAME.equals(parameter) && name != null) {
            refusedName = name;
            send(email, null);
            return true;
        }
        syncStatus = SyncStatus.FAILED;
        return false;
    }

    /** Mirrors what somebody else told Stripe, in the place of what Stripe refused. */
    void mirror(@Nullable String theirEmail, @Nullable String theirName, Instant at) {
        refusedEmail = Objects.equals(email, theirEmail) ? refusedEmail : null;
        refusedName = Objects.equals(name, theirName) ? refusedName : null;
        email = theirEmail;
        name = theirName;
        synced(at);
    }

    void synced(Instant at) {
        syncStatus = agreed();
        syncedAt = at;
    }

    private SyncStatus agreed() {
        return refusedEmail == null && refusedName == null ? SyncStatus.SYNCED : SyncStatus.FAILED;
    }

    void missing() {
        syncStatus = SyncStatus.MISSING;
    }

    /** Spends the key of that attempt, whose answer Stripe would repeat, unless somebody has counted on already. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
    }

    @Nullable
    String email() {
        return email;
    }

    @Nullable
    String name() {
        return name;
    }

    @Nullable
    String refusedEmail() {
        return refusedEmail;
    }

    @Nullable
    String refusedName() {
        return refusedName;
    }

    SyncStatus syncStatus() {
        return syncStatus;
    }

    @Nullable
    Instant syncedAt() {
        return syncedAt;
    }

    int attempt() {
        return attempt;
    }
}
