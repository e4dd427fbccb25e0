package io.coachpay.ledger;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import javax.sql.DataSource;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;

import io.coachpay.database.Caller;
import io.coachpay.database.Database;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** The real ledger, posting in database transactions of the service, and the database's answers. */
final class Books {

    /** An adjustment belongs to a balance transaction, which must exist first. */
    private static final String LINE = """
            insert into stripe_balance_transactions (id, account, stripe_balance_transaction_id, type, amount, fee, net, currency,
                   created, available_on, fact_journal_id)
            select gen_random_uuid(), coalesce(max(c.stripe_account_id), 'platform'), j.reference, 'adjustment',
                   sum(e.amount), 0, sum(e.amount), e.currency, j.occurred_at, j.occurred_at, j.id
              from ledger_journals j join ledger_entries e on e.journal_id = j.id
              join ledger_accounts a on a.id = e.account_id and a.kind <> 'external'
              left join stripe_connected_accounts c on c.user_id = a.owner_id
             where j.id = ? and j.kind = 'adjusted' group by j.id, e.currency""";

    private Books() {
    }

    /** A new person with a coach's profile in this currency. */
    static UUID newCoach(CurrencyUnit currency) {
        UUID coach = UUID.randomUUID();
        inTransaction(connection -> {
            write(connection, "insert into users (id, oidc_subject, email, name) values (?, ?, ?, 'Somebody')", coach,
                    "subject-" + coach, coach + "@example.com");
            write(connection,
                    "insert into coach_profiles (id, user_id, hourly_rate, currency, minimum_payout) values (?, ?, 100, ?, 100)",
                    UUID.randomUUID(), coach, currency.getCode());
            write(connection,
                    "insert into stripe_connected_accounts (id, user_id, stripe_account_id, country) values (?, ?, ?, 'US')",
                    UUID.randomUUID(), coach, "acct_" + coach.toString().replace("-", ""));
            return null;
        });
        return coach;
    }

    /** Posts these journals in one database transaction; returns how many were new. */
    static int post(Journal... journals) {
        return inTransaction(connection -> {
            int fresh = ledgerOn(connection).post(List.of(journals));
            for (Journal journal : journals) {
                write(connection, LINE, journal.id());
            }
            return fresh;
        });
    }

    /** The amounts the database has for a journal, by account. */
    static Map<MoneyDoc.Column, Money> entries(Journal journal) {
        Map<MoneyDoc.Column, Money> entries = new HashMap<>();
        read("""
                select a.kind, e.currency, e.amount from ledger_entries e join ledger_accounts a on a.id = e.account_id
                 where e.journal_id = ?""", row -> {
            Money amount = money(row.getString(2), row.getBigDecimal(3));
            entries.put(new MoneyDoc.Column(kind(row), amount.getCurrencyUnit()), amount);
        }, journal.id());
        return entries;
    }

    /** The running balances of a coach in one currency, by account; accounts never used are not there. */
    static Map<Account.Kind, Money> balances(UUID coach, CurrencyUnit currency) {
        Map<Account.Kind, Money> balances = new EnumMap<>(Account.Kind.class);
        read("select kind, currency, balance from ledger_accounts where owner_id = ? and currency = ?",
                row -> balances.put(kind(row), money(row.getString(2), row.getBigDecimal(3))), coach, currency.getCode());
        return balances;
    }

    /** The figures of a coach's profile. */
    record Figures(BigDecimal pending, BigDecimal available, BigDecimal totalEarnings) {
    }

    static Figures figures(UUID coach) {
        List<Figures> found = new ArrayList<>();
        read("select pending_balance, available_balance, total_earnings from coach_profiles where user_id = ?",
                row -> found.add(new Figures(row.getBigDecimal(1), row.getBigDecimal(2), row.getBigDecimal(3))), coach);
        return found.get(0);
    }

    /** One line of an account's history, in the account's own order. */
    record Line(long number, Money before, Money amount, Money after) {
    }

    static List<Line> history(Account.Kind kind, UUID coach) {
        List<Line> lines = new ArrayList<>();
        read("""
                select e.line, e.currency, e.balance_before, e.amount, e.balance_after
                  from ledger_entries e join ledger_accounts a on a.id = e.account_id
                 where a.kind = ? and a.owner_id = ? order by e.line""",
                row -> lines.add(new Line(row.getLong(1), money(row.getString(2), row.getBigDecimal(3)),
                        money(row.getString(2), row.getBigDecimal(4)), money(row.getString(2), row.getBigDecimal(5)))),
                kind.column(), coach);
        return lines;
    }

    // ---- the database

    private interface Reader {
        void take(ResultSet row) throws SQLException;
    }

    private static <T> T inTransaction(Database.Work<T> work) {
        try {
            return Database.as(Caller.SERVICE, work);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void read(String query, Reader reader, Object... values) {
        inTransaction(connection -> {
            try (PreparedStatement statement = prepared(connection, query, values);
                    ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.take(rows);
                }
            }
            return 0;
        });
    }

    private static void write(Connection connection, String change, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(connection, change, values)) {
            statement.executeUpdate();
        }
    }

    private static PreparedStatement prepared(Connection connection, String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    private static Account.Kind kind(ResultSet row) throws SQLException {
        return Account.Kind.valueOf(row.getString(1).toUpperCase(Locale.ROOT));
    }

    private static Money money(String currency, BigDecimal amount) {
        return Money.of(CurrencyUnit.of(currency), amount, RoundingMode.UNNECESSARY);
    }

    /**
     * A ledger on the connection of a running database transaction, as in the service: closing the ledger's connection does not
     * end it.
     */
    private static Ledger ledgerOn(Connection connection) {
        Connection lent = (Connection) Proxy.newProxyInstance(Books.class.getClassLoader(), new Class<?>[] { Connection.class },
                (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        DataSource source = (DataSource) Proxy.newProxyInstance(Books.class.getClassLoader(),
                new Class<?>[] { DataSource.class }, (proxy, method, arguments) -> lent);
        return new Ledger(source, new SimpleMeterRegistry());
    }
}
