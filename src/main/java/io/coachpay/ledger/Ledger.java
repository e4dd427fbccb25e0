package io.coachpay.ledger;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import io.coachpay.access.Ids;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.instrumentation.annotations.WithSpan;

/**
 * Posts journals. One function of the database writes all journals of a call, locks what they move in one order, so that two
 * writers never deadlock, and the database's triggers check what it wrote.
 */
@ApplicationScoped
public class Ledger {

    /** The ids of the journals that were new, or null when an account is missing. */
    private static final String POST = "select post_journals(?, ?, ?, ?, ?::timestamptz[], ?, ?, ?, ?, ?::bpchar[], ?)";

    private static final String OPEN_ACCOUNTS = """
            insert into ledger_accounts (id, kind, owner_id, currency)
            select distinct on (a.owner_id, a.kind, a.currency) a.*
              from unnest(?::uuid[], ?::text[], ?::uuid[], ?::text[]) as a (id, kind, owner_id, currency)
             order by a.owner_id, a.kind, a.currency
            on conflict on constraint ledger_accounts_identity do nothing""";

    private final DataSource database;
    private final MeterRegistry meters;

    Ledger(DataSource database, MeterRegistry meters) {
        this.database = database;
        this.meters = meters;
    }

    /**
     * Posts journals, except those whose fact was posted before.
     *
     * @return how many were new
     */
    @WithSpan
    @Transactional(Transactional.TxType.MANDATORY)
    public int post(List<Journal> journals) {
        List<Line> lines = journals.stream().flatMap(Line::of).toList();
        try (Connection connection = database.getConnection()) {
            Optional<Set<UUID>> written = write(connection, journals, lines);
            if (written.isEmpty()) {
                openAccounts(connection, lines);
                written = write(connection, journals, lines);
            }
            Set<UUID> fresh = written.orElseThrow(() -> new SQLException("An entry found no account"));
            journals.stream().filter(journal -> fresh.contains(journal.id()))
                    .forEach(journal -> meters.counter("coachpay.ledger.postings", "kind", journal.kind()).increment());
            return fresh.size();
        } catch (SQLException e) {
            throw new IllegalStateException("The journals could not be posted: " + e.getMessage(), e);
        }
    }

    /**
     * Posts one journal, unless its fact was posted before.
     *
     * @return whether it was new
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public boolean post(Journal journal) {
        return post(List.of(journal)) == 1;
    }

    /** An entry and its journal. */
    private record Line(UUID journalId, Entry entry) {

        static Stream<Line> of(Journal journal) {
            return journal.entries().stream().map(entry -> new Line(journal.id(), entry));
        }
    }

    /** The ids of the journals that were new; empty when nothing was written, because an account is missing. */
    private static Optional<Set<UUID>> write(Connection connection, List<Journal> journals, List<Line> lines)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(POST)) {
            statement.setArray(1, array(connection, "uuid", journals, Journal::id));
            statement.setArray(2, array(connection, "text", journals, Journal::kind));
            statement.setArray(3, array(connection, "text", journals, Journal::reference));
            statement.setArray(4, array(connection, "uuid", journals, Journal::transactionId));
            statement.setArray(5,
                    array(connection, "text", journals, journal -> journal.occurredAt().atOffset(ZoneOffset.UTC)));
            statement.setArray(6, array(connection, "uuid", lines, line -> Ids.next()));
            statement.setArray(7, array(connection, "uuid", lines, Line::journalId));
            statement.setArray(8, array(connection, "text", lines, line -> line.entry().account().kind().column()));
            statement.setArray(9, array(connection, "uuid", lines, line -> line.entry().account().owner()));
            statement.setArray(10, array(connection, "text", lines, line -> line.entry().amount().getCurrencyUnit().getCode()));
            statement.setArray(11, array(connection, "numeric", lines, line -> line.entry().amount().getAmount()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                Array fresh = row.getArray(1);
                return fresh == null ? Optional.empty() : Optional.of(Set.of((UUID[]) fresh.getArray()));
            }
        }
    }

    private static void openAccounts(Connection connection, List<Line> lines) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OPEN_ACCOUNTS)) {
            statement.setArray(1, array(connection, "uuid", lines, line -> Ids.next()));
            statement.setArray(2, array(connection, "text", lines, line -> line.entry().account().kind().column()));
            statement.setArray(3, array(connection, "uuid", lines, line -> line.entry().account().owner()));
            statement.setArray(4, array(connection, "text", lines, line -> line.entry().amount().getCurrencyUnit().getCode()));
            statement.executeUpdate();
        }
    }

    private static <T> Array array(Connection connection, String type, List<T> rows, Function<T, ?> column)
            throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(column).map(value -> type.equals("text") && value != null
                ? value.toString()
                : value).toArray());
    }
}
