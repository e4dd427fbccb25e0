package io.coachpay.refund;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.joda.money.Money;

import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;
import io.coachpay.payment.Transaction;
import io.coachpay.transfer.StepConcluded;
import io.coachpay.transfer.StepGivenUp;
import io.coachpay.transfer.Transfer;
import io.coachpay.transfer.TransferStep;
import io.coachpay.transfer.TransferStep.Purpose;
import io.coachpay.transfer.Transfers;

/**
 * The fee that the platform regains after a failed refund, with the transfer that repays the coach or the reversal that takes
 * back what the coach got too much, and gives up again when that transfer is reversed for another refund. Each is booked in the
 * transaction that books what Stripe has made.
 */
@ApplicationScoped
class RegainedFees {

    private final Ledger ledger;
    private final Clock clock;

    RegainedFees(Ledger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** What a transfer gave back to the coach, and what of the fee the platform regained with it. */
    @Transactional(TxType.MANDATORY)
    CoachShare.Repayment of(Transfers.Part part) {
        Transfer transfer = part.transfer();
        Money fee = TransferStep.of(transfer.transactionId()).stream()
                .filter(step -> step.purpose() == Purpose.REFUND_FAILED && transfer.stripeId().equals(step.stripeId()))
                .findFirst().flatMap(RegainedFees::refund).map(Refund::feeRegained)
                .orElse(Money.zero(transfer.amount().getCurrencyUnit()));
        return new CoachShare.Repayment(transfer.amount(), fee, part.left());
    }

    /** Books what the platform keeps again of its fee, if anything. */
    @Transactional(TxType.MANDATORY)
    void bookRegained(Transaction transaction, Refund refund, Instant at) {
        if (refund.feeRegained().isPositive()) {
            ledger.post(Postings.feeRegained(stripeId(refund), refund.feeRegained(), at).of(transaction.id()));
        }
    }

    /** Books what the platform gives up again for a refund, if anything. */
    @Transactional(TxType.MANDATORY)
    void bookForgone(Transaction transaction, Refund refund, Instant at) {
        if (refund.feeForgone().isPositive()) {
            ledger.post(Postings.feeForgone(stripeId(refund), refund.feeForgone(), at).of(transaction.id()));
        }
    }

    /** What follows when Stripe has made what a step of a refund asked for. */
    void follow(@Observes StepConcluded done) {
        switch (done.step().purpose()) {
            case REFUND_FAILED -> refund(done.step()).ifPresent(refund -> bookRegained(done.transaction(), refund, done.at()));
            case REFUND_REST -> forgo(done);
            case DISPUTE_RECOVERY, DISPUTE_WON -> {
            }
        }
        Refund.wake(done.transaction().id(), clock.instant());
    }

    /** Nor need anybody wait for what does not come. */
    void follow(@Observes StepGivenUp step) {
        Refund.wake(step.transaction().id(), clock.instant());
    }

    /** With the first reversal of a transfer that repaid the coach; the payment's own transfer has nothing to do with it. */
    private void forgo(StepConcluded done) {
        UUID reversed = done.step().transferId();
        if (reversed == null || Transfer.<Transfer> findById(reversed).isOfPayment()) {
            return;
        }
        refund(done.step()).ifPresent(refund -> bookForgone(done.transaction(), refund, done.at()));
    }

    private static Optional<Refund> refund(TransferStep step) {
        return Optional.ofNullable(step.refundId()).flatMap(Refund::locked);
    }

    private static String stripeId(Refund refund) {
        String stripeId = refund.stripeId();
        if (stripeId == null) {
            throw new IllegalStateException("Refund " + refund.id() + " has ended, but nobody knows as what");
        }
        return stripeId;
    }
}
