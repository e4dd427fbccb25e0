package io.coachpay.reconciliation;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;

/**
 * Finds what changed since a moment, page by page: objects with new journals, and those whose balance transactions came, were
 * matched or became available; accounts of the ledger with new entries; payouts and days whose figures changed. Ids begin with
 * the time they were made at, by the wall clock.
 */
final class Touched {

    /** Rows of a page, so that none of its statements takes long. */
    static final int PAGE = 5000;
    private static final int ACCOUNTS = 1000;
    /** Lines that a page of balances adds up, unless one account alone has more. */
    private static final long LINES = 200_000;
    private static final UUID NIL = new UUID(0, 0);

    private static final String FIRST = "select id_from(?::timestamptz) as id";
    private static final String JOURNALS = """
            select id, coalesce(transaction_id::text, reference) as object from ledger_journals where id > ? order by id limit ?""";
    private static final String ENTRIES = """
            select account_id, min(line) as line from ledger_entries where journal_id = any (?::uuid[]) and line is not null
             group by account_id""";
    private static final String LINES_SINCE = """
            select b.id, b.updated_at as at, coalesce(j.transaction_id::text, j.reference, b.stripe_balance_transaction_id) as object
              from (select id, updated_at, stripe_balance_transaction_id, fact_journal_id from stripe_balance_transactions
                     where (updated_at, id) > (?::timestamptz, ?::uuid) order by updated_at, id limit ?) as b
              left join ledger_journals j on j.id = b.fact_journal_id order by b.updated_at, b.id""";
    private static final String UNMATCHED = """
            select id, stripe_balance_transaction_id as object from stripe_balance_transactions
             where fact_journal_id is null and not ignored and id > ? order by id limit ?""";
    /** Money that is available at Stripe, and not yet with us. */
    private static final String OVERDUE = """
            select b.id, b.available_on as at, coalesce(j.transaction_id::text, j.reference) as object
              from (select id, available_on, fact_journal_id from stripe_balance_transactions
                     where journal_id is null and fact_journal_id is not null and available_on <= ?::timestamptz
                       and (available_on, id) > (?::timestamptz, ?::uuid) order by available_on, id limit ?) as b
              join ledger_journals j on j.id = b.fact_journal_id order by b.available_on, b.id""";
    private static final String COACHES = """
            select distinct connected_account_id as id from payouts where updated_at >= ?""";
    private static final String COACHES_OF = """
            select distinct c.id from ledger_accounts a join stripe_connected_accounts c on c.user_id = a.owner_id
             where a.id = any (?::uuid[]) and a.kind in ('coach_in_transit', 'coach_paid_out')""";
    private static final String DAYS = "select distinct day from ledger_daily_totals where updated_at >= ? order by day";

    private static final String BALANCES = """
            select id from (select id, sum(lines) over (order by id) - lines as before from (
                   select id, lines from ledger_accounts where owner_id is not null and id > ? order by id limit ?) page) page
             where before < ? order by id""";
    private static final String CLOSED_DAYS = """
            select each::date as day
              from (select min(day)::timestamp as first, max(day)::timestamp as last from ledger_daily_totals) as closed
             cross join generate_series(closed.first, closed.last, interval '1 day') as each
             where each::date > ? order by each limit 1""";
    private static final String ALL_COACHES = "select id from stripe_connected_accounts where id > ? order by id limit ?";

    private final Rows books;

    Touched(Rows books) {
        this.books = books;
    }

    /** A page: objects, and the cursor of the next one. */
    record Page(List<String> objects, List<UUID> ids, UUID next) {

        boolean isLast() {
            return objects.size() < PAGE;
        }
    }

    private record Row(UUID id, @Nullable Instant at, String object) {
    }

    /** Less than any id made at that moment, or later. */
    UUID before(Instant moment) {
        return books.query(FIRST, row -> row.getObject("id", UUID.class), moment).get(0);
    }

    /** Objects of the journals after an id. */
    Page journals(UUID after) {
        return page(books.query(JOURNALS, row -> new Row(row.getObject("id", UUID.class), null, row.getString("object")), after,
                PAGE), after);
    }

    /** The owned accounts that journals moved, each with the first line that did. */
    Map<UUID, Long> accounts(List<UUID> journals) {
        Map<UUID, Long> accounts = new HashMap<>();
        books.query(ENTRIES, row -> accounts.put(row.getObject("account_id", UUID.class), row.getLong("line")),
                new Rows.Column("uuid", journals));
        return accounts;
    }

    /** Hands over the objects of balance transactions that changed since that moment, page by page. */
    void lines(Instant since, Consumer<List<String>> page) {
        byTime((at, id) -> books.query(LINES_SINCE, Touched::timed, at, id, PAGE), since, page);
    }

    /** Hands over objects with money that should be available by now. */
    void overdue(Instant now, Consumer<List<String>> page) {
        byTime((at, id) -> books.query(OVERDUE, Touched::timed, now, at, id, PAGE), Instant.EPOCH, page);
    }

    /** Balance transactions after an id that have no fact: each of them is an object of its own. */
    Page unmatched(UUID after) {
        return page(books.query(UNMATCHED, row -> new Row(row.getObject("id", UUID.class), null, row.getString("object")),
                after, PAGE), after);
    }

    List<UUID> coaches(Instant since) {
        return books.query(COACHES, row -> row.getObject("id", UUID.class), since);
    }

    /** The coaches whose accounts of payouts are among these of the ledger. */
    List<UUID> coachesOf(List<UUID> accounts) {
        return books.query(COACHES_OF, row -> row.getObject("id", UUID.class), new Rows.Column("uuid", accounts));
    }

    List<LocalDate> days(Instant since) {
        return books.query(DAYS, row -> row.getObject("day", LocalDate.class), since);
    }

    /** The next owned accounts of the ledger, touched or not; none after the last. */
    List<UUID> allBalances(UUID after) {
        return books.query(BALANCES, row -> row.getObject("id", UUID.class), after, ACCOUNTS, LINES);
    }

    /** The next closed day; none after the last. */
    List<LocalDate> allDays(LocalDate after) {
        return books.query(CLOSED_DAYS, row -> row.getObject("day", LocalDate.class), after);
    }

    /** The next connected accounts; none after the last. */
    List<UUID> allCoaches(UUID after) {
        return books.query(ALL_COACHES, row -> row.getObject("id", UUID.class), after, ACCOUNTS);
    }

    private interface Pages {
        List<Row> after(Instant at, UUID id);
    }

    private static void byTime(Pages pages, Instant since, Consumer<List<String>> page) {
        Instant at = since;
        UUID id = NIL;
        while (true) {
            List<Row> rows = pages.after(at, id);
            page.accept(rows.stream().map(Row::object).toList());
            if (rows.size() < PAGE) {
                return;
            }
            Row last = rows.get(rows.size() - 1);
            at = last.at() == null ? at : last.at();
            id = last.id();
        }
    }

    private static Row timed(ResultSet row) throws SQLException {
        return new Row(row.getObject("id", UUID.class), Rows.instant(row, "at"), row.getString("object"));
    }

    private static Page page(List<Row> rows, UUID after) {
        return new Page(rows.stream().map(Row::object).toList(), rows.stream().map(Row::id).toList(),
                rows.isEmpty() ? after : rows.get(rows.size() - 1).id());
    }
}
