package io.coachpay.dispute;

import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

import jakarta.enterprise.context.ApplicationScoped;

import org.joda.money.Money;

import io.coachpay.money.Share;
import io.coachpay.money.Split;
import io.coachpay.payment.Transaction;
import io.coachpay.transfer.TransferBooks;
import io.coachpay.transfer.TransferRequest;
import io.coachpay.transfer.TransferRequest.Purpose;
import io.coachpay.transfer.TransferRequestBooks;

/**
 * Recovers the coach's share of disputed money: the share of all disputes of a payment together, less the transfer requests
 * made so far. So neither the order in which disputes are opened, won and lost matters, nor how often this runs.
 */
@ApplicationScoped
class Recoveries {

    private final TransferRequestBooks steps;
    private final TransferBooks transfers;
    private final DisputeSettings settings;

    Recoveries(TransferRequestBooks steps, TransferBooks transfers, DisputeSettings settings) {
        this.steps = steps;
        this.transfers = transfers;
        this.settings = settings;
    }

    /**
     * Requests what the coach still owes for disputes of this payment, or sends back what was taken in excess. The caller
     * holds the payment's lock.
     *
     * @param cause the dispute that changed
     * @return false if it has to run again: the payment's transfer is not known yet, or the money to take is still on its way
     *         to the coach
     */
    boolean settle(Transaction payment, UUID cause) {
        Money due = due(payment);
        if (due.isZero()) {
            return true;
        }
        // Open requests in the other direction are no longer needed.
        Purpose opposite = due.isPositive() ? Purpose.DISPUTE_WON : Purpose.DISPUTE_RECOVERY;
        of(payment, opposite).stream().filter(TransferRequest::isOpen).forEach(step -> steps.withdraw(payment, step));
        due = due(payment);
        if (due.isNegative()) {
            send(payment, due.negated().minus(refused(payment, Purpose.DISPUTE_WON)), cause);
            return true;
        }
        return !settings.recoverFromCoach()
                || recover(payment, due.minus(refused(payment, Purpose.DISPUTE_RECOVERY)), cause);
    }

    /** The amount that the coach owes; negative when the coach has given more. */
    private Money due(Transaction payment) {
        Money taken = sum(payment, Purpose.DISPUTE_RECOVERY, Recoveries::counts);
        Money given = sum(payment, Purpose.DISPUTE_WON, Recoveries::counts);
        return share(payment).minus(taken).plus(given);
    }

    private static Money share(Transaction payment) {
        Money withdrawn = Money.total(payment.amount().getCurrencyUnit(),
                Dispute.of(payment.id()).stream().map(Dispute::withdrawnAmount).toList());
        return share(payment.amounts().split(), payment.amounts().refunded(), withdrawn);
    }

    /**
     * The coach's share of all disputes together: {@code payout × min(withdrawn, price − refunded) / price}. Of refunded money
     * the coach has given the share back already.
     */
    static Money share(Split split, Money refunded, Money withdrawn) {
        Money most = split.price().minus(refunded);
        return Share.of(split.payout(), withdrawn.isGreaterThan(most) ? most : withdrawn, split.price());
    }

    private boolean recover(Transaction payment, Money due, UUID cause) {
        Money left = due;
        List<TransferBooks.Part> parts = transfers.leftOf(payment).parts();
        for (TransferBooks.Part part : parts) {
            Money amount = part.left().isLessThan(left) ? part.left() : left;
            if (amount.isPositive()) {
                steps.reverse(part.transfer(), amount, Purpose.DISPUTE_RECOVERY, cause);
                left = left.minus(amount);
            }
        }
        return !parts.isEmpty() && (left.isZero() || !isMoreOnItsWay(payment));
    }

    private static boolean isMoreOnItsWay(Transaction payment) {
        return TransferRequest.of(payment.id()).stream()
                .anyMatch(step -> step.isOpen() && step.kind() == TransferRequest.Kind.TRANSFER);
    }

    private void send(Transaction payment, Money due, UUID cause) {
        if (due.isPositive()) {
            steps.send(payment, due, Purpose.DISPUTE_WON, cause);
        }
    }

    /** The amount that Stripe refused for good; it is not requested again, and the platform bears it. */
    private static Money refused(Transaction payment, Purpose purpose) {
        return sum(payment, purpose, step -> !counts(step) && !step.isWithdrawn());
    }

    /** Whether Stripe has made it, or may still do so. */
    private static boolean counts(TransferRequest step) {
        return step.isOpen() || step.stripeId() != null;
    }

    private static Money sum(Transaction payment, Purpose purpose, Predicate<TransferRequest> which) {
        return Money.total(payment.amount().getCurrencyUnit(),
                of(payment, purpose).stream().filter(which).map(TransferRequest::amount).toList());
    }

    private static List<TransferRequest> of(Transaction payment, Purpose purpose) {
        return TransferRequest.of(payment.id()).stream().filter(step -> step.purpose() == purpose).toList();
    }
}
