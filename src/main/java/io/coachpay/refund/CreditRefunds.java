package io.coachpay.refund;

import java.time.Clock;
import java.time.Instant;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.joda.money.Money;

import io.coachpay.coach.CoachProfile;
import io.coachpay.ledger.CreditPostings;
import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;
import io.coachpay.ledger.Wallet;
import io.coachpay.ledger.Wallets;
import io.coachpay.money.Credits;
import io.coachpay.money.Split;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionBooks;
import io.coachpay.transfer.CreditTransfers;
import io.coachpay.transfer.Transfer;
import io.coachpay.transfer.TransferBooks;
import io.coachpay.transfer.TransferRequest.Purpose;
import io.coachpay.transfer.TransferRequestBooks;

/**
 * Refunds sessions that were paid with credits, at once and without Stripe: while they are deferred, from there; once the coach
 * was paid, by a reversal of that transfer and the platform's part of the fee.
 */
@ApplicationScoped
class CreditRefunds {

    private final Wallets wallets;
    private final TransactionBooks payments;
    private final CreditTransfers coaches;
    private final TransferBooks transfers;
    private final TransferRequestBooks steps;
    private final Ledger ledger;
    private final Clock clock;

    CreditRefunds(Wallets wallets, TransactionBooks payments, CreditTransfers coaches, TransferBooks transfers,
            TransferRequestBooks steps, Ledger ledger, Clock clock) {
        this.wallets = wallets;
        this.payments = payments;
        this.coaches = coaches;
        this.transfers = transfers;
        this.steps = steps;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Locks what a refund changes, in the order of all writers: the session, then the profiles of coach and payer. */
    @Transactional(TxType.MANDATORY)
    void hold(Transaction payment) {
        payments.holdBought(payment);
        CoachProfile.hold(Set.of(payment.coachId(), payment.terms().payerId()));
    }

    /**
     * Gives credits back for a refund that is written. The payment's lock is held.
     *
     * @throws RefundRefused.CoachBeingPaid while Stripe may be making the coach's transfer (409)
     */
    @Transactional(TxType.MANDATORY)
    void give(Transaction payment, Refund refund) {
        hold(payment);
        boolean deferred = !payment.credits().deferred().isZero();
        boolean requested = deferred && coaches.isRequested(payment);
        if (requested && !coaches.withdraw(payment)) {
            throw new RefundRefused.CoachBeingPaid();
        }
        Split before = payment.amounts().split().left(payment.amounts().refunded());
        payments.refunded(payment, payment.amounts().refunded().plus(refund.amount()));
        Split after = payment.amounts().split().left(payment.amounts().refunded());
        Wallet wallet = wallets.hold(payment.terms().payerId());
        if (deferred) {
            giveDeferred(payment, refund, wallet);
        } else {
            giveEarned(payment, refund, before, after, wallet);
        }
        if (requested) {
            coaches.request(payment);
        }
    }

    private void giveDeferred(Transaction payment, Refund refund, Wallet wallet) {
        Credits credits = Credits.of(refund.amount());
        payment.credits().settle(credits);
        ledger.post(CreditPostings
                .creditsReturned(refund.id().toString(), payment.terms().payerId(), credits, wallet, clock.instant())
                .of(payment.id()));
    }

    private void giveEarned(Transaction payment, Refund refund, Split before, Split after, Wallet wallet) {
        Instant now = clock.instant();
        ledger.post(CreditPostings
                .creditsRefunded(refund.id().toString(), payment.terms().payerId(), Credits.of(refund.amount()), wallet,
                        now)
                .of(payment.id()));
        Money fee = before.fee().minus(after.fee());
        if (fee.isPositive()) {
            ledger.post(Postings.feeForgone(refund.id().toString(), fee, now).of(payment.id()));
        }
        Money taken = before.payout().minus(after.payout());
        for (TransferBooks.Part part : transfers.leftOf(payment).parts()) {
            Money amount = part.left().isLessThan(taken) ? part.left() : taken;
            if (amount.isPositive()) {
                reverse(part.transfer(), amount, refund);
                taken = taken.minus(amount);
            }
        }
    }

    private void reverse(Transfer transfer, Money amount, Refund refund) {
        steps.reverse(transfer, amount, Purpose.CREDIT_REFUND, refund.id());
    }
}
