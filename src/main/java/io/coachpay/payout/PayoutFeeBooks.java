package io.coachpay.payout;

import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jboss.logging.Logger;

import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.stripe.StripeTransfer;

/** Writes the fees of instant payouts: taken, waiting for the coach's earnings, or borne by the platform. */
@ApplicationScoped
class PayoutFeeBooks {

    private static final Logger LOG = Logger.getLogger(PayoutFeeBooks.class);
    private static final Duration BETWEEN_WAITS = Duration.ofHours(1);
    /** The platform bears a fee that the account could not pay by then. */
    private static final Duration WAITS_AT_MOST = Duration.ofDays(30);

    private final Ledger ledger;
    private final Clock clock;

    PayoutFeeBooks(Ledger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Books the fee that Stripe took of a payout, once. */
    @Transactional(TxType.MANDATORY)
    void taken(UUID id, StripeTransfer made) {
        Payout payout = Payout.held(id);
        String payment = made.destinationPaymentId();
        if (!payout.feeIsDue()) {
            return;
        }
        if (payment == null) {
            throw new IllegalStateException("Stripe names no payment of " + made.id() + " on the platform's account");
        }
        payout.fee().taken(made.id(), payment);
        ledger.post(Postings.instantFee(made.id(), payout.userId(), made.amount(), made.created()));
    }

    /**
     * Waits for the coach's next earnings, within bounds: a refund or a dispute took the money reserved for the fee. The next
     * call has another key, since Stripe may keep its answer to this one.
     */
    @Transactional(TxType.MANDATORY)
    void waitForFunds(UUID id, int attempt, StripeRefused notYet) {
        Payout payout = Payout.held(id);
        if (payout.createdAt().plus(WAITS_AT_MOST).isBefore(clock.instant())) {
            refuse(id, attempt, notYet);
        } else if (payout.feeIsDue() && payout.fee().attempt() == attempt) {
            payout.fee().nextAttempt(attempt);
            payout.fee().checkNext(clock.instant().plus(BETWEEN_WAITS));
            LOG.infof("The fee of payout %s waits for funds: %s", id, notYet.getMessage());
        }
    }

    /** Has the platform bear a fee that Stripe refused; a refusal of an earlier attempt is ignored. */
    @Transactional(TxType.MANDATORY)
    void refuse(UUID id, int attempt, StripeRefused refused) {
        Payout payout = Payout.held(id);
        if (!payout.feeIsDue() || payout.fee().attempt() != attempt) {
            return;
        }
        String code = refused.reason().code();
        payout.fee().refused(code == null ? refused.outcome() : code);
        LOG.errorf("Stripe refused to take the fee of payout %s: %s", id, refused.getMessage());
    }
}
