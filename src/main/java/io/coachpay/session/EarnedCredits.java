package io.coachpay.session;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.access.Access;
import io.coachpay.access.Rows;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionQueries;
import io.coachpay.transfer.CreditTransfers;
import io.coachpay.transfer.TransfersAtStripe;

/** Requests the coach's part of sessions that were paid with credits and are over: right after their end, or by a job. */
@ApplicationScoped
class EarnedCredits {

    private static final Set<SessionStatus> OVER = EnumSet.of(SessionStatus.COMPLETED, SessionStatus.NO_SHOW,
            SessionStatus.CANCELLED);
    private static final String UNREQUESTED = """
            select t.id from transactions t join sessions s on s.id = t.session_id
             where t.deferred_credits > 0 and s.status in ('completed', 'no_show', 'cancelled')
               and not exists (select from transfer_steps p where p.transaction_id = t.id and p.purpose = 'credit_session'
                                  and (p.status <> 'refused' or p.failure_code is distinct from 'withdrawn'))
             order by t.id limit ?""";

    private final Access access;
    private final CreditTransfers coaches;
    private final TransfersAtStripe atStripe;
    private final Rows rows;

    EarnedCredits(Access access, CreditTransfers coaches, TransfersAtStripe atStripe, DataSource database) {
        this.access = access;
        this.coaches = coaches;
        this.atStripe = atStripe;
        this.rows = new Rows(database);
    }

    /** Returns payments whose coach's part is not requested although their session is over, so many at most. */
    List<UUID> unrequested(int most) {
        return access.asService(() -> rows.query(UNREQUESTED, row -> row.getObject("id", UUID.class), most));
    }

    /** Requests the coach's part of a session's payment, if it was paid with credits, and asks Stripe for it. */
    void requestFor(UUID sessionId) {
        Optional<UUID> payment = access.asService(() -> SessionPurchase.liveOf(sessionId).filter(Transaction::isWithCredits)
                .map(Transaction::id));
        payment.ifPresent(this::request);
    }

    /** Requests the coach's part of a payment, and asks Stripe for it. */
    void request(UUID paymentId) {
        Optional<UUID> request = access.asService(() -> TransactionQueries.locked(paymentId)
                .filter(payment -> CoachingSession.locked(payment.terms().session())
                        .filter(session -> OVER.contains(session.status())).isPresent())
                .flatMap(coaches::request));
        request.ifPresent(atStripe::advance);
    }
}
