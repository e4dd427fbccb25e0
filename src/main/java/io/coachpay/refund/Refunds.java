package io.coachpay.refund;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jboss.logging.Logger;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.inbox.MissingParent;
import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;
import io.coachpay.payment.Payments;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.Transfer;
import io.coachpay.stripe.StripeApplicationFee;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeRefund;
import io.coachpay.stripe.StripeRefunds;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.stripe.StripeTransfer;
import io.coachpay.user.OnceAtStripe;

/** Money back to payers: asked for, called for, and booked as Stripe tells it. */
@ApplicationScoped
public class Refunds {

    private static final Logger LOG = Logger.getLogger(Refunds.class);
    private static final Duration BETWEEN_CHECKS = Duration.ofMinutes(1);

    private final Access access;
    private final Payments payments;
    private final Ledger ledger;
    private final StripeRefunds stripe;
    private final OnceAtStripe once;
    private final EntityManager entities;
    private final Clock clock;

    Refunds(Access access, Payments payments, Ledger ledger, StripeRefunds stripe, OnceAtStripe once, EntityManager entities,
            Clock clock) {
        this.access = access;
        this.payments = payments;
        this.ledger = ledger;
        this.stripe = stripe;
        this.once = once;
        this.entities = entities;
        this.clock = clock;
    }

    /**
     * Writes down that all of a payment goes back; Stripe is asked right after the running transaction has ended.
     *
     * @param reason for the books, such as {@code slot_taken}
     */
    @Transactional(TxType.MANDATORY)
    public void requestInFull(Transaction transaction, String reason) {
        boolean requested = Refund.of(transaction.id()).stream().anyMatch(refund -> refund.status() != Refund.Status.REFUSED);
        if (!requested) {
            Refund.of(transaction, transaction.amount().minus(transaction.refundedAmount()), reason, clock.instant()).persist();
        }
    }

    /**
     * Writes down that a part of a payment goes back; Stripe is asked right after the running transaction has ended.
     *
     * @param reason for the books, such as {@code cancelled_by_coach}
     * @param requestedBy null for the service itself
     */
    @Transactional(TxType.MANDATORY)
    public void request(Transaction transaction, Money amount, String reason, @Nullable UUID requestedBy) {
        Refund.of(transaction, amount, reason, clock.instant()).persist();
    }

    /** Asks Stripe for a refund that was requested, or how one stands that it has. */
    void advance(UUID id) {
        access.runAsService(
                () -> Refund.locked(id).ifPresent(refund -> refund.checkNext(clock.instant().plus(BETWEEN_CHECKS))));
        try {
            Making making = new Making(id);
            String stripeId = once.idOf(making);
            StripeRefund refund = making.made == null ? stripe.retrieve(stripeId) : making.made;
            access.runAsService(() -> conclude(refund));
        } catch (StripeAway | StripeRefused.KeyInUse | StripeRefused.RateLimited later) {
            LOG.warnf("Refund %s is tried again: %s", id, later.getMessage());
        } catch (StripeRefused refused) {
            LOG.errorf("Stripe refused refund %s: %s", id, refused.getMessage());
            access.runAsService(() -> Refund.locked(id)
                    .ifPresent(refund -> refund.refuse(refused.reason().code(), refused.getMessage())));
        }
    }

    /**
     * Takes over what Stripe says about a refund; its money is booked once it has a balance transaction.
     *
     * @throws MissingParent when it belongs to no payment of ours
     */
    @Transactional(TxType.MANDATORY)
    public void conclude(StripeRefund told) {
        Transaction transaction = payment(told);
        Refund refund = find(told).orElseGet(() -> adopt(transaction, told));
        refund.follow(told);
        if (told.balanceTransactionId() == null) {
            return;
        }
        entities.flush();
        boolean fresh = ledger.post(Postings.refunded(told.id(), told.amount(), told.created()).of(transaction.id()));
        if (fresh) {
            payments.refunded(transaction, transaction.refundedAmount().plus(told.amount()));
        }
    }

    /** Books every reversal of a transfer that has not been booked. */
    @Transactional(TxType.MANDATORY)
    public void concludeReversals(StripeTransfer told) {
        Transfer transfer = Transfer.byStripeId(told.id()).orElseThrow(() -> new MissingParent("transfer " + told.id()));
        Transaction transaction = Transaction.locked(transfer.transactionId())
                .orElseThrow(() -> new MissingParent("transaction of " + told.id()));
        for (StripeTransfer.Reversal reversal : told.reversals()) {
            boolean fresh = ledger.post(Postings.transferReversed(reversal.id(), transaction.coachId(), reversal.amount(),
                    reversal.created()).of(transaction.id()));
            if (fresh) {
                TransferReversal.of(transfer, reversal, refundId(reversal), clock.instant()).persist();
            }
        }
    }

    /** Books every refund of the platform's fee that has not been booked. */
    @Transactional(TxType.MANDATORY)
    public void concludeFeeRefunds(StripeApplicationFee told) {
        String charge = told.originatingChargeId();
        Transaction transaction = Transaction.lockedByApplicationFee(told.id())
                .or(() -> Optional.ofNullable(charge).flatMap(Transaction::lockedByCharge))
                .orElseThrow(() -> new MissingParent("transaction of " + told.id()));
        for (StripeApplicationFee.FeeRefund refund : told.refunds()) {
            boolean fresh = ledger
                    .post(Postings.feeRefunded(refund.id(), transaction.coachId(), refund.amount(), refund.created())
                            .of(transaction.id()));
            if (fresh) {
                FeeRefund.of(transaction.id(), told.id(), refund, clock.instant()).persist();
            }
        }
    }

    private static Transaction payment(StripeRefund told) {
        Optional<Transaction> paid = told.paymentIntentId() != null ? Transaction.locked(null, told.paymentIntentId())
                : Optional.ofNullable(told.chargeId()).flatMap(Transaction::lockedByCharge);
        return paid.orElseThrow(() -> new MissingParent("transaction of " + told.id()));
    }

    private static Optional<Refund> find(StripeRefund told) {
        Optional<Refund> known = Refund.byStripeId(told.id());
        return known.isPresent() ? known : Optional.ofNullable(told.coachpayId()).flatMap(Refund::locked);
    }

    /** Somebody made it in Stripe's dashboard: it is ours all the same. */
    private Refund adopt(Transaction transaction, StripeRefund told) {
        Refund refund = Refund.of(transaction, told.amount(), "stripe_dashboard", clock.instant());
        refund.persist();
        return refund;
    }

    private static @Nullable UUID refundId(StripeTransfer.Reversal reversal) {
        String source = reversal.sourceRefundId();
        return source == null ? null : Refund.byStripeId(source).map(Refund::id).orElse(null);
    }

    /** A refund at Stripe, made once for its row. */
    private final class Making implements OnceAtStripe.Making {

        private final UUID id;
        private @Nullable StripeRefund made;

        Making(UUID id) {
            this.id = id;
        }

        @Override
        public OnceAtStripe.Standing standing() {
            Refund refund = read();
            return new OnceAtStripe.Standing(refund.stripeId(), refund.attempt(), refund.createdAt());
        }

        @Override
        public boolean find() {
            return stripe.list(paymentIntent()).stream().filter(refund -> refund.isOf(id)).findFirst().map(this::note)
                    .isPresent();
        }

        @Override
        public void create(int attempt) {
            Money amount = read().amount();
            note(stripe.create(new StripeRefunds.NewRefund(id, paymentIntent(), amount, true, null),
                    "refund:" + id + ":create:" + attempt));
        }

        @Override
        public void nextAttempt(int after) {
            access.runAsService(
                    () -> Refund.locked(id).filter(refund -> refund.attempt() == after).ifPresent(Refund::spendKey));
        }

        private StripeRefund note(StripeRefund refund) {
            access.runAsService(() -> Refund.locked(id).ifPresent(row -> row.begun(refund.id())));
            made = refund;
            return refund;
        }

        private Refund read() {
            return access.asService(() -> Refund.<Refund> findByIdOptional(id).orElseThrow(() -> new NotFound("refund")));
        }

        private String paymentIntent() {
            UUID transactionId = read().transactionId();
            String intent = access.asService(() -> Transaction.<Transaction> findById(transactionId)).paymentIntent();
            if (intent == null) {
                throw new IllegalStateException("Refund " + id + " is of a payment that never reached Stripe");
            }
            return intent;
        }
    }
}
