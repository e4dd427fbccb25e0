package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.coachpay.access.Transitions;
import io.coachpay.payment.PaymentStatus;
import io.coachpay.payout.PayoutStatus;
import io.coachpay.refund.RefundStatus;
import io.coachpay.session.SessionStatus;
import io.coachpay.transfer.TransferRequestStatus;

/** The states' edges are listed twice, by the entities and by the database: here they are one list. */
class EntityEdgesTest {

    @Test
    void agreesWithTheDatabaseOnSessions() throws SQLException {
        agrees("sessions", SessionStatus.values());
    }

    @Test
    void agreesWithTheDatabaseOnTransactions() throws SQLException {
        agrees("transactions", PaymentStatus.values());
    }

    @Test
    void agreesWithTheDatabaseOnRefunds() throws SQLException {
        agrees("refunds", RefundStatus.values());
    }

    @Test
    void agreesWithTheDatabaseOnPayouts() throws SQLException {
        agrees("payouts", PayoutStatus.values());
    }

    @Test
    void agreesWithTheDatabaseOnTransferSteps() throws SQLException {
        agrees("transfer_steps", TransferRequestStatus.values());
    }

    private static <S extends Transitions<S>> void agrees(String table, S[] states) throws SQLException {
        Stream<String> ours = Stream.of(states)
                .flatMap(from -> from.next().stream().map(to -> from.column() + ">" + to.column()));

        try (Connection owner = Database.owner()) {
            assertThat(ours).containsExactlyInAnyOrderElementsOf(Sql.column(owner,
                    "select from_status || '>' || to_status from state_edges where table_name = ?", table));
        }
    }
}
