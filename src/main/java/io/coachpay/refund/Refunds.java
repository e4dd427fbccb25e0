package io.coachpay.refund;

import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.InvalidField;
import io.coachpay.http.NotFound;
import io.coachpay.http.Paging;
import io.coachpay.http.Reference;
import io.coachpay.http.RequestKey;
import io.coachpay.money.MoneyRefused;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionQueries;
import io.coachpay.payment.Transactions;
import io.coachpay.transfer.TransferSync;

/**
 * The door to refunds: requests by coaches and administrators, reads for all who may see the payment, and administrators'
 * decisions about refunds that wait, were refused or failed.
 */
@ApplicationScoped
public class Refunds {

    private final Access access;
    private final Transactions transactions;
    private final RefundBooks books;
    private final RefundsAtStripe atStripe;
    private final RefundSettlement settlement;
    private final TransferSync transfers;
    private final RequestKey requestKey;
    private final Clock clock;

    Refunds(Access access, Transactions transactions, RefundBooks books, RefundsAtStripe atStripe, RefundSettlement settlement,
            TransferSync transfers, RequestKey requestKey, Clock clock) {
        this.access = access;
        this.transactions = transactions;
        this.books = books;
        this.atStripe = atStripe;
        this.settlement = settlement;
        this.transfers = transfers;
        this.requestKey = requestKey;
        this.clock = clock;
    }

    /**
     * Requests a refund for a payment's coach or an administrator: recorded first, once however often the request is sent,
     * then asked of Stripe. If Stripe is away it stays requested and is retried until Stripe answers.
     *
     * @param amount null for all that is left
     * @param reason for the books
     * @return its state now; events bring later states
     * @throws RefundRefused when it cannot go back, by our books or by Stripe's (409, 422)
     * @throws MoneyRefused for an amount that Stripe does not move (422)
     */
    public Refund request(UUID transactionId, @Nullable Money amount, String reason) {
        UUID me = access.userId();
        Transaction seen = transactions.mineOrAnybodysAsAdmin(transactionId);
        if (!access.isAdmin() && !me.equals(seen.terms().coachId())) {
            throw new NotFound("transaction");
        }
        UUID request = requestKey.id();
        UUID id = access.asService(() -> {
            Transaction transaction = TransactionQueries.locked(transactionId).orElseThrow(() -> new NotFound("transaction"));
            Optional<Refund> begun = request == null ? Optional.empty()
                    : Refund.find("requestId", request).firstResultOptional();
            return begun.orElseGet(() -> books.request(transaction, amount, reason, me, request, !access.isAdmin())).id();
        });
        atStripe.advance(id);
        return answer(id);
    }

    /** Returns a refund that was requested a moment ago, or throws the reason that Stripe gave against it. */
    private Refund answer(UUID id) {
        return access.asService(() -> {
            Refund refund = Refund.<Refund> findByIdOptional(id).orElseThrow(() -> new NotFound("refund"));
            if (refund.status() == RefundStatus.REFUSED && RefundProgress.TOO_MUCH.equals(refund.failureCode())) {
                throw new RefundRefused.ExceedsRemainder(books.remainderOf(Transaction.findById(refund.transactionId())));
            }
            if (refund.status() == RefundStatus.REFUSED && RefundProgress.DISPUTED.equals(refund.failureCode())) {
                throw new RefundRefused.Disputed();
            }
            return refund;
        });
    }

    /** Returns the refunds of payments that the caller may see, by payment, oldest first. */
    public Map<UUID, List<RefundView>> of(Collection<UUID> transactionIds) {
        List<Refund> all = access.isAdmin() ? access.asAdmin(() -> Refund.of(transactionIds)) : own(transactionIds);
        return all.stream().collect(
                Collectors.groupingBy(Refund::transactionId, Collectors.mapping(RefundView::of, Collectors.toList())));
    }

    @Transactional
    List<Refund> own(Collection<UUID> transactionIds) {
        return Refund.of(transactionIds);
    }

    // ---- administrators' decisions

    /** Returns one more than a page, of all payments, newest first. */
    List<Refund> all(@Nullable RefundStatus status, Paging paging) {
        UUID before = paging.before();
        return access.asAdmin(() -> (status == null ? Refund.find("id < ?1 order by id desc", before)
                : Refund.find("progress.status = ?1 and id < ?2 order by id desc", status, before))
                .<Refund> page(0, paging.limit() + 1).list());
    }

    /**
     * Asks Stripe for a refund again.
     *
     * @throws RefundRefused when Stripe has it, or it no longer fits what is left of the payment
     */
    Refund retry(Reference reference) {
        UUID me = access.userId();
        UUID id = decide(reference, refund -> refund.retry(me, clock.instant()));
        atStripe.advance(id);
        return answer(id);
    }

    /**
     * Has the platform alone pay a refund, and asks Stripe for that.
     *
     * @throws RefundRefused when Stripe has it, is being asked for it, or it no longer fits what is left of the payment
     */
    Refund platformPays(Reference reference) {
        UUID me = access.userId();
        UUID id = decide(reference, refund -> refund.platformPays(me, clock.instant()));
        atStripe.advance(id);
        return answer(id);
    }

    /**
     * Withdraws a refund: its part of the payment is free again, and no longer due.
     *
     * @throws RefundRefused when Stripe has it, or it is withdrawn already
     */
    Refund withdraw(Reference reference) {
        UUID me = access.userId();
        Refund named = looked(reference);
        access.runAsService(() -> {
            Transaction transaction = TransactionQueries.locked(named.transactionId()).orElseThrow();
            books.withdraw(transaction, Refund.locked(named.id()).orElseThrow(), me);
        });
        return answer(named.id());
    }

    /**
     * Gives the coach back a part of the money that a failed refund took, once; a repeated call changes nothing.
     *
     * @param toCoach at most what it took; zero where nothing is due
     * @throws RefundRefused when it has not failed, took nothing, took less, or another sum was decided before
     */
    Refund repay(Reference reference, Money toCoach, String why) {
        UUID me = access.userId();
        Refund named = named(reference);
        transfers.sync(named.transactionId());
        access.runAsService(() -> {
            Transaction transaction = TransactionQueries.locked(named.transactionId()).orElseThrow();
            Refund refund = Refund.locked(named.id()).orElseThrow();
            if (refund.isRepaidBySomebody(toCoach)) {
                return;
            }
            requireToBeRepaid(refund, toCoach);
            settlement.repay(transaction, refund, toCoach);
            refund.decideRepayment(why, me, clock.instant());
        });
        return answer(named.id());
    }

    private void requireToBeRepaid(Refund refund, Money toCoach) {
        if (refund.repaid() != null) {
            throw new RefundRefused.NotToBeRepaid("The coach already gets " + refund.repaid() + " of it back");
        }
        if (!refund.status().isUndone()) {
            throw new RefundRefused.NotToBeRepaid("The refund is " + refund.status().column() + ", and has not failed");
        }
        if (refund.isUnsettled()) {
            throw new RefundRefused.NotToBeRepaid(
                    "The amount that the refund took is not known yet; try again in a minute or so");
        }
        if (!toCoach.isSameCurrency(refund.amount())) {
            throw new InvalidField("toCoach.currency", "must be " + refund.amount().getCurrencyUnit() + ", as was refunded");
        }
        StripeCurrencies.of(toCoach.getCurrencyUnit()).requireOnChargeUnit(toCoach);
        Money taken = settlement.takenFor(refund);
        if (toCoach.isGreaterThan(taken)) {
            throw new RefundRefused.ExceedsTaken(taken);
        }
    }

    private Refund named(Reference reference) {
        return access.asAdmin(() -> reference.find(id -> Refund.<Refund> findByIdOptional(id),
                stripeId -> Refund.<Refund> find("progress.stripeId", stripeId).firstResultOptional())
                .orElseThrow(() -> new NotFound("refund")));
    }

    /** Refreshes a refund first: Stripe may have made it without our knowledge. */
    private Refund looked(Reference reference) {
        Refund named = named(reference);
        atStripe.find(named.id());
        return named;
    }

    private UUID decide(Reference reference, Consumer<Refund> decision) {
        Refund named = looked(reference);
        access.runAsService(() -> {
            Transaction transaction = TransactionQueries.locked(named.transactionId()).orElseThrow();
            Refund refund = Refund.locked(named.id()).orElseThrow();
            books.requireRoom(transaction, refund);
            decision.accept(refund);
        });
        return named.id();
    }
}
