package io.coachpay.refund;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;

import org.jboss.logging.Logger;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.payment.Transaction;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeRefund;
import io.coachpay.stripe.StripeRefunds;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.transfer.TransferSync;

/**
 * What is asked of Stripe for a refund: to make it, how it stands, and in the end what came with it. No transaction is open
 * meanwhile, and whoever is cut off anywhere is followed by the next check.
 */
@ApplicationScoped
public class RefundsAtStripe {

    private static final Logger LOG = Logger.getLogger(RefundsAtStripe.class);
    /** Of a refund that Stripe has, an event tells sooner. */
    private static final Duration BETWEEN_LOOKS = Duration.ofHours(1);

    private final Access access;
    private final Refunds refunds;
    private final RefundSettlement shares;
    private final RefundFunds funds;
    private final TransferSync transfers;
    private final StripeRefunds stripe;
    private final IdempotentCalls once;
    private final Event<RefundDoubted> doubts;
    private final Clock clock;

    RefundsAtStripe(Access access, Refunds refunds, RefundSettlement shares, RefundFunds funds, TransferSync transfers,
            StripeRefunds stripe,
            IdempotentCalls once, Event<RefundDoubted> doubts, Clock clock) {
        this.access = access;
        this.refunds = refunds;
        this.shares = shares;
        this.funds = funds;
        this.transfers = transfers;
        this.stripe = stripe;
        this.once = once;
        this.doubts = doubts;
        this.clock = clock;
    }

    /**
     * Asks for a refund in the name of a payment's coach, or of an administrator: written down first, then asked of Stripe. If
     * Stripe is away it stays requested, and is asked for until Stripe answers.
     *
     * @param amount null for all that is left
     * @param reason for the books
     * @return how it stands now; what follows is told by events
     * @throws RefundRefused when it cannot go back, or Stripe knew better what can
     */
    Refund request(UUID transactionId, @Nullable Money amount, String reason) {
        UUID id = refunds.request(transactionId, amount, reason).id();
        advance(id);
        return refunds.answer(id);
    }

    /** Does what is next for a refund: asks for it, asks how it stands, or sees to what coach and platform give for it. */
    void advance(UUID id) {
        Optional<Refund> due = claim(id);
        if (due.isEmpty()) {
            return;
        }
        Making making = new Making(due.get());
        try {
            advance(due.get(), making);
        } catch (StripeRefused.InsufficientBalance notYet) {
            funds.await(due.get(), making.attempt, notYet);
        } catch (IdempotentCalls.NotWanted decided) {
            LOG.infof("%s", decided.getMessage());
        } catch (StripeRefused.RateLimited limited) {
            LOG.warnf("Refund %s is tried again in %s: %s", id, limited.pause(), limited.getMessage());
            access.runAsService(() -> Refund.locked(id).filter(Refund::isUnsettled)
                    .ifPresent(refund -> refund.checkNext(clock.instant().plus(limited.pause()))));
        } catch (StripeAway | StripeRefused.KeyInUse later) {
            LOG.warnf("Refund %s is tried again: %s", id, later.getMessage());
        } catch (StripeRefused refused) {
            refuse(due.get(), making.attempt, refused);
        }
    }

    /** What stands in the way may be something that nobody told us: it is read first, and if it cannot be, later. */
    private void refuse(Refund refund, int attempt, StripeRefused refused) {
        if (refund.status() != Refund.Status.REQUESTED) {
            LOG.warnf("Stripe does not tell of refund %s: %s", refund.id(), refused.getMessage());
            return;
        }
        LOG.errorf("Stripe refused refund %s: %s", refund.id(), refused.getMessage());
        try {
            String paymentIntent = paymentIntent(refund);
            doubts.fire(new RefundDoubted(refund.transactionId(), paymentIntent));
            Instant asked = clock.instant();
            refunds.refuse(refund.id(), attempt, refused.reason(), refused.getMessage(), stripe.list(paymentIntent), asked);
        } catch (StripeRefused later) {
            LOG.warnf("What stands in the way of refund %s is looked up later: %s", refund.id(), later.getMessage());
        }
    }

    private Optional<Refund> claim(UUID id) {
        return access.asService(() -> Refund.locked(id).filter(Refund::isUnsettled).map(refund -> {
            boolean asked = refund.status() != Refund.Status.REQUESTED;
            // As the database keeps it, for it is compared with what is read again.
            refund.checkNext(clock.instant().plus(asked ? BETWEEN_LOOKS : Refund.CALL_LASTS).truncatedTo(ChronoUnit.MICROS));
            return refund;
        }));
    }

    private void advance(Refund refund, Making making) {
        switch (refund.status()) {
            case REQUESTED -> ask(making);
            case PENDING, REQUIRES_ACTION -> refresh(stripeId(refund));
            case SUCCEEDED, FAILED, CANCELED -> settle(refund);
            case REFUSED -> {
            }
        }
    }

    /** A coach who has left keeps no payer from the money: where the coach cannot give the own part, the platform gives all. */
    private void ask(Making making) {
        try {
            make(making);
        } catch (StripeRefused.NotPermitted | StripeRefused.AccountNotReady gone) {
            if (!making.askedCoach) {
                throw gone;
            }
            LOG.errorf("The platform alone pays refund %s: %s", making.id, gone.getMessage());
            access.runAsService(
                    () -> Refund.locked(making.id).filter(refund -> refund.isAt(making.attempt)).ifPresent(refund -> {
                        refund.spendKey();
                        refund.bearAlone(gone.getMessage());
                    }));
            make(making);
        }
    }

    private void make(Making making) {
        String stripeId = once.ensure(making);
        if (!making.concluded) {
            refresh(stripeId);
        }
    }

    /**
     * Reads a refund again at Stripe, {@code re_…}, and takes over what it says, whether we knew of it or not.
     *
     * @throws StripeRefused when Stripe refuses or is away; nothing is lost by asking again
     */
    public void refresh(String stripeId) {
        Instant asked = clock.instant();
        StripeRefund told = stripe.retrieve(stripeId);
        access.runAsService(() -> refunds.conclude(told, asked));
    }

    /** Looks for a refund at Stripe, and takes it over if Stripe has made it. */
    void find(Refund refund) {
        new Making(refund).find();
    }

    /** What came with the payment's refunds may not have been told: it is read once more before anybody reckons with it. */
    private void settle(Refund refund) {
        transfers.sync(refund.transactionId());
        access.runAsService(() -> {
            Transaction transaction = Transaction.locked(refund.transactionId()).orElseThrow();
            Refund.locked(refund.id()).filter(Refund::isUnsettled).ifPresent(row -> shares.settle(transaction, row));
        });
    }

    private Refund read(UUID id) {
        return access.asService(() -> Refund.<Refund> findByIdOptional(id).orElseThrow(() -> new NotFound("refund")));
    }

    private static String stripeId(Refund refund) {
        String stripeId = refund.stripeId();
        if (stripeId == null) {
            throw new IllegalStateException("Refund " + refund.id() + " is at Stripe, but nobody knows as what");
        }
        return stripeId;
    }

    /** A refund at Stripe, made once for its row. */
    private final class Making implements IdempotentCalls.Creation {

        private final UUID id;
        private boolean concluded;
        private boolean askedCoach;
        private int attempt;

        Making(Refund refund) {
            this.id = refund.id();
            this.attempt = refund.attempt();
        }

        @Override
        public IdempotentCalls.Progress progress() {
            Refund refund = read(id);
            attempt = refund.attempt();
            return new IdempotentCalls.Progress(refund.stripeId(), attempt, refund.createdAt());
        }

        @Override
        public boolean find() {
            Instant asked = clock.instant();
            return stripe.list(paymentIntent(payment())).stream().filter(refund -> refund.isOf(id)).findFirst()
                    .map(refund -> conclude(refund, asked)).isPresent();
        }

        @Override
        public void create(int attempt) {
            Instant asked = clock.instant();
            Transaction payment = payment();
            Refund refund = read(id);
            if (refund.status() != Refund.Status.REQUESTED) {
                throw new IdempotentCalls.NotWanted("Refund " + id);
            }
            askedCoach = !refund.isBorneAlone();
            conclude(stripe.create(new StripeRefunds.NewRefund(id, paymentIntent(payment), refund.amount(), askedCoach,
                    askedCoach && payment.platformFee().isPositive(), null), "refund:" + id + ":create:" + attempt), asked);
        }

        @Override
        public void nextAttempt(int after) {
            access.runAsService(
                    () -> Refund.locked(id).filter(refund -> refund.attempt() == after).ifPresent(Refund::spendKey));
        }

        private StripeRefund conclude(StripeRefund refund, Instant asked) {
            access.runAsService(() -> refunds.conclude(refund, asked));
            concluded = true;
            return refund;
        }

        private Transaction payment() {
            UUID transactionId = read(id).transactionId();
            return access.asService(() -> Transaction.findById(transactionId));
        }
    }

    private String paymentIntent(Refund refund) {
        return paymentIntent(access.asService(() -> Transaction.<Transaction> findById(refund.transactionId())));
    }

    private static String paymentIntent(Transaction payment) {
        String intent = payment.paymentIntent();
        if (intent == null) {
            throw new IllegalStateException("Payment " + payment.id() + " never reached Stripe, and is to be refunded");
        }
        return intent;
    }
}
