package io.coachpay.session;

import java.time.Clock;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jspecify.annotations.Nullable;

import io.coachpay.dispute.Dispute;
import io.coachpay.dispute.DisputeChanged;
import io.coachpay.payment.PaymentChanged;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.Transaction.Status;
import io.coachpay.refund.RefundBooks;

/**
 * What becomes of a session when something becomes of its payment, in the transaction that is told of it. The payment's lock is
 * held by then, and the session's follows. Money that has come buys the session, or goes back; what is held does neither.
 */
@ApplicationScoped
class PaidSessions {

    private final RefundBooks refunds;
    private final Clock clock;

    PaidSessions(RefundBooks refunds, Clock clock) {
        this.refunds = refunds;
        this.clock = clock;
    }

    /** What a payment's change means for its session, in the same transaction. */
    void on(@Observes PaymentChanged change) {
        Transaction transaction = change.transaction();
        boolean paidNow = transaction.status() == Status.COMPLETED && change.before() != Status.PARTIALLY_REFUNDED
                && change.before() != Status.REFUNDED;
        if (transaction.isSurplus()) {
            if (paidNow) {
                refunds.owe(transaction, transaction.amount(), "paid_twice", null);
            }
            return;
        }
        if (transaction.isHeld()) {
            if (Transaction.liveOf(transaction.sessionId()).isEmpty()) {
                paidBy(transaction).paymentIs(Status.CANCELED);
            }
            return;
        }
        CoachingSession session = paidBy(transaction);
        session.paymentIs(transaction.status());
        String because = paidNow ? buys(session, transaction) : null;
        if (because != null) {
            refunds.owe(transaction, transaction.amount(), because, null);
        }
    }

    /** What a dispute means for the session that was paid. */
    void on(@Observes DisputeChanged change) {
        Transaction transaction = change.transaction();
        if (!transaction.isSurplus() && !transaction.isHeld()) {
            paidBy(transaction).disputed(Dispute.holdsMoneyOf(transaction.id()), transaction.status());
        }
    }

    private static CoachingSession paidBy(Transaction transaction) {
        return CoachingSession.locked(transaction.sessionId())
                .orElseThrow(() -> new IllegalStateException("Payment " + transaction.id() + " has no session"));
    }

    /** Confirms the session that was paid; why the money goes back if that cannot be, else null. */
    private @Nullable String buys(CoachingSession session, Transaction transaction) {
        return switch (session.status()) {
            case PENDING_PAYMENT -> {
                if (session.hasBegun(transaction.completedAt())) {
                    session.expire();
                    yield "session_begun";
                }
                session.confirm(transaction.paymentIntent());
                yield null;
            }
            case EXPIRED -> takesBack(session, transaction);
            case CANCELLED -> "session_cancelled";
            case CONFIRMED, COMPLETED, NO_SHOW -> "paid_twice";
        };
    }

    /** Takes the slot back for somebody who paid too late, if nobody else has it by now and it has not begun. */
    private @Nullable String takesBack(CoachingSession session, Transaction transaction) {
        if (session.hasBegun(clock.instant())) {
            return "session_begun";
        }
        CoachingSession.lockTimesOf(session.coachId());
        if (!session.isSlotFree()) {
            return "slot_taken";
        }
        session.confirm(transaction.paymentIntent());
        return null;
    }
}
