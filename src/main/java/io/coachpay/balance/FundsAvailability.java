package io.coachpay.balance;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.access.Rows;
import io.coachpay.ledger.Journal;
import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;
import io.coachpay.money.StripeCurrencies;

/**
 * Moves money from pending to available: every balance transaction of a coach's account that belongs to a booked fact and whose
 * day has come, by exactly the net that Stripe says.
 */
@ApplicationScoped
public class FundsAvailability {

    private static final int BATCH = 500;
    private static final int BATCHES_AT_ONCE = 100;

    private static final String DUE = """
            select b.id, b.stripe_balance_transaction_id, b.net, b.currency, b.available_on, c.user_id, j.transaction_id
              from stripe_balance_transactions b
              join ledger_journals j on j.id = b.fact_journal_id
              join stripe_connected_accounts c on c.stripe_account_id = b.account or c.replaced_accounts @> array[b.account]
             where b.journal_id is null and b.fact_journal_id is not null and b.available_on <= ? and b.net <> 0
               and (b.book_at is null or b.book_at <= now())
               %s
             order by %s limit ?
               for update of b %s""";
    private static final String OF_ALL = DUE.formatted("", "b.available_on, b.id", "skip locked");
    /**
     * Waits for concurrent bookings of these lines, because the caller relies on their being booked; so it locks them in the
     * order of all who wait.
     */
    private static final String OF_ONE = DUE.formatted("and b.account = ?", "b.id", "");
    private static final String OF_LINE = DUE.formatted("and b.id = ?", "b.id", "");
    private static final String LINES = """
            select id from stripe_balance_transactions
             where journal_id is null and fact_journal_id is not null and available_on <= ? and net <> 0
               and (book_at is null or book_at <= now()) and (?::text is null or account = ?) order by available_on, id limit ?""";
    private static final String MOVED = """
            update stripe_balance_transactions b set journal_id = j.id, book_at = null, problem = null
              from ledger_journals j
             where b.id = any (?::uuid[]) and j.kind = ? and j.reference = b.stripe_balance_transaction_id""";

    private final Access access;
    private final Ledger ledger;
    private final RefusedLines refusals;
    private final Rows rows;
    private final Clock clock;

    FundsAvailability(Access access, Ledger ledger, RefusedLines refusals, DataSource database, Clock clock) {
        this.access = access;
        this.ledger = ledger;
        this.refusals = refusals;
        this.rows = new Rows(database);
        this.clock = clock;
    }

    /** A line that is due, and the journal that it makes. */
    private record Due(UUID id, Journal journal) {

        static Due of(ResultSet row) throws SQLException {
            Money net = StripeCurrencies.of(row.getString("currency")).of(row.getBigDecimal("net"));
            Journal journal = Postings.fundsAvailable(row.getString("stripe_balance_transaction_id"),
                    row.getObject("user_id", UUID.class), net, Rows.instant(row, "available_on"));
            UUID payment = row.getObject("transaction_id", UUID.class);
            return new Due(row.getObject("id", UUID.class), payment == null ? journal : journal.of(payment));
        }
    }

    /** Books all due lines. */
    public void bookDue() {
        book(null, () -> rows.query(OF_ALL, Due::of, clock.instant(), BATCH));
    }

    /** Books all due lines of one account, a connected one. */
    void bookDue(String account) {
        book(account, () -> rows.query(OF_ONE, Due::of, clock.instant(), account, BATCH));
    }

    /** Books in batches, each in a database transaction of its own. */
    private void book(@Nullable String account, Supplier<List<Due>> due) {
        for (int batch = 0; batch < BATCHES_AT_ONCE; batch++) {
            int booked = refusals.whole(() -> access.asService(() -> book(due.get())),
                    () -> access.asService(() -> rows.query(LINES, row -> row.getObject("id", UUID.class), clock.instant(),
                            account, account, BATCH)),
                    line -> access.runAsService(() -> book(rows.query(OF_LINE, Due::of, clock.instant(), line, 1))));
            if (booked < BATCH) {
                return;
            }
        }
    }

    private int book(List<Due> due) {
        if (!due.isEmpty()) {
            ledger.post(due.stream().map(Due::journal).toList());
            rows.update(MOVED, new Rows.Column("uuid", due.stream().map(Due::id).toList()), Postings.FUNDS_AVAILABLE);
        }
        return due.size();
    }
}
