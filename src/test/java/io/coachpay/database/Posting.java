package io.coachpay.database;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;

/** Journals, posted by the database's function as the service does, and by the statement of the release before. */
final class Posting {

    private static final String FUNCTION = "select post_journals(?, ?, ?, ?, ?::timestamptz[], ?, ?, ?, ?, ?::bpchar[], ?)";

    /** The statement of the release before, which goes on posting while this one is deployed. */
    private static final String RELEASE_BEFORE = """
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

    private Posting() {
    }

    /** A journal to post, with the ids of its entries. */
    record Journal(UUID id, String kind, String reference, @Nullable UUID transaction, List<Rows.Line> lines) {

        static Journal of(Rows.Line... lines) {
            UUID id = Ids.next();
            return new Journal(id, "test", "txn_" + id, null, List.of(lines));
        }
    }

    /** An entry to post, and the journal that it says it belongs to. */
    private record Entry(UUID id, UUID journal, Rows.Line line) {
    }

    /** Opens the accounts that are missing, and posts by the function. */
    static List<UUID> post(Connection connection, List<Journal> journals) throws SQLException {
        openAccounts(connection, journals);
        List<UUID> posted = call(connection, journals);
        if (posted == null) {
            throw new SQLException("An account is missing");
        }
        return posted;
    }

    /** The ids of the journals that were new; null when an account is missing. */
    static @Nullable List<UUID> call(Connection connection, List<Journal> journals) throws SQLException {
        return call(connection, journals, entries(journals));
    }

    /** Posts no journal, but entries of one that is there. */
    static @Nullable List<UUID> add(Connection connection, UUID journal, Rows.Line... lines) throws SQLException {
        return call(connection, List.of(), Stream.of(lines).map(line -> new Entry(Ids.next(), journal, line)).toList());
    }

    private static @Nullable List<UUID> call(Connection connection, List<Journal> journals, List<Entry> entries)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FUNCTION)) {
            setJournals(statement, 1, journals);
            setEntries(statement, 6, entries);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                Array fresh = row.getArray(1);
                return fresh == null ? null : List.of((UUID[]) fresh.getArray());
            }
        }
    }

    /** Opens the accounts that are missing, and posts by the statement of the release before. */
    static void postAsBefore(Connection connection, List<Journal> journals) throws SQLException {
        openAccounts(connection, journals);
        try (PreparedStatement statement = connection.prepareStatement(RELEASE_BEFORE)) {
            setEntries(statement, 1, entries(journals));
            setJournals(statement, 7, journals);
            statement.execute();
        }
    }

    private static void setJournals(PreparedStatement statement, int first, List<Journal> journals) throws SQLException {
        set(statement, first, "uuid", journals, Journal::id);
        set(statement, first + 1, "text", journals, Journal::kind);
        set(statement, first + 2, "text", journals, Journal::reference);
        set(statement, first + 3, "uuid", journals, Journal::transaction);
        set(statement, first + 4, "text", journals, journal -> "now");
    }

    private static void setEntries(PreparedStatement statement, int first, List<Entry> entries) throws SQLException {
        set(statement, first, "uuid", entries, Entry::id);
        set(statement, first + 1, "uuid", entries, Entry::journal);
        set(statement, first + 2, "text", entries, entry -> entry.line().kind());
        set(statement, first + 3, "uuid", entries, entry -> entry.line().owner());
        set(statement, first + 4, "text", entries, entry -> entry.line().currency());
        set(statement, first + 5, "numeric", entries, entry -> entry.line().amount());
    }

    private static List<Entry> entries(List<Journal> journals) {
        return journals.stream().flatMap(journal -> journal.lines().stream()
                .map(line -> new Entry(Ids.next(), journal.id(), line))).toList();
    }

    /** In order, or two that need the same new accounts wait for each other. */
    private static void openAccounts(Connection connection, List<Journal> journals) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                insert into ledger_accounts (id, kind, owner_id, currency)
                select gen_random_uuid(), kind, owner, currency
                from (select distinct * from unnest(?::text[], ?::uuid[], ?::text[]) l (kind, owner, currency)) needed
                order by owner, kind, currency on conflict do nothing""")) {
            List<Rows.Line> lines = journals.stream().flatMap(journal -> journal.lines().stream()).toList();
            set(statement, 1, "text", lines, Rows.Line::kind);
            set(statement, 2, "uuid", lines, Rows.Line::owner);
            set(statement, 3, "text", lines, Rows.Line::currency);
            statement.execute();
        }
    }

    private static <T> void set(PreparedStatement statement, int place, String type, List<T> rows,
            Function<T, @Nullable Object> column) throws SQLException {
        statement.setArray(place, statement.getConnection().createArrayOf(type, rows.stream().map(column).toArray()));
    }
}
