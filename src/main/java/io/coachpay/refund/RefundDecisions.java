package io.coachpay.refund;

import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.InvalidField;
import io.coachpay.http.NotFound;
import io.coachpay.http.Paging;
import io.coachpay.http.Reference;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.payment.Transaction;
import io.coachpay.transfer.TransferSync;

/** What administrators decide about refunds that wait, that Stripe refused, or that failed after all. */
@ApplicationScoped
class RefundDecisions {

    private final Access access;
    private final Refunds refunds;
    private final RefundsAtStripe attempts;
    private final RefundSettlement shares;
    private final TransferSync transfers;
    private final Clock clock;

    RefundDecisions(Access access, Refunds refunds, RefundsAtStripe attempts, RefundSettlement shares, TransferSync transfers,
            Clock clock) {
        this.access = access;
        this.refunds = refunds;
        this.attempts = attempts;
        this.shares = shares;
        this.transfers = transfers;
        this.clock = clock;
    }

    /** One more than a page, of everybody's, newest first. */
    List<Refund> all(Refund.@Nullable Status status, Paging paging) {
        return access.asAdmin(() -> Refund.newest(status, paging.before(), paging.limit() + 1));
    }

    /**
     * Asks Stripe for it once more.
     *
     * @throws RefundRefused when Stripe has it, or it no longer fits what is left of the payment
     */
    Refund retry(Reference reference) {
        UUID me = access.userId();
        UUID id = decide(reference, refund -> refund.retry(me, clock.instant()));
        attempts.advance(id);
        return refunds.answer(id);
    }

    /**
     * Has the platform alone pay it, and asks Stripe for that.
     *
     * @throws RefundRefused when Stripe has it, is being asked for it, or it no longer fits what is left of the payment
     */
    Refund platformPays(Reference reference) {
        UUID me = access.userId();
        UUID id = decide(reference, refund -> refund.platformPays(me, clock.instant()));
        attempts.advance(id);
        return refunds.answer(id);
    }

    /**
     * Asks for it no more; what it holds of the payment is free again, and what it was to bring is no longer due.
     *
     * @throws RefundRefused when Stripe has it, or it is withdrawn already
     */
    Refund withdraw(Reference reference) {
        UUID me = access.userId();
        UUID id = looked(reference).id();
        refunds.withdraw(id, me);
        return refunds.answer(id);
    }

    /**
     * Gives the coach back so much of what a failed refund took, once; said again, nothing more happens.
     *
     * @param toCoach at most what it took; zero where nothing is due
     * @throws RefundRefused when it has not failed, took nothing, took less, or another sum was decided before
     */
    Refund repay(Reference reference, Money toCoach, String why) {
        UUID me = access.userId();
        Refund named = named(reference);
        transfers.sync(named.transactionId());
        access.runAsService(() -> {
            Transaction transaction = Transaction.locked(named.transactionId()).orElseThrow();
            Refund refund = Refund.locked(named.id()).orElseThrow();
            if (refund.isRepaidBySomebody(toCoach)) {
                return;
            }
            requireToBeRepaid(refund, toCoach);
            shares.repay(transaction, refund, toCoach);
            refund.decideRepayment(why, me, clock.instant());
        });
        return refunds.answer(named.id());
    }

    private void requireToBeRepaid(Refund refund, Money toCoach) {
        if (refund.repaid() != null) {
            throw new RefundRefused.NotToBeRepaid("The coach gets " + refund.repaid() + " back of it already");
        }
        if (!refund.isUndone()) {
            throw new RefundRefused.NotToBeRepaid("The refund is " + refund.status().column() + ", and has not failed");
        }
        if (refund.isUnsettled()) {
            throw new RefundRefused.NotToBeRepaid("What the refund took is not reckoned yet; try again in a minute or so");
        }
        if (!toCoach.isSameCurrency(refund.amount())) {
            throw new InvalidField("toCoach.currency", "must be " + refund.amount().getCurrencyUnit() + ", as was refunded");
        }
        StripeCurrencies.of(toCoach.getCurrencyUnit()).requireOnChargeUnit(toCoach);
        Money taken = shares.takenFor(refund);
        if (toCoach.isGreaterThan(taken)) {
            throw new RefundRefused.ExceedsTaken(taken);
        }
    }

    private Refund named(Reference reference) {
        return access.asAdmin(() -> Refund.named(reference).orElseThrow(() -> new NotFound("refund")));
    }

    /** Stripe may have made it without our knowing: that is found out first. */
    private Refund looked(Reference reference) {
        Refund named = named(reference);
        attempts.find(named.id());
        return named;
    }

    private UUID decide(Reference reference, Consumer<Refund> decision) {
        Refund named = looked(reference);
        access.runAsService(() -> {
            Transaction transaction = Transaction.locked(named.transactionId()).orElseThrow();
            Refund refund = Refund.locked(named.id()).orElseThrow();
            refunds.requireRoom(transaction, refund);
            decision.accept(refund);
        });
        return named.id();
    }
}
