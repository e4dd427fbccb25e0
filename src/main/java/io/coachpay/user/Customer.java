package io.coachpay.user;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;

import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.http.Reference;
import io.coachpay.stripe.StripeCustomer;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import io.quarkus.panache.common.Parameters;

/**
 * Who a person is at Stripe. The row is there before the customer is, so that a process that dies between the two leaves
 * something to go on from.
 *
 * <p>
 * {@code attempt} is part of the idempotency key, and each attempt always says the same: whatever is to be sent changes only
 * together with it.
 */
@Entity
@Table(name = "stripe_customers")
@DynamicUpdate
class Customer extends PanacheEntityBase {

    private static final String EMAIL = "email";
    private static final String NAME = "name";

    private static final String INSERT = """
            insert into stripe_customers (id, user_id, customer_email, customer_name, created_at, sought_from)
            values (:id, :user, :email, :name, :now, :now) on conflict (user_id) do nothing""";

    private static final String TAKE = """
            update stripe_customers set push_tried_at = clock_timestamp()
             where id in (select id from stripe_customers
                           where sync_status = 'pending' and stripe_customer_id is not null and user_id is not null
                           order by push_tried_at nulls first, id limit :most for update skip locked)
            returning id""";

    @Id
    private UUID id;
    @Column(name = "user_id", updatable = false)
    private @Nullable UUID userId;
    @Column(name = "stripe_customer_id")
    private @Nullable String stripeId;
    @Column(name = "customer_email")
    private @Nullable String email;
    @Column(name = "customer_name")
    private @Nullable String name;
    @Column(name = "refused_email")
    private @Nullable String refusedEmail;
    @Column(name = "refused_name")
    private @Nullable String refusedName;
    @Column(name = "default_payment_method")
    private @Nullable String defaultPaymentMethod;
    @Enumerated(EnumType.STRING)
    @Column(name = "sync_status")
    private SyncStatus syncStatus;
    @Column(name = "synced_at")
    private @Nullable Instant syncedAt;
    private int attempt;
    @Column(name = "stripe_as_of")
    private @Nullable Instant asOf;
    @Column(name = "stripe_told_at")
    private @Nullable Instant toldAt;
    @Column(name = "sought_from")
    private Instant soughtFrom;

    @SuppressWarnings("NullAway.Init")
    protected Customer() {
    }

    /**
     * The person's row, made now if there is none; whoever comes second finds the first one's. A customer that is gone at
     * Stripe is begun again.
     */
    static Customer begun(User user, Instant now) {
        Customer known = find("userId = :user", Parameters.with("user", user.id())).firstResult();
        if (known == null) {
            known = inserted(user, now);
        }
        if (known.mustBeginAgain()) {
            getEntityManager().refresh(known, LockModeType.PESSIMISTIC_WRITE);
            known.beginAgain(user, now);
        }
        return known;
    }

    private static Customer inserted(User user, Instant now) {
        getEntityManager().createNativeQuery(INSERT).setParameter("id", Ids.next()).setParameter("user", user.id())
                .setParameter("email", user.email()).setParameter("name", user.name())
                .setParameter("now", now)
                .executeUpdate();
        return Objects.requireNonNull(ofUser(user.id()), "A row was inserted or was there before");
    }

    /** The person's row, locked against others who would change it; null before the first need. */
    static @Nullable Customer ofUser(UUID userId) {
        return find("userId = :user", Parameters.with("user", userId)).withLock(LockModeType.PESSIMISTIC_WRITE).firstResult();
    }

    /** The row as it is, of the user's id or Stripe's; null when there is none. */
    static @Nullable Customer seen(Reference reference) {
        return reference.find(user -> find("userId", user), stripes -> find("stripeId", stripes)).firstResult();
    }

    static @Nullable Customer byId(UUID id) {
        return findById(id, LockModeType.PESSIMISTIC_WRITE);
    }

    static @Nullable Customer byStripeId(String stripeId) {
        return find("stripeId = :id", Parameters.with("id", stripeId)).withLock(LockModeType.PESSIMISTIC_WRITE).firstResult();
    }

    /**
     * Customers of whom Stripe has not heard the latest, longest not tried first. Each has its next turn after the others, come
     * of this one what may.
     */
    static List<Customer> takeUnpushed(int atMost) {
        List<UUID> taken = getEntityManager().createNativeQuery(TAKE, UUID.class).setParameter("most", atMost)
                .getResultStream().map(UUID.class::cast).toList();
        return taken.isEmpty() ? List.of() : list("id in ?1", taken);
    }

    /** Stripe has the customer; the first to say so is believed. */
    void made(String customer, Instant at) {
        if (stripeId != null || asOf != null && at.isBefore(asOf)) {
            return;
        }
        stripeId = customer;
        synced(at);
    }

    /**
     * The person changed: Stripe has to hear of it, though not again of what it has refused. While the customer is being made
     * nothing is changed, as a call may be on its way: whoever notes the customer tells the rest.
     */
    boolean tell(@Nullable String newEmail, @Nullable String newName) {
        if (stripeId == null || syncStatus == SyncStatus.MISSING) {
            return false;
        }
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

    /**
     * Stripe took what was sent at that attempt; if more has changed since, that is still to be sent.
     *
     * @param stripes what it has now
     */
    void told(int atAttempt, StripeCustomer stripes, Instant at) {
        if (attempt == atAttempt && syncStatus == SyncStatus.PENDING) {
            email = stripes.email();
            name = stripes.name();
            synced(at);
        }
    }

    /**
     * Stripe does not want what was sent at that attempt. Is it the address or the name, the customer does without it, and
     * Stripe hears of the next one; anything else is for a person to look at.
     *
     * @param parameter what Stripe blames
     * @return whether to go on without it
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

    private void send(@Nullable String nextEmail, @Nullable String nextName) {
        email = nextEmail;
        name = nextName;
        attempt++;
        syncStatus = SyncStatus.PENDING;
    }

    /** Another address or name than the refused one is no longer refused; whether there was one. */
    private boolean forgive(@Nullable String nextEmail, @Nullable String nextName) {
        boolean anotherEmail = refusedEmail != null && !refusedEmail.equals(nextEmail);
        boolean anotherName = refusedName != null && !refusedName.equals(nextName);
        refusedEmail = anotherEmail ? null : refusedEmail;
        refusedName = anotherName ? null : refusedName;
        return anotherEmail || anotherName;
    }

    /** How the two stand once Stripe has all that it takes. */
    private SyncStatus agreed() {
        return refusedEmail == null && refusedName == null ? SyncStatus.SYNCED : SyncStatus.FAILED;
    }

    /** The answer to that attempt is spoiled: Stripe would repeat it for ever. */
    void nextAttempt(int after) {
        if (attempt == after) {
            attempt++;
        }
    }

    /**
     * What Stripe says now, unless ours is newer or we have heard something newer.
     *
     * @param now by our clock
     */
    boolean mirror(@Nullable String theirEmail, @Nullable String theirName, @Nullable String theirDefault, Instant at,
            Instant now) {
        if (syncStatus == SyncStatus.MISSING || asOf != null && at.isBefore(asOf)) {
            return false;
        }
        asOf = at;
        toldAt = now;
        defaultPaymentMethod = theirDefault;
        if (syncStatus == SyncStatus.PENDING) {
            return false;
        }
        // What Stripe was told by somebody else takes the place of what it refused.
        refusedEmail = Objects.equals(email, theirEmail) ? refusedEmail : null;
        refusedName = Objects.equals(name, theirName) ? refusedName : null;
        email = theirEmail;
        name = theirName;
        syncStatus = agreed();
        syncedAt = at;
        return true;
    }

    /** Gone at Stripe, and gone for good: Stripe never gives an id twice. */
    void missing() {
        syncStatus = SyncStatus.MISSING;
        defaultPaymentMethod = null;
    }

    /** The customer is gone, or Stripe would not make it of what it was told: another call says what holds now. */
    private boolean mustBeginAgain() {
        return syncStatus == SyncStatus.MISSING || syncStatus == SyncStatus.FAILED && stripeId == null;
    }

    private void beginAgain(User user, Instant now) {
        if (!mustBeginAgain()) {
            return;
        }
        stripeId = null;
        soughtFrom = now;
        // What Stripe said of the one that is gone is not said of the next.
        asOf = now.truncatedTo(ChronoUnit.SECONDS);
        toldAt = null;
        forgive(user.email(), user.name());
        send(refusedEmail == null ? user.email() : null, refusedName == null ? user.name() : null);
    }

    /** Events tell no order within a second. */
    boolean isAsOldAs(Instant at) {
        return at.equals(asOf) && syncStatus != SyncStatus.MISSING;
    }

    /**
     * Whether something of that second or a later one was taken over after a request had been sent, so that its answer may be
     * the older one.
     *
     * @param sentAt by our clock
     */
    boolean isToldSince(Instant sentAt) {
        return toldAt != null && toldAt.isAfter(sentAt) && asOf != null
                && !asOf.isBefore(sentAt.truncatedTo(ChronoUnit.SECONDS));
    }

    private void synced(Instant at) {
        syncStatus = agreed();
        syncedAt = at;
        asOf = at;
    }

    UUID id() {
        return id;
    }

    @Nullable
    UUID userId() {
        return userId;
    }

    @Nullable
    String stripeId() {
        return stripeId;
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
    Instant syncedAt() {
        return syncedAt;
    }

    /** The person's latest address, which Stripe did not take; null when it did. */
    @Nullable
    String refusedEmail() {
        return refusedEmail;
    }

    /** The person's latest name, which Stripe did not take; null when it did. */
    @Nullable
    String refusedName() {
        return refusedName;
    }

    SyncStatus syncStatus() {
        return syncStatus;
    }

    int attempt() {
        return attempt;
    }

    /** Since when Stripe may have made the customer without our knowing. */
    Instant soughtFrom() {
        return soughtFrom;
    }

    /** Stripe had made none by then. */
    void soughtInVain(Instant at) {
        soughtFrom = at.isAfter(soughtFrom) ? at : soughtFrom;
    }
}
