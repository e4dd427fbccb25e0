package io.coachpay.session;

import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jspecify.annotations.Nullable;

import io.coachpay.dispute.Dispute;
import io.coachpay.dispute.DisputeChanged;
import io.coachpay.ledger.CreditPostings;
import io.coachpay.ledger.Journal;
import io.coachpay.ledger.Postings;
import io.coachpay.payment.PaymentStatus;
import io.coachpay.payment.Purchase;
import io.coachpay.payment.Purpose;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionQueries;
import io.coachpay.refund.RefundBooks;

/**
 * Applies changes of a payment to its session. The payment's lock is held by then, and the session's follows. Money that
 * arrived buys the session, or goes back; a held payment does neither.
 */
@ApplicationScoped
class SessionPurchase implements Purchase {

    private final RefundBooks refunds;
    private final Clock clock;

    SessionPurchase(RefundBooks refunds, Clock clock) {
        this.refunds = refunds;
        this.clock = clock;
    }

    /** The one payment of a session that is not cancelled and may buy it. */
    static Optional<Transaction> liveOf(UUID sessionId) {
        return TransactionQueries.liveOfSession(sessionId);
    }

    @Override
    public Purpose purpose() {
        return Purpose.SESSION_PAYMENT;
    }

    @Override
    public boolean isAppliedTogether() {
        return true;
    }

    @Override
    public Journal paid(Transaction payment) {
        if (payment.isWithCredits()) {
            return CreditPostings.creditsBooked(payment.id().toString(), payment.terms().payerId(), payment.credits().bought(),
                    Objects.requireNonNull(payment.completion().completedAt()));
        }
        return Postings.sessionPaid(Objects.requireNonNull(payment.paymentIntent()), payment.coachId(), payment.amount(),
                payment.amounts().fee(), Objects.requireNonNull(payment.completion().completedAt()));
    }

    @Override
    public void lock(List<Transaction> payments) {
        CoachingSession.lock(payments.stream().filter(payment -> !payment.status().isPaid())
                .map(payment -> payment.terms().session()).collect(Collectors.toSet()));
    }

    @Override
    public void hold(Transaction payment) {
        paidBy(payment);
    }

    @Override
    public void changed(Transaction payment, PaymentStatus before) {
        boolean paidNow = payment.status() == PaymentStatus.COMPLETED && before != PaymentStatus.PARTIALLY_REFUNDED
                && before != PaymentStatus.REFUNDED;
        if (payment.completion().isSurplus()) {
            if (paidNow) {
                refunds.owe(payment, payment.amount(), "paid_twice", null);
            }
            return;
        }
        CoachingSession session = paidBy(payment);
        session.payment().is(payment.status());
        String because = paidNow ? buys(session, payment) : null;
        if (because != null) {
            refunds.owe(payment, payment.amount(), because, null);
        }
    }

    @Override
    public void held(Transaction payment) {
        if (liveOf(payment.terms().session()).isEmpty()) {
            paidBy(payment).payment().is(PaymentStatus.CANCELED);
        }
    }

    @Override
    public boolean isSuperseded(Transaction late) {
        paidBy(late);
        return liveOf(late.terms().session()).isPresent();
    }

    /** Applies a dispute to the session that was paid. */
    void on(@Observes DisputeChanged change) {
        Transaction payment = change.transaction();
        if (payment.terms().purpose() == Purpose.SESSION_PAYMENT && !payment.completion().isSurplus()
                && !payment.completion().isHeld()) {
            paidBy(payment).payment().disputed(Dispute.holdsMoneyOf(payment.id()), payment.status());
        }
    }

    /** The payment's session, locked until the end of the database transaction. */
    private static CoachingSession paidBy(Transaction payment) {
        return CoachingSession.locked(payment.terms().session())
                .orElseThrow(() -> new IllegalStateException("Payment " + payment.id() + " has no session"));
    }

    /** Confirms the paid session; or else returns why the money goes back. */
    private @Nullable String buys(CoachingSession session, Transaction payment) {
        return switch (session.status()) {
            case PENDING_PAYMENT -> {
                if (session.hasBegun(payment.completion().completedAt())) {
                    session.expire();
                    yield "session_begun";
                }
                session.confirm(payment.paymentIntent());
                yield null;
            }
            case EXPIRED -> takesBack(session, payment);
            case CANCELLED -> "session_cancelled";
            case CONFIRMED, COMPLETED, NO_SHOW -> "paid_twice";
        };
    }

    /** Takes the slot back for a mentee who paid too late, if it is still free and the session has not begun. */
    private @Nullable String takesBack(CoachingSession session, Transaction payment) {
        if (session.hasBegun(clock.instant())) {
            return "session_begun";
        }
        SlotLocks.lockTimesOf(session.coachId());
        if (!SlotLocks.isFree(session)) {
            return "slot_taken";
        }
        session.confirm(payment.paymentIntent());
        return null;
    }
}
