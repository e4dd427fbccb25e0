package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.coachpay.payment.Transaction;
import io.coachpay.payout.Payout;
import io.coachpay.refund.Refund;
import io.coachpay.session.CoachingSession;
import io.coachpay.transfer.TransferRequest;

/** The states' edges are listed twice, by the entities and by the database: here they are one list. */
class EntityEdgesTest {

    @Test
    void agreesWithTheDatabaseOnSessions() throws SQLException {
        agrees("sessions", CoachingSession.Status.values(), CoachingSession.Status::next);
    }

    @Test
    void agreesWithTheDatabaseOnTransactions() throws SQLException {
        agrees("transactions", Transaction.Status.values(), Transaction.Status::next);
    }

    @Test
    void agreesWithTheDatabaseOnRefunds() throws SQLException {
        agrees("refunds", Refund.Status.values(), Refund.Status::next);
    }

    @Test
    void agreesWithTheDatabaseOnPayouts() throws SQLException {
        agrees("payouts", Payout.Status.values(), Payout.Status::next);
    }

    @Test
    void agreesWithTheDatabaseOnTransferSteps() throws SQLException {
        agrees("transfer_steps", TransferRequest.Status.values(), TransferRequest.Status::next);
    }

    private static <S extends Enum<S>> void agrees(String table, S[] states, Function<S, Collection<S>> next)
            throws SQLException {
        Stream<String> ours = Stream.of(states)
                .flatMap(from -> next.apply(from).stream().map(to -> column(from) + ">" + column(to)));

        try (Connection owner = Database.owner()) {
            assertThat(ours).containsExactlyInAnyOrderElementsOf(Sql.column(owner,
                    "select from_status || '>' || to_status from state_edges where table_name = ?", table));
        }
    }

    private static String column(Enum<?> status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
