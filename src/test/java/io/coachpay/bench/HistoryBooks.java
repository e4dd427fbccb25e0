package io.coachpay.bench;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.coachpay.bench.CoachBooks.Holding;
import io.coachpay.money.StripeCurrencies;

/** The journals of a {@link History}, and Stripe's balance transactions beside them. Amounts are smallest units. */
final class HistoryBooks {

    /** Accounts without an owner. */
    enum Shared {
        EXTERNAL,
        PLATFORM_REVENUE,
        STRIPE_FEES,
        REFUND_CLEARING
    }

    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private final Tables tables;
    private final long since;
    private final Map<String, Accounts> shared = new TreeMap<>();
    private long journals;
    private long entries;
    private long balanceTransactions;
    private long totals;

    HistoryBooks(Tables tables, long since) {
        this.tables = tables;
        this.since = since;
    }

    /** A journal whose entries follow; its id. */
    UUID journal(String kind, String reference, @Nullable UUID transactionId, long at) throws SQLException {
        UUID id = Made.JOURNAL.id(at, ++journals);
        tables.journals.uuid(id).text(kind).text(reference).uuidOrNothing(transactionId).time(at).time(at).end();
        return id;
    }

    /** An entry of one of a coach's accounts; its id. */
    UUID entry(UUID journal, CoachBooks coach, Holding holding, long amount, long at) throws SQLException {
        UUID id = Made.ENTRY.id(at, ++entries);
        coach.entry(tables.entries, id, journal, holding, amount, at);
        return id;
    }

    /** An entry of a shared account, in the coach's currency. */
    void entry(UUID journal, CoachBooks coach, Shared account, long amount, long at) throws SQLException {
        Accounts accounts = shared.computeIfAbsent(coach.terms.currency(), currency -> new Accounts(shared.size()));
        accounts.add(account, amount, at);
        tables.entries.uuid(Made.ENTRY.id(at, ++entries)).uuid(journal).uuid(accounts.id(account))
                .text(coach.terms.currency()).amount(amount, coach.terms.digits()).nothing().nothing().nothing().time(at)
                .end();
    }

    /** The id of the next balance transaction. */
    String nextTransaction() {
        return Made.BALANCE_TRANSACTION.stripeId("txn", balanceTransactions + 1);
    }

    /**
     * A line of Stripe's books.
     *
     * @param account its id; null for the platform's
     * @param fact the journal of its fact
     * @param journal the last one to be booked for it; null until it is
     */
    void line(@Nullable String account, CoachBooks coach, Line line, UUID fact, @Nullable UUID journal) throws SQLException {
        String id = nextTransaction();
        int digits = coach.terms.digits();
        tables.balanceTransactions.uuid(Made.BALANCE_TRANSACTION.id(line.created, ++balanceTransactions))
                .text(account == null ? "platform" : account).text(id).text(line.type).text(line.type).text(line.source)
                .amount(line.amount, digits).amount(line.fee, digits).amount(line.amount - line.fee, digits)
                .text(coach.terms.currency()).time(line.created).time(line.availableOn).uuid(fact).uuidOrNothing(journal)
                .time(line.created).end();
    }

    /** The contents of a line of Stripe's books. */
    record Line(String type, String source, long amount, long fee, long created, long availableOn) {

        long net() {
            return amount - fee;
        }
    }

    /** Writes the accounts without an owner, at the end, and their sums of each closed day. */
    void write(long until) throws SQLException {
        long closed = Math.floorDiv(until - HOUR, DAY);
        for (Map.Entry<String, Accounts> currency : shared.entrySet()) {
            int digits = StripeCurrencies.of(currency.getKey()).digits();
            for (Shared account : Shared.values()) {
                tables.accounts.uuid(currency.getValue().id(account)).text(account.name().toLowerCase(Locale.ROOT))
                        .nothing().text(currency.getKey()).amount(0, 0).number(0).time(since).end();
                currency.getValue().write(account, digits, closed);
            }
        }
        tables.cursors.uuid(Made.IMPORT.id(since, 0xffff_ffffL)).text("balance_transactions").text("platform").time(until)
                .nothing().time(until + DAY).end();
    }

    /** The accounts without an owner in one currency. */
    private final class Accounts {

        private final int number;
        private final List<TreeMap<Long, long[]>> days = Stream.of(Shared.values()).map(account -> new TreeMap<Long, long[]>())
                .toList();

        Accounts(int number) {
            this.number = number;
        }

        UUID id(Shared account) {
            return Made.LEDGER_ACCOUNT.id(since, (long) number * Shared.values().length + account.ordinal());
        }

        void add(Shared account, long amount, long at) {
            long[] day = days.get(account.ordinal()).computeIfAbsent(Math.floorDiv(at, DAY), fresh -> new long[2]);
            day[0] += amount;
            day[1]++;
        }

        void write(Shared account, int digits, long closed) throws SQLException {
            for (Map.Entry<Long, long[]> day : days.get(account.ordinal()).headMap(closed).entrySet()) {
                tables.dailyTotals.uuid(Made.DAILY_TOTAL.id(since, ++totals)).uuid(id(account)).day(day.getKey())
                        .amount(day.getValue()[0], digits).number(day.getValue()[1]).time((day.getKey() + 1) * DAY).end();
            }
        }
    }
}
