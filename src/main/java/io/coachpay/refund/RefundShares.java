package io.coachpay.refund;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.joda.money.Money;

import io.coachpay.money.StripeCurrencies;
import io.coachpay.payment.Transaction;
import io.coachpay.transfer.TransferStep;
import io.coachpay.transfer.TransferStep.Purpose;
import io.coachpay.transfer.TransferSteps;
import io.coachpay.transfer.Transfers;

/**
 * Who bears a refund. Stripe takes the coach's part and gives back the platform's with the refund itself; what that leaves, and
 * what a refund that failed in the end has taken, is moved by steps. Nothing is decided about a payment while such a step is
 * open, nor what is left with the coach while anything is on its way there or back, for a dispute say, nor while it is not sure
 * that Stripe has told all that came with its refunds.
 */
@ApplicationScoped
class RefundShares {

    /** Sooner when the step is concluded. */
    private static final Duration WHILE_OPEN = Duration.ofHours(1);
    private static final Duration WHILE_UNCERTAIN = Duration.ofMinutes(1);

    /** What coaches gave for each refund of a payment; a fee that the platform gave up for it is a part of that. */
    private static final String GIVEN = """
            select f.id, coalesce((select sum(r.amount) from transfer_reversals r where r.refund_id = f.id), 0)
                   + case when exists (select from ledger_journals j
                                        where j.kind = 'fee_forgone' and j.reference = f.stripe_refund_id)
                          then f.fee_forgone else 0 end
              from refunds f where f.transaction_id = ?1""";
    private static final String FEE_KEPT = """
            select coalesce(sum(e.amount), 0) from ledger_journals j
              join ledger_entries e on e.journal_id = j.id
              join ledger_accounts a on a.id = e.account_id and a.kind = 'platform_revenue'
             where j.transaction_id = ?1""";

    private final Transfers transfers;
    private final TransferSteps steps;
    private final RegainedFees fees;
    private final EntityManager entities;
    private final Clock clock;

    RefundShares(Transfers transfers, TransferSteps steps, RegainedFees fees, EntityManager entities, Clock clock) {
        this.transfers = transfers;
        this.steps = steps;
        this.fees = fees;
        this.entities = entities;
        this.clock = clock;
    }

    /**
     * Sees to what follows from a refund that has succeeded or failed; both rows' locks are held.
     *
     * @param told refunds of the payment of which all that came with them is known
     */
    @Transactional(TxType.MANDATORY)
    void settle(Transaction transaction, Refund refund, Set<UUID> told) {
        if (TransferStep.of(transaction.id()).stream().anyMatch(step -> holdsUp(step, refund))) {
            refund.checkNext(clock.instant().plus(WHILE_OPEN));
            return;
        }
        List<Refund> others = Refund.of(transaction.id()).stream()
                .filter(other -> other.status().isLive() && !other.id().equals(refund.id())).toList();
        switch (refund.status()) {
            case SUCCEEDED -> {
                takeRest(transaction, refund, others);
                refund.settle();
            }
            case FAILED, CANCELED -> {
                if (others.stream().anyMatch(other -> isUncertain(other, told))) {
                    refund.checkNext(clock.instant().plus(WHILE_UNCERTAIN));
                    return;
                }
                repay(transaction, refund, others);
                refund.settle();
            }
            case REQUESTED, REFUSED, PENDING, REQUIRES_ACTION -> {
            }
        }
    }

    /** What a failed refund took does not hang on what a dispute moves, which may itself wait for what is to be given back. */
    private static boolean holdsUp(TransferStep step, Refund refund) {
        return step.isOpen() && (step.refundId() != null || refund.status() == Refund.Status.SUCCEEDED);
    }

    /**
     * Whether Stripe may have made it without our knowing all that came with it. One that waits for funds it has not made, nor
     * is asked to: it may wait for just what is given back now.
     */
    private boolean isUncertain(Refund refund, Set<UUID> told) {
        return switch (refund.status()) {
            case REQUESTED -> !refund.restsAt(clock.instant());
            case SUCCEEDED -> refund.isUnsettled() && !told.contains(refund.id());
            case REFUSED, PENDING, REQUIRES_ACTION, FAILED, CANCELED -> false;
        };
    }

    // ---- after success

    /**
     * When all of a payment is refunded, what is left of its transfers and of its fee goes back too. Before that, and where the
     * platform alone paid a part, only what Stripe could not take for this refund, since it had been taken from the payment's
     * own transfer once and been given back by a later one. Where Stripe has refused to take anything, it is not asked again.
     */
    private void takeRest(Transaction transaction, Refund refund, List<Refund> others) {
        if (refund.isBorneAlone()) {
            return;
        }
        Transfers.Left left = transfers.leftOf(transaction);
        if (transaction.status() != Transaction.Status.REFUNDED || others.stream().anyMatch(Refund::isBorneAlone)) {
            if (!refund.reason().equals(Refund.DASHBOARD)) {
                takeFromLater(transaction, refund, left);
            }
            return;
        }
        if (others.stream().anyMatch(Refund::isUnsettled)) {
            // Whichever is settled last takes it: by then all that came with each of them is known.
            return;
        }
        takeAll(transaction, refund, left);
    }

    private void takeAll(Transaction transaction, Refund refund, Transfers.Left left) {
        left.parts().stream().filter(part -> part.left().isPositive())
                .forEach(part -> steps.reverse(part.transfer(), part.left(), Purpose.REFUND_REST, refund.id()));
        if (left.fee().isPositive()) {
            steps.refundFee(transaction, left.fee(), Purpose.REFUND_REST, refund.id());
        }
        forgo(transaction, refund, feeKept(transaction).minus(left.fee()), repayments(left).isEmpty());
    }

    private void takeFromLater(Transaction transaction, Refund refund, Transfers.Left left) {
        Money missing = refund.amount().minus(givenFor(transaction).getOrDefault(refund.id(), zero(transaction)));
        List<Transfers.Part> repayments = repayments(left);
        CoachShare.Given given = CoachShare.give(missing.isNegative() ? zero(transaction) : missing,
                repayments.stream().map(fees::of).toList(), feeKept(transaction).minus(left.fee()));
        boolean nothingTaken = true;
        for (int i = 0; i < repayments.size(); i++) {
            if (given.taken().get(i).isPositive()) {
                steps.reverse(repayments.get(i).transfer(), given.taken().get(i), Purpose.REFUND_REST, refund.id());
                nothingTaken = false;
            }
        }
        forgo(transaction, refund, given.feeForgone(), nothingTaken);
    }

    /** What gave back to the coach what had been taken before, as far as it is left. */
    private static List<Transfers.Part> repayments(Transfers.Left left) {
        return left.parts().stream().filter(part -> !part.transfer().isOfPayment() && part.left().isPositive()).toList();
    }

    private void forgo(Transaction transaction, Refund refund, Money fee, boolean atOnce) {
        refund.forgo(fee);
        if (atOnce) {
            fees.bookForgone(transaction, refund, clock.instant());
        }
    }

    // ---- after failure

    /**
     * Gives the coach back what a failed refund took, V − F: V is what was taken for it, gross, and F the fee that the platform
     * keeps again, see {@link CoachShare#feeRegained}. Where nothing was taken, nothing is given back. Stripe does not say for
     * which refund a fee went back, so a coach who got a fee and gave nothing for it keeps it.
     */
    private void repay(Transaction transaction, Refund refund, List<Refund> others) {
        Map<UUID, Money> gross = givenFor(transaction);
        Money taken = gross.getOrDefault(refund.id(), zero(transaction));
        Money standing = zero(transaction);
        for (Refund other : others) {
            standing = standing.plus(gross.getOrDefault(other.id(), zero(transaction)));
        }
        Money fee = CoachShare.feeRegained(transaction.split(), taken, standing, feeKept(transaction));
        refund.regain(fee);
        if (taken.isGreaterThan(fee)) {
            steps.send(transaction, taken.minus(fee), Purpose.REFUND_FAILED, refund.id());
        } else {
            fees.bookRegained(transaction, refund, clock.instant());
        }
    }

    private Money feeKept(Transaction transaction) {
        Object kept = entities.createNativeQuery(FEE_KEPT).setParameter(1, transaction.id()).getSingleResult();
        return StripeCurrencies.of(transaction.amount().getCurrencyUnit()).of((BigDecimal) kept);
    }

    private Map<UUID, Money> givenFor(Transaction transaction) {
        Map<UUID, Money> given = new HashMap<>();
        for (Object row : entities.createNativeQuery(GIVEN).setParameter(1, transaction.id()).getResultList()) {
            Object[] columns = (Object[]) row;
            given.put((UUID) columns[0],
                    StripeCurrencies.of(transaction.amount().getCurrencyUnit()).of((BigDecimal) columns[1]));
        }
        return given;
    }

    private static Money zero(Transaction transaction) {
        return Money.zero(transaction.amount().getCurrencyUnit());
    }
}
