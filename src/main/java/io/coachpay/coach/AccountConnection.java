package io.coachpay.coach;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeBacked;

/**
 * The platform's connection to a coach's account at Stripe: which account it is and was, whether the coach has disconnected it,
 * and who decides on its payouts.
 *
 * <p>
 * {@code attempt} is part of every idempotency key, and all calls of one attempt have the same parameters.
 */
@Embeddable
class AccountConnection {

    @Column(name = "stripe_account_id")
    private @Nullable String stripeId;
    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(name = "replaced_accounts", columnDefinition = "text[]")
    private List<String> replaced = List.of();
    @Column(name = "deauthorized_at")
    private @Nullable Instant deauthorizedAt;
    @Column(name = "reconnected_at")
    private @Nullable Instant reconnectedAt;
    @Column(name = "payouts_manual")
    private boolean payoutsManual;
    @Column(name = "payouts_asked_next")
    private @Nullable Instant payoutsAskedNext;
    private int attempt;
    @Column(name = "sought_from")
    private Instant soughtFrom;

    @SuppressWarnings("NullAway.Init")
    protected AccountConnection() {
    }

    private AccountConnection(Instant soughtFrom) {
        this.attempt = 1;
        this.soughtFrom = soughtFrom;
    }

    /** Begins before Stripe has an account. */
    static AccountConnection none(Instant now) {
        return new AccountConnection(now);
    }

    /** Keeps the id of the account that Stripe made; the first one counts. Returns whether it is the first. */
    boolean made(String account) {
        if (stripeId != null) {
            return false;
        }
        stripeId = account;
        return true;
    }

    /** Records that Stripe had made no account by then. */
    void soughtInVain(Instant at) {
        soughtFrom = at.isAfter(soughtFrom) ? at : soughtFrom;
    }

    /** Records that the coach disconnected the account, which ends charges and payouts. */
    void deauthorize(Instant at) {
        if (deauthorizedAt == null && (reconnectedAt == null || at.isAfter(reconnectedAt))) {
            deauthorizedAt = at;
        }
    }

    /** Records that the platform can read the account again. Stripe has to be asked for manual payouts once more. */
    void reconnect(Instant at) {
        if (deauthorizedAt == null || at.isBefore(deauthorizedAt)) {
            return;
        }
        deauthorizedAt = null;
        reconnectedAt = at;
        payoutsManual = false;
        attempt++;
    }

    /**
     * Makes room for another account. The old id is kept.
     *
     * @throws IllegalStateException unless the account was disconnected
     */
    void beginAnother(Instant now) {
        if (stripeId == null || deauthorizedAt == null) {
            throw new IllegalStateException("Only an account that was disconnected is replaced");
        }
        replaced = Stream.concat(replaced.stream(), Stream.of(stripeId)).toList();
        stripeId = null;
        deauthorizedAt = null;
        reconnectedAt = null;
        payoutsManual = false;
        payoutsAskedNext = null;
        soughtFrom = now;
        attempt++;
    }

    /** Records that Stripe made payouts manual at that attempt. */
    void payoutsAreOurs(int atAttempt) {
        if (attempt == atAttempt) {
            payoutsManual = true;
            payoutsAskedNext = null;
        }
    }

    /** Postpones the next try after Stripe refused manual payouts. */
    void payoutsRefused(Instant again) {
        payoutsAskedNext = again;
    }

    /** Records that payouts are automatic again, so that Stripe has to be asked with another key. */
    void payoutsAreStripes() {
        if (payoutsManual) {
            payoutsManual = false;
            attempt++;
        }
    }

    /** Counts to the next key, since Stripe would repeat its answer to that attempt. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
    }

    /** Whether news is from after the disconnection, or from the same second. */
    boolean isHeardAgain(Instant at) {
        return deauthorizedAt != null && !at.isBefore(deauthorizedAt);
    }

    /** {@code acct_…}; null until Stripe is known to have the account. */
    @Nullable
    String stripeId() {
        return stripeId;
    }

    List<String> replaced() {
        return replaced;
    }

    @Nullable
    Instant deauthorizedAt() {
        return deauthorizedAt;
    }

    boolean payoutsManual() {
        return payoutsManual;
    }

    int attempt() {
        return attempt;
    }

    /** The start of the time in which Stripe may have made the account without our knowledge. */
    Instant soughtFrom() {
        return soughtFrom;
    }
}
