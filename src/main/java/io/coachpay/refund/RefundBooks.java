package io.coachpay.refund;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
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
 * What our books hold about refunds: written down before Stripe is asked, and booked as Stripe tells it. Every verb runs inside
 * the caller's database transaction, and none calls Stripe.
 */
@ApplicationScoped
public class RefundBooks {

    /** Whoever works on a refund at this moment says itself when it is tried next. */
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
     * Writes down a refund that the coach of a payment asks for, or an administrator. The caller holds the payment's lock.
     *
     * @param amount null for all that is left
     * @param reason for the books
     * @param request the request that asks, which has written nothing down yet; null for one without a key
     * @param fromCoachFunds whether it may be no more than the coach has or may owe
     * @throws RefundRefused.NotPaid when there is nothing to give back (409)
     * @throws RefundRefused.Disputed while the payer's bank holds the money (409)
     * @throws RefundRefused.ExceedsRemainder above what is left (422)
     * @throws RefundRefused.ExceedsCoachFunds above what the coach has or may owe (422)
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
     * Writes down what the payer is to have back of a payment in all, and asks for what of that neither went back, nor is on
     * its way, nor was taken by the payer's bank; Stripe is asked right after the running transaction has ended. It stays due
     * whatever becomes of that. The caller holds the payment's lock.
     *
     * @param due at most what was paid
     * @param reason for the books, such as {@code cancelled_by_coach}
     * @param requestedBy null for the service itself
     * @return what is asked for now, zero for nothing
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
     * Asks for what a payer is still to have back of a payment, as far as the bank lets us. For whoever knows that something
     * has changed, such as a dispute's end: what Stripe refused is asked for once more. The caller holds the payment's lock.
     */
    @Transactional(TxType.MANDATORY)
    public void requestRest(Transaction transaction) {
        Money rest = restDue(transaction);
        if (rest.isPositive() && !disputed(transaction).open()) {
            write(transaction, rest, String.valueOf(transaction.refundDueReason()), null, null);
        }
    }

    /**
     * An administrator wants a refund no more. What it was to bring of the sum that is due is due no more either: the payer had
     * it in another way, or is not to have it. Both rows' locks are held.
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

    /** What of the sum that is due nothing brings to the payer. */
    private Money restDue(Transaction transaction) {
        Money gone = transaction.amount().minus(remainderOf(transaction));
        Money rest = transaction.refundDue().map(due -> due.minus(gone)).orElse(gone.negated());
        return rest.isNegative() ? Money.zero(rest.getCurrencyUnit()) : rest;
    }

    /**
     * Stripe refused a refund. What it has of the payment is taken over first, and if that leaves less than was asked for,
     * what is due is asked for anew; a wish beyond what is due has simply come too late.
     *
     * @param attempt which Stripe refused; where the refund has gone on from it, nothing is concluded
     * @param found all refunds of the payment that Stripe has
     * @param asked when it was asked for them
     */
    @Transactional(TxType.MANDATORY)
    void refuse(UUID id, int attempt, StripeRefused.Reason why, @Nullable String message, List<StripeRefund> found,
            Instant asked) {
        Refund seen = Refund.<Refund> findByIdOptional(id).orElseThrow(() -> new NotFound("refund"));
        Transaction transaction = Transaction.locked(seen.transactionId()).orElseThrow();
        Refund refund = Refund.locked(id).orElseThrow();
        if (!refund.isAt(attempt)) {
            return;
        }
        // What it holds of the payment is free again for what Stripe has made instead.
        refund.refuse(why.code(), message);
        entities.flush();
        boolean crowded = false;
        for (StripeRefund told : found) {
            if (fits(transaction, told)) {
                apply(told, asked);
            } else {
                crowded = true;
            }
        }
        if (refund.status() == Refund.Status.REFUSED) {
            reckonAnew(transaction, refund, crowded);
        }
    }

    /** Whether the database lets it in: what others of ours ask for holds its place until Stripe has refused them as well. */
    private static boolean fits(Transaction transaction, StripeRefund told) {
        boolean counted = find(told).map(Refund::status).filter(Refund.Status::isLive).isPresent();
        boolean over = told.status() == StripeRefund.Status.FAILED || told.status() == StripeRefund.Status.CANCELED;
        return counted || over || !live(transaction).plus(told.amount()).isGreaterThan(transaction.amount());
    }

    /**
     * @param crowded whether Stripe has one that does not fit in beside what others of ours ask for; what is due is reckoned
     *        when Stripe has refused the last of those
     */
    private void reckonAnew(Transaction transaction, Refund refused, boolean crowded) {
        if (disputed(transaction).open()) {
            refused.refuse(Refund.DISPUTED, null);
            return;
        }
        if (crowded) {
            refused.refuse(Refund.TOO_MUCH, null);
            return;
        }
        if (refused.amount().isGreaterThan(remainderOf(transaction))) {
            refused.refuse(Refund.TOO_MUCH, null);
            requestRest(transaction);
        }
    }

    /**
     * Whether a refund still fits what is left of its payment, where it holds nothing of that any more; both rows' locks are
     * held.
     */
    @Transactional(TxType.MANDATORY)
    void requireRoom(Transaction transaction, Refund refund) {
        if (refund.status() != Refund.Status.REFUSED) {
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

    /** How much of a payment can still go back: what neither did, nor is on its way, nor was taken by the payer's bank. */
    @Transactional(TxType.MANDATORY)
    public Money remainderOf(Transaction transaction) {
        Money left = transaction.amount().minus(disputed(transaction).withdrawn()).minus(live(transaction));
        return left.isNegative() ? Money.zero(left.getCurrencyUnit()) : left;
    }

    /** What of a payment has gone back, or is on its way. */
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

    /** What the payer's bank took, whether that is still open, and what of it the payer keeps for good. */
    private record Disputed(Money withdrawn, boolean open, Money lost) {
    }

    private static Disputed disputed(Transaction transaction) {
        return new Disputed(transaction.disputedAmount(), transaction.isDisputed(), transaction.lostAmount());
    }

    // ---- what Stripe tells

    /**
     * Takes over what Stripe says about a refund. Its money is booked once it has a balance transaction, and booked back once
     * it has another for its failure, however late that is.
     *
     * @param asOf when it was so: the event's time, or when Stripe was asked
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
     * Funds have arrived: refunds that wait for them are asked for now.
     *
     * @param account the connected account that has them; null for the platform, whose funds any refund may wait for
     */
    @Transactional(TxType.MANDATORY)
    public void fundsArrived(@Nullable String account) {
        entities.createNativeQuery(TRY_NOW).setParameter(1, clock.instant()).setParameter(2, account).executeUpdate();
    }

    /** Whether all that a charge tells to have gone back stands in the books. */
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
        Optional<Refund> known = Refund.lockedByStripeId(told.id());
        return known.isPresent() ? known : Optional.ofNullable(told.coachpayId()).flatMap(Refund::locked);
    }

    /**
     * Somebody made it in Stripe's dashboard: it is ours all the same. Where a request of ours has taken its place meanwhile,
     * the database lets it in only when Stripe has refused that one; the event is tried again until then.
     */
    private Refund adopt(Transaction transaction, StripeRefund told) {
        Refund refund = Refund.of(transaction, told.amount(), Refund.DASHBOARD, null, null, clock.instant());
        // One that has failed already takes nobody's place, so it is written as that.
        refund.apply(told, clock.instant());
        refund.persist();
        return refund;
    }
}
