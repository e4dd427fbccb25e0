package io.coachpay.refund;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.InvalidField;
import io.coachpay.http.NotFound;
import io.coachpay.inbox.MissingParent;
import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;
import io.coachpay.money.MoneyRefused;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionBooks;
import io.coachpay.stripe.StripeCharge;
import io.coachpay.stripe.StripeRefund;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.transfer.TransferBooks;

/**
 * Writes refunds: recorded before Stripe is asked, and booked from Stripe's reports. Every verb joins the caller's database
 * transaction, and none calls Stripe.
 */
@ApplicationScoped
public class RefundBooks {

    /** Skips locked rows: a worker that is busy with a refund sets its next try itself. */
    private static final String TRY_NOW = """
            update refunds set check_at = ?1
             where id in (select r.id from refunds r join transactions t on t.id = r.transaction_id
                           where r.status = 'requested' and r.check_at > ?1
                             and (cast(?2 as text) is null or t.destination_account = ?2) for update of r skip locked)""";

    private final TransactionBooks payments;
    private final TransferBooks transfers;
    private final CoachFunds funds;
    private final Ledger ledger;
    private final EntityManager entities;
    private final Clock clock;

    RefundBooks(TransactionBooks payments, TransferBooks transfers, CoachFunds funds, Ledger ledger, EntityManager entities,
            Clock clock) {
        this.payments = payments;
        this.transfers = transfers;
        this.funds = funds;
        this.ledger = ledger;
        this.entities = entities;
        this.clock = clock;
    }

    // ---- asking for one

    /**
     * Records a refund that a payment's coach or an administrator asks for. The caller holds the payment's lock.
     *
     * @param amount null for all that is left
     * @param reason for the books
     * @param request the id of the HTTP request, which has recorded nothing yet; null for one without a key
     * @param fromCoachFunds whether the coach's funds and permitted debt limit it
     * @throws RefundRefused.NotPaid when there is nothing to give back (409)
     * @throws RefundRefused.Disputed while the payer's bank holds the money (409)
     * @throws RefundRefused.ExceedsRemainder above what is left (422)
     * @throws RefundRefused.ExceedsCoachFunds above the coach's funds and permitted debt (422)
     * @throws MoneyRefused for an amount that Stripe does not move (422)
     */
    @Transactional(TxType.MANDATORY)
    Refund request(Transaction transaction, @Nullable Money amount, String reason, UUID requestedBy, @Nullable UUID request,
            boolean fromCoachFunds) {
        if (!transaction.isPaid()) {
            throw new RefundRefused.NotPaid();
        }
        if (disputed(transaction).open()) {
            throw new RefundRefused.Disputed();
        }
        Money wanted = amount == null ? remainderOf(transaction) : amount;
        requireMovable(transaction, wanted);
        if (fromCoachFunds) {
            funds.require(transaction, wanted);
        }
        return write(transaction, wanted, reason, requestedBy, request);
    }

    /**
     * Records the sum that is due to the payer of a payment, and requests the part of it that neither went back, nor is under
     * way, nor was taken by the payer's bank. Stripe is asked right after the database transaction. The sum stays due if that
     * fails. The caller holds the payment's lock.
     *
     * @param due at most the paid amount
     * @param reason for the books, such as {@code cancelled_by_coach}
     * @param requestedBy null for the service itself
     * @return the amount requested now, zero for nothing
     */
    @Transactional(TxType.MANDATORY)
    public Money owe(Transaction transaction, Money due, String reason, @Nullable UUID requestedBy) {
        transaction.owe(due, reason);
        Money rest = restDue(transaction);
        if (rest.isPositive()) {
            write(transaction, rest, reason, requestedBy, null);
        }
        return rest;
    }

    /**
     * Requests the rest of the sum that is due to a payer, unless a dispute is open. Called after a change such as a dispute's
     * end: what Stripe refused is requested once more. The caller holds the payment's lock.
     */
    @Transactional(TxType.MANDATORY)
    public void requestRest(Transaction transaction) {
        Money rest = restDue(transaction);
        if (rest.isPositive() && !disputed(transaction).open()) {
            write(transaction, rest, String.valueOf(transaction.refundDueReason()), null, null);
        }
    }

    /**
     * Withdraws a refund for an administrator. Its part of the sum that is due is due no more: the payer had it in another
     * way, or is not to have it. Both rows' locks are held.
     *
     * @throws RefundRefused.NotToBeDecided when Stripe has it, or it is withdrawn already (409)
     */
    @Transactional(TxType.MANDATORY)
    void withdraw(Transaction transaction, Refund refund, UUID by) {
        refund.withdraw(by, clock.instant());
        transaction.refundDue().ifPresent(due -> {
            Money missing = due.minus(live(transaction)).minus(disputed(transaction).lost());
            Money brought = missing.isGreaterThan(refund.amount()) ? refund.amount() : missing;
            if (brought.isPositive()) {
                transaction.owe(due.minus(brought), String.valueOf(transaction.refundDueReason()));
            }
        });
    }

    /** The sum that is due and that no refund or dispute brings to the payer. */
    private Money restDue(Transaction transaction) {
        Money gone = transaction.amount().minus(remainderOf(transaction));
        Money rest = transaction.refundDue().map(due -> due.minus(gone)).orElse(gone.negated());
        return rest.isNegative() ? Money.zero(rest.getCurrencyUnit()) : rest;
    }

    /**
     * Records that Stripe refused a refund. Stripe's refunds of the payment are applied first. If less is left than was asked
     * for, the sum that is due is requested again; a request beyond it stays refused.
     *
     * @param attempt the refused one; ignored where the refund has a later one
     * @param found all refunds of the payment that Stripe has
     * @param asked when Stripe was asked for them
     */
    @Transactional(TxType.MANDATORY)
    void refuse(UUID id, int attempt, StripeRefused.Reason why, @Nullable String message, List<StripeRefund> found,
            Instant asked) {
        Refund seen = Refund.<Refund> findByIdOptional(id).orElseThrow(() -> new NotFound("refund"));
        Transaction transaction = Transaction.locked(seen.transactionId()).orElseThrow();
        Refund refund = Refund.locked(id).orElseThrow();
        if (!refund.progress().isAt(attempt)) {
            return;
        }
        // Its part of the payment is free again for refunds that Stripe has made instead.
        refund.progress().refuse(why.code(), message);
        entities.flush();
        boolean crowded = false;
        for (StripeRefund told : found) {
            if (fits(transaction, told)) {
                apply(told, asked);
            } else {
                crowded = true;
            }
        }
        if (refund.status() == RefundStatus.REFUSED) {
            reckonAnew(transaction, refund, crowded);
        }
    }

    /** Whether the database accepts it: other requests of ours keep their part until Stripe has refused them as well. */
    private static boolean fits(Transaction transaction, StripeRefund told) {
        boolean counted = find(told).map(Refund::status).filter(RefundStatus::isLive).isPresent();
        boolean over = told.status() == StripeRefund.Status.FAILED || told.status() == StripeRefund.Status.CANCELED;
        return counted || over || !live(transaction).plus(told.amount()).isGreaterThan(transaction.amount());
    }

    /**
     * Requests again what is due after a refusal.
     *
     * @param crowded whether a refund of Stripe's does not fit beside other requests of ours; then this waits until Stripe has
     *        refused the last of those
     */
    private void reckonAnew(Transaction transaction, Refund refused, boolean crowded) {
        if (disputed(transaction).open()) {
            refused.progress().refuse(RefundProgress.DISPUTED, null);
            return;
        }
        if (crowded) {
            refused.progress().refuse(RefundProgress.TOO_MUCH, null);
            return;
        }
        if (refused.amount().isGreaterThan(remainderOf(transaction))) {
            refused.progress().refuse(RefundProgress.TOO_MUCH, null);
            requestRest(transaction);
        }
    }

    /**
     * Refuses a refund that no longer fits what is left of its payment, if it keeps no part of that; both rows' locks are
     * held.
     */
    @Transactional(TxType.MANDATORY)
    void requireRoom(Transaction transaction, Refund refund) {
        if (refund.status() != RefundStatus.REFUSED) {
            return;
        }
        if (disputed(transaction).open()) {
            throw new RefundRefused.Disputed();
        }
        Money remainder = remainderOf(transaction);
        if (refund.amount().isGreaterThan(remainder)) {
            throw new RefundRefused.ExceedsRemainder(remainder);
        }
    }

    /** The amount of a payment that can still go back: neither gone back, nor under way, nor taken by the payer's bank. */
    @Transactional(TxType.MANDATORY)
    public Money remainderOf(Transaction transaction) {
        Money left = transaction.amount().minus(disputed(transaction).withdrawn()).minus(live(transaction));
        return left.isNegative() ? Money.zero(left.getCurrencyUnit()) : left;
    }

    /** The amount of a payment that has gone back or is under way. */
    private static Money live(Transaction transaction) {
        return Money.total(transaction.amount().getCurrencyUnit(), Refund.of(transaction.id()).stream()
                .filter(refund -> refund.status().isLive()).map(Refund::amount).toList());
    }

    private Refund write(Transaction transaction, Money amount, String reason, @Nullable UUID requestedBy,
            @Nullable UUID request) {
        requireMovable(transaction, amount);
        Refund refund = Refund.of(transaction, amount, reason, requestedBy, request, clock.instant());
        refund.persist();
        return refund;
    }

    private void requireMovable(Transaction transaction, Money amount) {
        if (!amount.isSameCurrency(transaction.amount())) {
            throw new InvalidField("amount.currency", "must be " + transaction.amount().getCurrencyUnit() + ", as was paid");
        }
        StripeCurrencies.of(amount.getCurrencyUnit()).requireOnChargeUnit(amount);
        Money remainder = remainderOf(transaction);
        if (!amount.isPositive() || amount.isGreaterThan(remainder)) {
            throw new RefundRefused.ExceedsRemainder(remainder);
        }
    }

    /** The amount that the payer's bank took, whether that is still open, and the part that the payer keeps for good. */
    private record Disputed(Money withdrawn, boolean open, Money lost) {
    }

    private static Disputed disputed(Transaction transaction) {
        return new Disputed(transaction.disputedAmount(), transaction.isDisputed(), transaction.lostAmount());
    }

    // ---- Stripe's reports

    /**
     * Applies a refund of Stripe's. Its money is booked once it has a balance transaction, and booked back once its failure
     * has one, however late.
     *
     * @param asOf the event's time, or when Stripe was asked
     * @throws MissingParent when it belongs to no payment of ours
     */
    @Transactional(TxType.MANDATORY)
    public void apply(StripeRefund told, Instant asOf) {
        Transaction transaction = payment(told);
        Refund refund = find(told).orElseGet(() -> adopt(transaction, told));
        refund.apply(told, clock.instant());
        entities.flush();
        if (told.transferReversalId() != null) {
            transfers.link(told.transferReversalId(), refund.id());
        }
        Money refunded = transaction.refundedAmount();
        if (told.balanceTransactionId() != null
                && ledger.post(Postings.refunded(told.id(), told.amount(), told.created()).of(transaction.id()))) {
            refunded = refunded.plus(told.amount());
        }
        if (told.failureBalanceTransactionId() != null
                && ledger.post(Postings.refundFailed(told.id(), told.amount(), asOf).of(transaction.id()))) {
            refunded = refunded.minus(told.amount());
        }
        if (!refunded.isEqual(transaction.refundedAmount())) {
            payments.refunded(transaction, refunded);
        }
    }

    /**
     * Makes refunds that wait for funds due now, since funds have arrived.
     *
     * @param account the connected account that has them; null for the platform, whose funds any refund may wait for
     */
    @Transactional(TxType.MANDATORY)
    public void fundsArrived(@Nullable String account) {
        entities.createNativeQuery(TRY_NOW).setParameter(1, clock.instant()).setParameter(2, account).executeUpdate();
    }

    /** Whether all that a charge reports as refunded is in the books. */
    @Transactional(TxType.MANDATORY)
    boolean areBooked(StripeCharge told) {
        return entities.createNativeQuery("select refunded_amount from transactions where stripe_charge_id = ?1")
                .setParameter(1, told.id()).getResultStream().findFirst()
                .filter(booked -> ((BigDecimal) booked).compareTo(told.amountRefunded().getAmount()) >= 0).isPresent();
    }

    private static Transaction payment(StripeRefund told) {
        Optional<Transaction> paid = told.paymentIntentId() != null ? Transaction.locked(null, told.paymentIntentId())
                : Optional.ofNullable(told.chargeId()).flatMap(Transaction::lockedByCharge);
        return paid.orElseThrow(() -> new MissingParent("transaction of " + told.id()));
    }

    private static Optional<Refund> find(StripeRefund told) {
        Optional<Refund> known = Refund.<Refund> find("progress.stripeId", told.id())
                .withLock(LockModeType.PESSIMISTIC_WRITE).firstResultOptional();
        return known.isPresent() ? known : Optional.ofNullable(told.coachpayId()).flatMap(Refund::locked);
    }

    /**
     * Adopts a refund that was made in Stripe's dashboard. Where a request of ours has taken its place meanwhile, the database
     * accepts it only after Stripe has refused that request; until then the event is retried.
     */
    private Refund adopt(Transaction transaction, StripeRefund told) {
        Refund refund = Refund.of(transaction, told.amount(), Refund.DASHBOARD, null, null, clock.instant());
        // A failed one takes no place, so it is written as failed at once.
        refund.apply(told, clock.instant());
        refund.persist();
        return refund;
    }
}
