package io.coachpay.session;

import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.dispute.Dispute;
import io.coachpay.http.NotFound;
import io.coachpay.payment.PaymentRefused;
import io.coachpay.payment.PaymentStatus;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionQueries;
import io.coachpay.payment.Transactions;
import io.coachpay.refund.RefundBooks;
import io.coachpay.transfer.CreditTransfers;

/**
 * The door to cancellations: cancels a session, and requests the refund agreed for that. A payment that has not succeeded is
 * ended at Stripe first; the cancellation and the request for the refund are one database transaction.
 */
@ApplicationScoped
class Cancellations {

    /** Each round ends one payment; a payer who begins them faster can send the request again. */
    private static final int ROUNDS = 3;

    private final Access access;
    private final Sessions sessions;
    private final Transactions transactions;
    private final RefundBooks refunds;
    private final CreditTransfers coaches;
    private final Clock clock;

    Cancellations(Access access, Sessions sessions, Transactions transactions, RefundBooks refunds, CreditTransfers coaches,
            Clock clock) {
        this.access = access;
        this.sessions = sessions;
        this.transactions = transactions;
        this.refunds = refunds;
        this.coaches = coaches;
        this.clock = clock;
    }

    /** The cancelled session, and the mentee's refund; null if there is none. */
    record Cancelled(CoachingSession session, @Nullable Money refund) {
    }

    /**
     * Cancels a session of the caller's; an administrator may cancel any.
     *
     * @throws SessionRefused.NotCancellable when the session is completed, missed, cancelled or expired (409)
     * @throws SessionRefused.Begun for a mentee after the start (409)
     * @throws SessionRefused.Disputed while the dispute is not decided (409)
     * @throws PaymentRefused.InProgress while its payment may still succeed at Stripe (409)
     */
    Cancelled cancel(UUID sessionId) {
        Request request = request(sessionId);
        for (int round = 0; round < ROUNDS; round++) {
            Optional<UUID> paymentId = access.asService(() -> SessionPurchase.liveOf(sessionId).map(Transaction::id));
            if (paymentId.map(transactions::cancel).filter(PaymentStatus.PROCESSING::equals).isPresent()) {
                break;
            }
            Optional<Cancelled> cancelled = access.asService(() -> cancel(request, paymentId));
            if (cancelled.isPresent()) {
                return cancelled.get();
            }
        }
        throw new PaymentRefused.InProgress();
    }

    /**
     * A request to cancel.
     *
     * @param seenUnpaid whether the session was unpaid at the request: if Stripe took the money just then, all of it goes back
     */
    private record Request(UUID sessionId, Party by, UUID userId, boolean seenUnpaid) {
    }

    private Request request(UUID sessionId) {
        UUID me = access.userId();
        CoachingSession seen = sessions.mineOrAnybodysAsAdmin(sessionId);
        Party by = me.equals(seen.coachId()) ? Party.COACH : me.equals(seen.menteeId()) ? Party.MENTEE : Party.ADMIN;
        seen.requireCancellable(by, clock.instant());
        return new Request(sessionId, by, me, seen.status() == SessionStatus.PENDING_PAYMENT);
    }

    /** Cancels the session; empty when another payment has begun meanwhile, which has to be ended first. */
    private Optional<Cancelled> cancel(Request request, Optional<UUID> paymentId) {
        Optional<Transaction> payment = paymentId.flatMap(TransactionQueries::locked);
        CoachingSession session = CoachingSession.locked(request.sessionId()).orElseThrow(() -> new NotFound("session"));
        session.requireCancellable(request.by(), clock.instant());
        Optional<Transaction> live = SessionPurchase.liveOf(session.id());
        if (live.isEmpty()) {
            session.cancel(request.by(), clock.instant());
            return Optional.of(new Cancelled(session, null));
        }
        if (!live.map(Transaction::id).equals(payment.map(Transaction::id))) {
            return Optional.empty();
        }
        return cancelPaid(request, session, live.get());
    }

    private Optional<Cancelled> cancelPaid(Request request, CoachingSession session, Transaction payment) {
        if (!payment.status().isPaid()) {
            return Optional.empty();
        }
        if (Dispute.isOpenOn(payment.id())) {
            throw new SessionRefused.Disputed();
        }
        Money due = request.seenUnpaid() ? payment.amount() : session.refundTo(request.by(), clock.instant());
        session.cancel(request.by(), clock.instant());
        Money refund = refund(request, payment, due);
        if (payment.isWithCredits()) {
            coaches.request(payment);
        }
        return Optional.of(new Cancelled(session, refund));
    }

    /** Requests the part of the whole refund that has not gone back already; null if there is none. */
    private @Nullable Money refund(Request request, Transaction payment, Money due) {
        Money rest = refunds.owe(payment, due, "cancelled_by_" + request.by().column(), request.userId());
        return rest.isZero() ? null : rest;
    }
}
