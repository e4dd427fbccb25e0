package io.coachpay.reporting;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;
import io.coachpay.http.InvalidField;
import io.coachpay.http.NotFound;
import io.coachpay.money.MoneyRefused;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.money.StripeCurrency;

/**
 * Reads a coach's money at Stripe, pending and available, and the lines behind it. Lines of an account are numbered without
 * gaps and never change, so a range of numbers identifies them forever, and reading one costs the same however many there are.
 */
@ApplicationScoped
class CoachAccounts {

    private static final String PROFILE = "select currency, time_zone from coach_profiles where user_id = ?";
    private static final String PAST_ZONES = "select time_zone, until from past_time_zones where user_id = ? order by until";
    private static final String ACCOUNTS = """
            select kind, id, balance, lines from ledger_accounts
             where owner_id = ? and kind in ('coach_pending', 'coach_available') and currency = ?""";
    /** Each step is a lookup of its own, since the planner does not know how few lines are asked for. */
    private static final String LINES = """
            select e.journal_id, e.amount, j.kind, j.reference, j.occurred_at, t.id as transaction_id, t.session_id,
                   t.amount as price, t.stripe_application_fee_id
              from (select journal_id, amount, line from ledger_entries
                     where account_id = ? and line >= ? and line < ? offset 0) e
             cross join lateral (select kind, reference, occurred_at, transaction_id from ledger_journals
                                  where id = e.journal_id offset 0) j
              left join lateral (select id, session_id, amount, stripe_application_fee_id from transactions
                                  where id = j.transaction_id and j.kind <> 'funds_available' offset 0) t on true
             order by e.line desc""";
    private static final String LINE_OF = "select line from ledger_entries where journal_id = ? and account_id = ?";
    private static final String BEFORE = "select balance_before from ledger_entries where account_id = ? and line = ?";
    /** The time of booking; a clock that runs ahead of the database's gives times that lie after it. */
    private static final String BOOKED_AT = """
            select greatest(e.created_at, j.occurred_at) as booked_at
              from ledger_entries e join ledger_journals j on j.id = e.journal_id where e.account_id = ? and e.line = ?""";

    /** Concurrent writers may get their numbers the other way round, a few lines apart. */
    private static final String FIRST_NEARBY = """
            select min(e.line) as line from ledger_entries e join ledger_journals j on j.id = e.journal_id
             where e.account_id = ? and e.line between ? and ? and greatest(e.created_at, j.occurred_at) >= ?""";
    private static final int NEARBY = 64;

    private final Rows rows;

    CoachAccounts(DataSource database) {
        this.rows = new Rows(database);
    }

    /** A coach's usual currency, and the time zones of the coach's days. */
    record Profile(StripeCurrency currency, TimeZones zones) {
    }

    /** One of the two accounts; without an id while nothing was ever booked on it. */
    record Account(@Nullable UUID id, Money balance, long lines) {

        /** The number of the next line. */
        long end() {
            return lines + 1;
        }
    }

    /** Both accounts, read at the same moment. */
    record Both(Account pending, Account available) {

        Money total() {
            return pending.balance.plus(available.balance);
        }
    }

    /** @throws NotFound for a person who is not a coach (404) */
    @Transactional(TxType.MANDATORY)
    Profile profile(UUID coachId) {
        List<TimeZones.Past> past = rows.query(PAST_ZONES,
                row -> new TimeZones.Past(ZoneId.of(row.getString("time_zone")), Rows.instant(row, "until")), coachId);
        return rows.query(PROFILE, row -> new Profile(StripeCurrencies.of(row.getString("currency")),
                new TimeZones(ZoneId.of(row.getString("time_zone")), past)), coachId).stream().findFirst()
                .orElseThrow(() -> new NotFound("coach profile"));
    }

    /**
     * The requested currency, or else the profile's.
     *
     * @throws InvalidField for one that Stripe does not know (400)
     */
    static StripeCurrency currency(@Nullable String asked, Profile profile) {
        try {
            return asked == null ? profile.currency() : StripeCurrencies.of(asked);
        } catch (MoneyRefused.UnknownCurrency unknown) {
            throw new InvalidField("currency", "must be the code of a currency, such as USD");
        }
    }

    @Transactional(TxType.MANDATORY)
    Both of(UUID coachId, StripeCurrency currency) {
        Map<String, Account> accounts = new LinkedHashMap<>();
        rows.query(ACCOUNTS, row -> accounts.put(row.getString("kind"), new Account(row.getObject("id", UUID.class),
                currency.of(row.getBigDecimal("balance")), row.getLong("lines"))), coachId, currency.code());
        Account none = new Account(null, Money.zero(currency.unit()), 0);
        return new Both(accounts.getOrDefault("coach_pending", none), accounts.getOrDefault("coach_available", none));
    }

    /** Lines {@code from} to before {@code to}, newest first. */
    @Transactional(TxType.MANDATORY)
    List<Movement> lines(Account account, long from, long to) {
        return account.id == null || from >= to ? List.of()
                : rows.query(LINES, row -> movement(row, account), account.id, from, to);
    }

    private static Movement movement(ResultSet row, Account account) throws SQLException {
        StripeCurrency currency = StripeCurrencies.of(account.balance.getCurrencyUnit());
        Money net = currency.of(row.getBigDecimal("amount"));
        LineKind kind = LineKind.ofJournal(row.getString("kind"));
        Money gross = kind == LineKind.SESSION_PRICE || kind == LineKind.HELD_PAYMENT ? currency.of(row.getBigDecimal("price"))
                : net;
        return new Movement(row.getObject("journal_id", UUID.class), kind, row.getString("reference"),
                Rows.instant(row, "occurred_at"), gross, gross.minus(net), row.getString("stripe_application_fee_id"),
                row.getObject("transaction_id", UUID.class), row.getObject("session_id", UUID.class));
    }

    /** The account's balance before a line, or its balance now where there is no such line yet. */
    @Transactional(TxType.MANDATORY)
    Money before(Account account, long line) {
        if (account.id == null || line > account.lines) {
            return account.balance;
        }
        BigDecimal balance = rows.query(BEFORE, row -> row.getBigDecimal(1), account.id, line).get(0);
        return StripeCurrencies.of(account.balance.getCurrencyUnit()).of(balance);
    }

    /** The line that a journal made on an account. */
    @Transactional(TxType.MANDATORY)
    long lineOf(UUID journalId, Account account) {
        return rows.query(LINE_OF, row -> row.getLong(1), journalId, account.id).get(0);
    }

    /**
     * The first line booked at a time or after it, or the end. Lines are booked in the order of their numbers, so a few steps
     * find it, and it stays the same however many come later.
     */
    @Transactional(TxType.MANDATORY)
    long firstSince(Account account, Instant time) {
        long low = 1;
        long high = account.end();
        while (low < high) {
            long middle = (low + high) >>> 1;
            Instant booked = rows.query(BOOKED_AT, row -> Rows.instant(row, "booked_at"), account.id, middle).get(0);
            if (booked.isBefore(time)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < 2 ? low : firstNearby(account, low, time);
    }

    private long firstNearby(Account account, long found, Instant time) {
        Long earlier = rows.query(FIRST_NEARBY, row -> row.getObject("line", Long.class), account.id, found - NEARBY, found - 1,
                time).get(0);
        return earlier == null ? found : earlier;
    }

    /**
     * The movements of both accounts together. A movement that only went from one to the other within these lines is left out.
     *
     * @return in the order of the first of its lines
     */
    static List<Movement> together(List<Movement> pending, List<Movement> available) {
        Map<UUID, Movement> byJournal = new LinkedHashMap<>();
        pending.forEach(movement -> byJournal.put(movement.journalId(), movement));
        List<Movement> all = new ArrayList<>();
        for (Movement movement : available) {
            Movement other = byJournal.get(movement.journalId());
            if (other != null && other.net().plus(movement.net()).isZero()) {
                byJournal.remove(movement.journalId());
            } else {
                all.add(movement);
            }
        }
        all.addAll(byJournal.values());
        return all;
    }
}
