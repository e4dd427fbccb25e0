package io.coachpay.refund;

import java.time.Clock;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.InvalidField;
import io.coachpay.money.MoneyRefused;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.payment.Transaction;

/**
 * Writes the refunds that are asked for, before Stripe is asked; {@link RefundReportBooks} books Stripe's reports. Every verb
 * joins the caller's database transaction, and none calls Stripe.
 */
@ApplicationScoped
public class RefundBooks {

    /** Skips locked rows: a worker that is busy with a refund sets its next try itself. */
    private static final String TRY_NOW = """
            update refunds set check_at = ?1
             where id in (select r.id from refunds r join transactions t on t.id = r.transaction_id
                           where r.status = 'requested' and r.check_at > ?1
                             and (cast(?2 as text) is null or t.destination_account = ?2) for update of r skip locked)""";

    private final CoachFunds funds;
    private final CreditRefunds credits;
    private final EntityManager entities;
    private final Clock clock;

    RefundBooks(CoachFunds funds, CreditRefunds credits, EntityManager entities, Clock clock) {
        this.funds = funds;
        this.credits = credits;
        this.entities = entities;
        this.clock = clock;
    }

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
     * @throws RefundRefused.CoachBeingPaid of credits, while the coach's transfer may be made (409)
     * @throws MoneyRefused for an amount that Stripe does not move (422)
     */
    @Transactional(TxType.MANDATORY)
    Refund request(Transaction transaction, @Nullable Money amount, String reason, UUID requestedBy, @Nullable UUID request,
            boolean fromCoachFunds) {
        if (!transaction.status().isPaid()) {
            throw new RefundRefused.NotPaid();
        }
        if (disputed(transaction).open()) {
            throw new RefundRefused.Disputed();
        }
        Money wanted = amount == null ? remainderOf(transaction) : amount;
        requireMovable(transaction, wanted);
        if (transaction.isWithCredits()) {
            credits.hold(transaction);
        }
        if (fromCoachFunds && transaction.credits().deferred().isZero()) {
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
        transaction.amounts().owe(due, reason);
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
            write(transaction, rest, String.valueOf(transaction.amounts().dueReason()), null, null);
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
        transaction.amounts().due().ifPresent(due -> {
            Money missing = due.minus(live(transaction)).minus(disputed(transaction).lost());
            Money brought = missing.isGreaterThan(refund.amount()) ? refund.amount() : missing;
            if (brought.isPositive()) {
                transaction.amounts().owe(due.minus(brought), String.valueOf(transaction.amounts().dueReason()));
            }
        });
    }

    /** The sum that is due and that no refund or dispute brings to the payer. */
    private Money restDue(Transaction transaction) {
        Money gone = transaction.amount().minus(remainderOf(transaction));
        Money rest = transaction.amounts().due().map(due -> due.minus(gone)).orElse(gone.negated());
        return rest.isNegative() ? Money.zero(rest.getCurrencyUnit()) : rest;
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
    static Money live(Transaction transaction) {
        return Money.total(transaction.amount().getCurrencyUnit(), Refund.of(transaction.id()).stream()
                .filter(refund -> refund.status().isLive()).map(Refund::amount).toList());
    }

    private Refund write(Transaction transaction, Money amount, String reason, @Nullable UUID requestedBy,
            @Nullable UUID request) {
        requireMovable(transaction, amount);
        Refund refund = Refund.of(transaction, amount, reason, requestedBy, request, clock.instant());
        if (transaction.isWithCredits()) {
            refund.progress().give();
        }
        refund.persist();
        if (transaction.isWithCredits()) {
            credits.give(transaction, refund);
        }
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
        return new Disputed(transaction.amounts().disputed(), transaction.amounts().isDisputed(), transaction.amounts().lost());
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
}
