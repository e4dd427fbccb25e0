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
 * Posts journals. One statement writes all entries of a call, in the order of their accounts, so that two writers never
 * deadlock, and the database's triggers check each journal as a whole.
 */
@ApplicationScoped
public class Ledger {

    /**
     * Journals and entries in one round trip, or nothing at all when an account is missing. Accounts are looked up in two
     * halves, because {@code is not distinct from} uses no index and would read those of all coaches. The arrays come from a
     * subquery that the planner does not look into, because it would make a new plan for each number of elements.
     */
    private static final String WRITE = """
            with line as materialized (
              select l.id, l.journal_id, l.currency, l.amount, a.owner_id, a.id as account_id
                from (select ?::uuid[], ?::uuid[], ?::text[], ?::uuid[], ?::bpchar[], ?::numeric[] offset 0)
                     as given (ids, journals, kinds, owners, currencies, amounts)
               cross join unnest(ids, journals, kinds, owners, currencies, amounts)
                     as l (id, journal_id, kind, owner_id, currency, amount)
                left join lateral (
                  select id, owner_id from ledger_accounts
                   where owner_id = l.owner_id and kind = l.kind and currency = l.currency
                  union all
                  select id, owner_id from ledger_accounts
                   where l.owner_id is null and owner_id is null and kind = l.kind and currency = l.currency) a on true),
            fresh as (
              insert into ledger_journals (id, kind, reference, transaction_id, occurred_at)
              select * from unnest(?::uuid[], ?::text[], ?::text[], ?::uuid[], ?::timestamptz[])
               where not exists (select from line where account_id is null)
              on conflict on constraint ledger_journals_once do nothing
              returning id),
            written as (
              insert into ledger_entries (id, journal_id, account_id, currency, amount)
              select line.id, line.journal_id, line.account_id, line.currency, line.amount
                from line join fresh on fresh.id = line.journal_id
               order by line.owner_id, line.account_id, line.id)
            select exists (select from line where account_id is null), (select array_agg(id) from fresh)""";

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
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            statement.setArray(1, array(connection, "uuid", lines, line -> Ids.next()));
            statement.setArray(2, array(connection, "uuid", lines, Line::journalId));
            statement.setArray(3, array(connection, "text", lines, line -> line.entry().account().kind().column()));
            statement.setArray(4, array(connection, "uuid", lines, line -> line.entry().account().owner()));
            statement.setArray(5, array(connection, "text", lines, line -> line.entry().amount().getCurrencyUnit().getCode()));
            statement.setArray(6, array(connection, "numeric", lines, line -> line.entry().amount().getAmount()));
            statement.setArray(7, array(connection, "uuid", journals, Journal::id));
            statement.setArray(8, array(connection, "text", journals, Journal::kind));
            statement.setArray(9, array(connection, "text", journals, Journal::reference));
            statement.setArray(10, array(connection, "uuid", journals, Journal::transactionId));
            statement.setArray(11,
                    array(connection, "text", journals, journal -> journal.occurredAt().atOffset(ZoneOffset.UTC)));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (row.getBoolean(1)) {
                    return Optional.empty();
                }
                Array fresh = row.getArray(2);
                return Optional.of(fresh == null ? Set.of() : Set.of((UUID[]) fresh.getArray()));
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
