package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kept sum of an account's import is the sum of its lines, however they are written or changed. */
class ImportTotalsTest {

    private final String account = Rows.stripeId("acct");

    @Test
    void followsEveryLine() throws SQLException {
        String first = add("10.00", "USD", false);
        add("2.50", "USD", false);
        add("7", "JPY", false);
        add("-12.50", "USD", false);
        assertThat(total("USD")).isEqualTo("0.0000");
        assertThat(total("JPY")).isEqualTo("7.0000");

        Sql.run(Caller.SERVICE,
                """
                        insert into stripe_balance_transactions (id, account, stripe_balance_transaction_id, type, amount, fee, net, currency,
                               created, available_on)
                        values (gen_random_uuid(), ?, ?, 'payment', 99, 0, 99, 'USD', now(), now())
                        on conflict on constraint stripe_balance_transactions_once do update set available_on = excluded.available_on""",
                account, first);
        assertThat(total("USD")).isEqualTo("0.0000");

        try (Connection owner = Database.owner()) {
            Sql.run(owner,
                    "update stripe_balance_transactions set amount = 11, net = 11 where stripe_balance_transaction_id = ?",
                    first);
            assertThat(total("USD")).isEqualTo("1.0000");
            Sql.run(owner, "update stripe_balance_transactions set currency = 'EUR' where stripe_balance_transaction_id = ?",
                    first);
            assertThat(total("USD")).isEqualTo("-10.0000");
            assertThat(total("EUR")).isEqualTo("11.0000");
            Sql.run(owner, "delete from stripe_balance_transactions where stripe_balance_transaction_id = ?", first);
            assertThat(total("EUR")).isEqualTo("0.0000");
        }
    }

    @Test
    void countsWhatIsIgnoredOfAConnectedAccountAlone() throws SQLException {
        add("3", "USD", true);

        assertThat(total("USD")).isEqualTo("3.0000");
        String before = platform();
        Sql.run(Caller.SERVICE,
                """
                        insert into stripe_balance_transactions (id, account, stripe_balance_transaction_id, type, amount, fee, net, currency,
                               created, available_on, ignored)
                        values (gen_random_uuid(), 'platform', ?, 'reserve_hold', 5, 0, 5, 'USD', now(), now(), true)""",
                Rows.stripeId("txn"));
        assertThat(platform()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = { "update balance_import_totals set net = 0", "delete from balance_import_totals",
            "insert into balance_import_totals (account, currency, net) values ('acct_1', 'USD', 1)" })
    void isWrittenByNobody(String attack) throws SQLException {
        add("1", "USD", false);

        assertThat(Refusal.state(() -> Sql.run(Caller.SERVICE, attack))).isEqualTo(Refusal.MISSING_RIGHT);
    }

    private String add(String net, String currency, boolean ignored) throws SQLException {
        String id = Rows.stripeId("txn");
        Sql.run(Caller.SERVICE,
                """
                        insert into stripe_balance_transactions (id, account, stripe_balance_transaction_id, type, amount, fee, net, currency,
                               created, available_on, ignored)
                        values (gen_random_uuid(), ?, ?, 'payment', ?::numeric, 0, ?::numeric, ?, now(), now(), ?)""",
                account, id, net, net, currency, ignored);
        return id;
    }

    private String total(String currency) throws SQLException {
        return Sql.value(Caller.SERVICE, "select net from balance_import_totals where account = ? and currency = ?", account,
                currency);
    }

    private static String platform() throws SQLException {
        return Sql.value(Caller.SERVICE, """
                select coalesce(sum(net), 0) from balance_import_totals where account = 'platform' and currency = 'USD'""");
    }
}
