package io.coachpay.session;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;

import org.hibernate.Session;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Constraints;
import io.coachpay.dispute.Dispute;
import io.coachpay.dispute.DisputeChanged;
import io.coachpay.payment.PaymentChanged;
import io.coachpay.payment.Transaction;
import io.coachpay.refund.Refunds;

/**
 * What becomes of a session when something becomes of its payment, in the transaction that is told of it. The payment's lock is
 * held by then, and the session's follows.
 */
@ApplicationScoped
class PaidSessions {

    private static final Logger LOG = Logger.getLogger(PaidSessions.class);
    private static final String CONFIRM = "update sessions set status = 'confirmed', stripe_payment_intent_id = ?, hold_expires_at = null where id = ?";

    private final Refunds refunds;
    private final EntityManager entities;

    PaidSessions(Refunds refunds, EntityManager entities) {
        this.refunds = refunds;
        this.entities = entities;
    }

    /** What a payment's change means for its session, in the same transaction. */
    void follow(@Observes PaymentChanged change) {
        Transaction transaction = change.transaction();
        CoachingSession session = paidBy(transaction);
        session.paymentIs(transaction.status());
        if (transaction.status() != Transaction.Status.COMPLETED || change.before() == Transaction.Status.PARTIALLY_REFUNDED
                || change.before() == Transaction.Status.REFUNDED) {
            return;
        }
        switch (session.status()) {
            case PENDING_PAYMENT -> session.confirm(transaction.paymentIntent());
            case EXPIRED -> {
                if (!confirmLate(session, transaction)) {
                    refunds.owe(transaction, transaction.amount(), "slot_taken", null);
                }
            }
            case CANCELLED -> refunds.owe(transaction, transaction.amount(), "session_cancelled", null);
            case CONFIRMED, COMPLETED, NO_SHOW ->
                LOG.errorf("Payment %s was made for session %s, which is %s", transaction.id(), session.id(), session.status());
        }
    }

    /** What a dispute means for the session that was paid. */
    void follow(@Observes DisputeChanged change) {
        Transaction transaction = change.transaction();
        paidBy(transaction).disputed(Dispute.holdsMoneyOf(transaction.id()), transaction.status());
    }

    private static CoachingSession paidBy(Transaction transaction) {
        return CoachingSession.locked(transaction.sessionId())
                .orElseThrow(() -> new IllegalStateException("Payment " + transaction.id() + " has no session"));
    }

    /** Takes the slot back for somebody who paid too late, if nobody else has it by now. */
    private boolean confirmLate(CoachingSession session, Transaction transaction) {
        entities.flush();
        boolean confirmed = entities.unwrap(Session.class)
                .doReturningWork(connection -> confirmed(connection, session.id(), transaction.paymentIntent()));
        if (confirmed) {
            entities.refresh(session);
        }
        return confirmed;
    }

    /** By hand, since a connection inside a JTA transaction takes no savepoints of its own. */
    private static boolean confirmed(Connection connection, UUID sessionId, @Nullable String paymentIntent)
            throws SQLException {
        try (Statement savepoint = connection.createStatement();
                PreparedStatement update = connection.prepareStatement(CONFIRM)) {
            savepoint.execute("savepoint late_payment");
            update.setString(1, paymentIntent);
            update.setObject(2, sessionId);
            try {
                update.executeUpdate();
                return true;
            } catch (SQLException e) {
                if (!Constraints.broken(e, "sessions_slot_taken")) {
                    throw e;
                }
                savepoint.execute("rollback to savepoint late_payment");
                return false;
            }
        }
    }
}
