package io.coachpay.reconciliation;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;
import io.coachpay.balance.BalanceTransactions;
import io.coachpay.balance.Fact;
import io.coachpay.reconciliation.BookComparison.Difference;

/** Reads our own rows about objects that differ: their balance transactions, calls under way, events. */
final class LocalRecords {

    private static final Duration LATE = Duration.ofMinutes(15);

    private static final String LINES = """
            select b.account, b.stripe_balance_transaction_id, b.type, b.source, b.created, known.fact
              from unnest(?::text[], ?::text[]) as given (account, transaction)
              join stripe_balance_transactions b
                on b.account = given.account and b.stripe_balance_transaction_id = given.transaction
              left join %s as known (side, type, fact) on known.type = b.type
               and known.side = case b.account when 'platform' then 'platform' else 'connected' end""".formatted(Fact.ROWS);
    private static final String PAYMENTS = """
            select t.id, t.stripe_payment_intent_id, t.destination_account,
                   exists (select from refunds r where r.transaction_id = t.id and r.status = 'requested')
                   or exists (select from transfer_steps s where s.transaction_id = t.id and s.status = 'requested') as under_way
              from transactions t where t.id = any (?::uuid[])""";
    private static final String PAYOUTS_UNDER_WAY = """
            select stripe_payout_id as id from payouts where status = 'requested' and stripe_payout_id = any (?::text[])""";
    private static final String DISCONNECTED = """
            select stripe_account_id as account from stripe_connected_accounts
             where deauthorized_at is not null and stripe_account_id is not null
            union all select unnest(replaced_accounts) from stripe_connected_accounts""";
    private static final String IMPORTED = """
            select account, listed_until from stripe_cursors
             where listing = 'balance_transactions' and account = any (?::text[]) and listed_until is not null""";
    private static final String TELLING = """
            select status, created, received_at from stripe_events
             where created between ?::timestamptz - interval '1 minute' and ?::timestamptz + interval '1 hour'
               and type = any (?::text[]) and payload like ? order by id desc limit 1""";
    private static final String UNFINISHED = """
            select status, created, received_at from stripe_events
             where status in ('received', 'failed') and payload like ? order by id desc limit 1""";

    private final Rows rows;
    private final Map<String, Line> lines = new HashMap<>();
    private final Map<UUID, Payment> payments = new HashMap<>();
    private final Set<String> payoutsUnderWay = new HashSet<>();
    private final Set<String> disconnected = new HashSet<>();
    private final Map<String, Instant> imported = new HashMap<>();

    LocalRecords(Rows rows, List<Difference> objects) {
        this.rows = rows;
        Rows.Column names = column(objects.stream().map(Difference::object).toList());
        Rows.Column accounts = column(objects.stream().map(Difference::account).toList());
        rows.query(LINES, Line::of, accounts, names)
                .forEach(line -> lines.put(line.account + line.transaction, line));
        List<UUID> ids = new ArrayList<>();
        for (Difference object : objects) {
            UUID id = object.paymentId();
            if (id != null) {
                ids.add(id);
            }
        }
        rows.query(PAYMENTS, Payment::of, new Rows.Column("uuid", ids)).forEach(payment -> payments.put(payment.id, payment));
        payoutsUnderWay.addAll(rows.query(PAYOUTS_UNDER_WAY, row -> row.getString("id"), names));
        rows.query(IMPORTED, row -> imported.put(row.getString("account"), Rows.instant(row, "listed_until")), accounts);
        disconnected.addAll(rows.query(DISCONNECTED, row -> row.getString("account")));
    }

    /**
     * A balance transaction without a journal.
     *
     * @param fact null where its type is unknown
     */
    record Line(String account, String transaction, String type, @Nullable String source, Instant created,
            @Nullable Fact fact) {

        private static Line of(ResultSet row) throws SQLException {
            String fact = row.getString("fact");
            return new Line(row.getString("account"), row.getString("stripe_balance_transaction_id"), row.getString("type"),
                    row.getString("source"), Rows.instant(row, "created"), fact == null ? null : Fact.valueOf(fact));
        }

        /** A connected one; null for the platform. */
        @Nullable
        String stripeAccount() {
            return account.equals(BalanceTransactions.PLATFORM) ? null : account;
        }

        String details() {
            return source == null ? type : type + " of " + source;
        }
    }

    /**
     * A payment of ours.
     *
     * @param account the coach's account it went to, which may have been replaced
     * @param underWay whether a refund of it, or a transfer request, is being asked for at this moment
     */
    record Payment(UUID id, @Nullable String intent, @Nullable String account, boolean underWay) {

        private static Payment of(ResultSet row) throws SQLException {
            return new Payment(row.getObject("id", UUID.class), row.getString("stripe_payment_intent_id"),
                    row.getString("destination_account"), row.getBoolean("under_way"));
        }
    }

    /**
     * An event about an object.
     *
     * @param finished processed, ignored or given up: nothing more will come of it
     * @param late it came long after it happened
     */
    record Event(boolean finished, boolean late) {

        private static Event of(ResultSet row) throws SQLException {
            String status = row.getString("status");
            return new Event(!status.equals("received") && !status.equals("failed"),
                    Rows.instant(row, "received_at").isAfter(Rows.instant(row, "created").plus(LATE)));
        }
    }

    /** The balance transaction that the object is, if nothing was booked for it. */
    @Nullable
    Line line(Difference object) {
        return object.booked() ? null : lines.get(object.account() + object.object());
    }

    @Nullable
    Payment payment(Difference object) {
        UUID id = object.paymentId();
        return id == null ? null : payments.get(id);
    }

    /** Whether a movement of it has not been imported yet, or a call of ours about it has not been answered. */
    boolean underWay(Difference object) {
        Payment payment = payment(object);
        return object.last().isAfter(imported.getOrDefault(object.account(), Instant.MAX))
                || payment != null && payment.underWay || payoutsUnderWay.contains(object.object());
    }

    /** Whether its account was disconnected, so that Stripe reports nothing about it. */
    boolean disconnected(Difference object) {
        Payment payment = payment(object);
        return disconnected.contains(object.account())
                || payment != null && !object.account().equals(BalanceTransactions.PLATFORM) && payment.account != null
                        && disconnected.contains(payment.account);
    }

    /** The event about a balance transaction's fact; null when none has come. A dispute's events hold the lines. */
    @Nullable
    Event telling(Line line) {
        if (line.fact == null || line.fact.events().isEmpty()) {
            return null;
        }
        String told = line.fact == Fact.DISPUTE || line.source == null ? line.transaction : line.source;
        return first(rows.query(TELLING, Event::of, line.created, line.created, column(line.fact.events()), naming(told)));
    }

    /** An event that names an object and is not finished; null when there is none. */
    @Nullable
    Event unfinished(String stripeId) {
        return first(rows.query(UNFINISHED, Event::of, naming(stripeId)));
    }

    private static String naming(String stripeId) {
        return "%\"" + stripeId + "\"%";
    }

    private static Rows.Column column(List<? extends @Nullable Object> values) {
        return new Rows.Column("text", values);
    }

    private static <T> @Nullable T first(List<T> found) {
        return found.isEmpty() ? null : found.get(0);
    }
}
