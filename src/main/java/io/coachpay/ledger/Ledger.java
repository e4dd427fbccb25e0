package io.coachpay.ledger;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
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
 * Where journals are posted. All entries of a call are written by one statement, in the order of their accounts, so that
 * two writers never wait for each other crosswise, and the database's triggers check each journal as a whole.
 */
@ApplicationScoped
public class Ledger {

    private static final String OPEN_ACCOUNTS = """
            insert into ledger_accounts (id, kind, owner_id, currency)
            select distinct on (a.owner_id, a.kind, a.currency) a.*
              from unnest(?::uuid[], ?::text[], ?::uuid[], ?::text[]) as a (id, kind, owner_id, currency)
             where not exists (select from ledger_accounts l
                                where l.kind = a.kind and l.owner_id is not distinct from a.owner_id and l.currency = a.currency)
             order by a.owner_id, a.kind, a.currency
            on conflict on constraint ledger_accounts_identity do nothing""";

    private static final String WRITE_JOURNALS = """
            insert into ledger_journals (id, kind, reference, transaction_id, occurred_at)
            select * from unnest(?::uuid[], ?::text[], ?::text[], ?::uuid[], ?::timestamptz[])
            on conflict on constraint ledger_journals_once do nothing
            returning id""";

    private static final String WRITE_ENTRIES = """
            insert into ledger_entries (id, journal_id, account_id, currency, amount)
            select e.id, e.journal_id, a.id, e.currency, e.amount
              from unnest(?::uuid[], ?::uuid[], ?::text[], ?::uuid[], ?::text[], ?::numeric[])
                   as e (id, journal_id, kind, owner_id, currency, amount)
              join ledger_accounts a
                on a.kind = e.kind and a.owner_id is not distinct from e.owner_id and a.currency = e.currency
             order by a.owner_id, a.id, e.id""";

    private final DataSource database;
    private final MeterRegistry meters;

    Ledger(DataSource database, MeterRegistry meters) {
        this.database = database;
        this.meters = meters;
    }

    /**
     * Posts journals, leaving out those whose fact was posted before.
     *
     * @return how many were new
     */
    @WithSpan
    @Transactional(Transactional.TxType.MANDATORY)
    public int post(List<Journal> journals) {
        try (Connection connection = database.getConnection()) {
            Set<UUID> fresh = writeJournals(connection, journals);
            List<Line> lines = journals.stream().filter(journal -> fresh.contains(journal.id())).flatMap(Line::of).toList();
            if (!lines.isEmpty()) {
                openAccounts(connection, lines);
                writeEntries(connection, lines);
            }
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

    /** An entry with the journal it is on. */
    private record Line(UUID journalId, Entry entry) {

        static Stream<Line> of(Journal journal) {
            return journal.entries().stream().map(entry -> new Line(journal.id(), entry));
        }
    }

    private static Set<UUID> writeJournals(Connection connection, List<Journal> journals) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WRITE_JOURNALS)) {
            statement.setArray(1, array(connection, "uuid", journals, Journal::id));
            statement.setArray(2, array(connection, "text", journals, Journal::kind));
            statement.setArray(3, array(connection, "text", journals, Journal::reference));
            statement.setArray(4, array(connection, "uuid", journals, Journal::transactionId));
            statement.setArray(5,
                    array(connection, "text", journals, journal -> journal.occurredAt().atOffset(ZoneOffset.UTC)));
            Set<UUID> written = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    written.add(rows.getObject(1, UUID.class));
                }
            }
            return written;
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

    private static void writeEntries(Connection connection, List<Line> lines) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WRITE_ENTRIES)) {
            statement.setArray(1, array(connection, "uuid", lines, line -> Ids.next()));
            statement.setArray(2, array(connection, "uuid", lines, Line::journalId));
            statement.setArray(3, array(connection, "text", lines, line -> line.entry().account().kind().column()));
            statement.setArray(4, array(connection, "uuid", lines, line -> line.entry().account().owner()));
            statement.setArray(5, array(connection, "text", lines, line -> line.entry().amount().getCurrencyUnit().getCode()));
            statement.setArray(6, array(connection, "numeric", lines, line -> line.entry().amount().getAmount()));
            if (statement.executeUpdate() != lines.size()) {
                throw new SQLException("An entry found no account");
            }
        }
    }

    private static <T> Array array(Connection connection, String type, List<T> rows, Function<T, ?> column)
            throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(column).map(value -> type.equals("text") && value != null
                ? value.toString()
                : value).toArray());
    }
}
