package io.coachpay.database;

import static io.coachpay.database.Rows.line;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.access.Ids;
import io.coachpay.development.Postgres;

/**
 * Payments and credits as analysts see them. The statements are those that people have in their reports, character by
 * character; they add up all rows there are, so that this is a database of its own.
 */
class AnalystViewsTest {

    private static final String PAYMENTS_OF_A_USER = """
            SELECT * FROM payment_transactions\s
            WHERE user_id = 'user_123'\s
            ORDER BY created_at DESC;
            """;
    private static final String TOTAL_REVENUE = """
            SELECT SUM(amount_paid) as total_revenue\s
            FROM payment_transactions\s
            WHERE payment_status = 'paid';
            """;
    private static final String PAYMENTS_BY_PACKAGE = """
            SELECT package_name, COUNT(*) as count, SUM(amount_paid) as revenue
            FROM payment_transactions\s
            WHERE payment_status = 'paid'
            GROUP BY package_name;
            """;
    private static final String RECENT_PAYMENTS = """
            SELECT pt.*, u.user_id\s
            FROM payment_transactions pt
            JOIN users u ON pt.user_id = u.user_id
            WHERE payment_status = 'paid'
            ORDER BY created_at DESC
            LIMIT 100;
            """;
    private static final String DEFAULT_PACKAGES = """
            INSERT INTO credit_packages (name, description, amount, credit_amount, sort_order) VALUES
              ('Small Package', 'Perfect for light usage', 5.00, 5.00, 1),
              ('Medium Package', 'Great for regular usage', 15.00, 15.00, 2),
              ('Large Package', 'Best value for heavy usage', 30.00, 30.00, 3);
            """;

    private static final UUID ALICE = UUID.randomUUID();
    private static final UUID BOB = UUID.randomUUID();
    private static final UUID CAROL = UUID.randomUUID();

    private static Connection owner;
    private static Connection analyst;

    @BeforeAll
    static void tellTheStory() throws SQLException {
        String url = Database.fresh("analysts");
        owner = Database.connect(url, Database.server().owner());
        analyst = Database.connect(url, new Postgres.Login("postgres", ""));
        Sql.run(analyst, "set role analyst");
        for (UUID person : List.of(ALICE, BOB, CAROL)) {
            Sql.run(owner, "insert into users (id, oidc_subject, email) values (?, ?, ?)", person, person.toString(),
                    person + "@example.com");
        }
        UUID starter = creditPackage("Starter", "10", "10");
        UUID professional = creditPackage("Professional", "30", "33");
        purchase(ALICE, starter, "completed", "0");
        purchase(ALICE, starter, "failed", "0");
        purchase(ALICE, starter, "processing", "0");
        purchase(ALICE, starter, "canceled", "0");
        purchase(ALICE, professional, "refunded", "30");
        UUID bought = purchase(BOB, professional, "partially_refunded", "12");
        session("checkout", "125", "USD", 1);
        session("saved_card", "8000", "JPY", 2);
        UUID byCredits = session("credits", "25", "USD", 3);
        moveCredits(bought, byCredits);
    }

    private static UUID creditPackage(String name, String price, String credits) throws SQLException {
        UUID id = Ids.next();
        Sql.run(owner, "insert into credit_packages (id, name, amount, credit_amount) values (?, ?, ?::numeric, ?::numeric)",
                id,
                name, price, credits);
        return id;
    }

    private static UUID purchase(UUID buyer, UUID bought, String status, String refunded) throws SQLException {
        UUID id = Ids.next();
        Sql.run(owner, """
                insert into transactions (id, type, status, method, amount, currency, credit_amount, refunded_amount, payer_id,
                  package_id, package_name, customer_email, payment_method_type, stripe_payment_intent_id)
                select ?, 'credit_purchase', ?, 'checkout', amount, currency, credit_amount, ?::numeric, ?, id, name,
                  'payer@example.com', 'card', ? from credit_packages where id = ?""", id, status, refunded, buyer,
                Rows.stripeId("pi"), bought);
        return id;
    }

    /** A session of alice's with carol at a time of its own, of which the coach gets all; its payment. */
    private static UUID session(String method, String price, String currency, int number) throws SQLException {
        UUID session = Ids.next();
        UUID payment = Ids.next();
        Sql.run(owner,
                """
                        insert into sessions (id, mentee_id, coach_id, starts_at, ends_at, status, price_amount, currency,
                          platform_fee_amount, coach_payout_amount, hourly_rate, platform_fee_percentage, hold_expires_at)
                        select ?, ?, ?, at, at + interval '1 hour', 'pending_payment', amount, ?, 0, amount, amount, 0, now() + interval '30 minutes'
                          from (select now() + ? * interval '1 day' as at, ?::numeric as amount) s""",
                session, ALICE, CAROL, currency,
                number, price);
        Sql.run(owner,
                """
                        insert into transactions (id, type, status, method, amount, currency, coach_payout, credit_amount, payer_id,
                          coach_id, session_id, destination_account)
                        select ?, 'session_payment', 'completed', ?, price_amount, currency, price_amount,
                          case when ? = 'credits' then price_amount end, mentee_id, coach_id, id, 'acct_1' from sessions where id = ?""",
                payment, method, method, session);
        return payment;
    }

    /** Bob buys 33, books for 25, cancels, gets 12.5 as a gift of which 2.5 are taken again, and 13.2 are refunded. */
    private static void moveCredits(UUID bought, UUID byCredits) throws SQLException {
        post("credits_bought", bought, line("external", null, "-30"), line("platform_promotions", null, "-3"),
                line("credits", BOB, "33"));
        post("credits_booked", byCredits, line("credits", BOB, "-25"), line("deferred", BOB, "25"));
        post("credits_returned", byCredits, line("deferred", BOB, "-25"), line("credits", BOB, "25"));
        adjust("12.5", "Goodwill");
        adjust("-2.5", "A gift too many");
        post("credits_taken", bought, line("refund_clearing", null, "12"), line("platform_promotions", null, "1.2"),
                line("credits", BOB, "-13.2"));
    }

    private static UUID post(String kind, UUID payment, Rows.Line... lines) throws SQLException {
        UUID id = Ids.next();
        Posting.post(owner, List.of(new Posting.Journal(id, kind, id.toString(), payment, List.of(lines))));
        return id;
    }

    private static void adjust(String credits, String reason) throws SQLException {
        UUID id = Ids.next();
        String back = credits.startsWith("-") ? credits.substring(1) : "-" + credits;
        Posting.post(owner, List.of(new Posting.Journal(id, "credits_adjusted", id.toString(), null,
                List.of(line("platform_promotions", null, back), line("credits", BOB, credits)))));
        Sql.run(owner, """
                insert into credit_adjustments (id, user_id, amount, currency, reason, adjusted_by, journal_id)
                values (?, ?, ?::numeric, 'USD', ?, ?, ?)""", Ids.next(), BOB, credits, reason, CAROL, id);
    }

    @AfterAll
    static void disconnect() throws SQLException {
        analyst.close();
        owner.close();
    }

    @Test
    void tellsTheTotalRevenue() throws SQLException {
        // Starter 10, of Professional 30 - 12, the session 125; nothing of what was refunded, was paid in JPY or with credits
        assertThat(seen(TOTAL_REVENUE)).containsExactly("153.0000");
    }

    @Test
    void tellsTheRevenueByPackage() throws SQLException {
        assertThat(seen(PAYMENTS_BY_PACKAGE)).containsExactlyInAnyOrder("Starter 1 10.0000", "Professional 1 18.0000",
                "null 2 125.0000");
    }

    @Test
    void tellsThePaymentsOfAUser() throws SQLException {
        assertThat(seen(PAYMENTS_OF_A_USER)).isEmpty();
        assertThat(seen(PAYMENTS_OF_A_USER.replace("user_123", ALICE.toString()))).hasSize(7);
        assertThat(seen(PAYMENTS_OF_A_USER.replace("user_123", BOB.toString()))).hasSize(1);
    }

    @Test
    void tellsRecentPaymentsWithTheirUsers() throws SQLException {
        assertThat(seen(RECENT_PAYMENTS)).hasSize(4).filteredOn(row -> row.contains(BOB + " ") && row.endsWith(" " + BOB))
                .singleElement().asString().contains(" 30.0000 18.0000 usd succeeded paid card ");
    }

    @Test
    void hasThePackagesThatItOffersFirst() throws SQLException {
        String mine = "select count(*) from credit_packages where name in ('Small Package', 'Medium Package', 'Large Package')";
        owner.setAutoCommit(false);
        try {
            assertThat(Sql.value(owner, mine)).isEqualTo("3");
            assertThat(Sql.run(owner, DEFAULT_PACKAGES)).isEqualTo(3);
            assertThat(Sql.value(owner, mine)).isEqualTo("6");
        } finally {
            owner.rollback();
            owner.setAutoCommit(true);
        }
    }

    @Test
    void saysHowAPaymentEndedInBothWords() throws SQLException {
        assertThat(Sql.column(analyst, """
                select concat_ws(' ', coalesce(package_name, '-'), trim_scale(amount), currency, status, payment_status,
                         trim_scale(amount_paid), trim_scale(credit_amount), trim_scale(tokens_purchased))
                  from payment_transactions order by id""")).containsExactly(
                "Starter 10 usd succeeded paid 10 10 10",
                "Starter 10 usd failed failed 10 10 10",
                "Starter 10 usd pending pending 10 10 10",
                "Starter 10 usd canceled canceled 10 10 10",
                "Professional 30 usd succeeded refunded 0 33 33",
                "Professional 30 usd succeeded paid 18 33 33",
                "- 125 usd succeeded paid 125 0 0",
                "- 8000 jpy succeeded paid 0 0");
    }

    @Test
    void hasAllColumnsThatReportsName() throws SQLException {
        assertThat(columns("payment_transactions")).contains("id", "user_id", "stripe_payment_intent_id", "amount", "currency",
                "status", "credit_amount", "description", "stripe_customer_id", "stripe_payment_method_id", "metadata",
                "created_at", "updated_at", "payment_id", "stripe_session_id", "package_id", "package_name", "tokens_purchased",
                "amount_paid", "payment_status", "payment_method", "customer_email");
        assertThat(columns("user_balances")).containsExactly("user_id", "balance", "created_at", "updated_at");
        assertThat(columns("balance_transactions")).contains("id", "user_id", "amount", "balance_before", "balance_after",
                "transaction_type", "description", "reference_id", "created_at");
        assertThat(columns("user_credit_purchases")).containsExactly("id", "user_id", "package_id", "package_name", "credits",
                "amount", "currency", "status", "payment_status", "credits_taken_back", "stripe_checkout_session_id",
                "stripe_payment_intent_id", "stripe_customer_id", "failure_code", "failure_message", "created_at",
                "completed_at");
    }

    @Test
    void tellsEachMovementOfCreditsAndWhatItLeft() throws SQLException {
        List<String> lines = Sql.column(analyst, """
                select concat_ws(' ', transaction_type, amount, balance_before, balance_after, description)
                  from balance_transactions where user_id = ? order by line""", BOB);

        assertThat(lines).containsExactly(
                "credit 33.000000 0.000000 33.000000 Credits bought",
                "debit -25.000000 33.000000 8.000000 Session booked",
                "credit 25.000000 8.000000 33.000000 Session cancelled",
                "adjustment 12.500000 33.000000 45.500000 Goodwill",
                "adjustment -2.500000 45.500000 43.000000 A gift too many",
                "debit -13.200000 43.000000 29.800000 Purchase refunded or disputed");
        assertThat(Sql.column(analyst, "select balance from user_balances where user_id = ?", BOB))
                .containsExactly("29.800000");
        assertThat(Sql.column(analyst, """
                select p.package_name from balance_transactions b join payment_transactions p on p.id = b.reference_id
                 order by b.line""")).containsExactly("Professional", "Professional");
    }

    @Test
    void tellsThePurchasesOfCredits() throws SQLException {
        assertThat(Sql.column(analyst, """
                select concat_ws(' ', package_name, trim_scale(credits), status, payment_status)
                  from user_credit_purchases where user_id = ?""", BOB))
                .containsExactly("Professional 33 succeeded paid");
        assertThat(Sql.value(analyst, "select count(*) from user_credit_purchases")).isEqualTo("6");
    }

    @Test
    void showsAddressesToThoseAloneWhoMaySeePersonalData() throws SQLException {
        String addresses = "select count(customer_email) from payment_transactions";
        assertThat(Sql.value(analyst, addresses)).isEqualTo("0");

        Sql.run(analyst, "set role analyst_personal");
        try {
            assertThat(Sql.value(analyst, addresses)).isEqualTo("6");
            assertThat(seen(TOTAL_REVENUE)).containsExactly("153.0000");
        } finally {
            Sql.run(analyst, "set role analyst");
        }
    }

    @Test
    void grantsAnalystsAllFiguresOfAPaymentButItsAddress() throws SQLException {
        assertThat(Sql.column(owner, """
                select attname from pg_attribute where attrelid = 'transactions'::regclass and attnum > 0 and not attisdropped
                   and not has_column_privilege('analyst', attrelid, attnum, 'select')""")).containsExactly("customer_email");
    }

    @ParameterizedTest
    @ValueSource(strings = { "select customer_email from transactions", "select * from transactions",
            "update payment_transactions set amount = 1", "delete from user_balances",
            "insert into user_balances (user_id) values (null)" })
    void refusesAnalysts(String attack) {
        assertThat(Refusal.state(() -> Sql.run(analyst, attack))).isEqualTo(Refusal.MISSING_RIGHT);
    }

    private static List<String> columns(String view) throws SQLException {
        return Sql.column(analyst,
                "select attname from pg_attribute where attrelid = ?::regclass and attnum > 0 order by attnum",
                view);
    }

    /** The rows that an analyst sees, each as its values with blanks between. */
    private static List<String> seen(String query) throws SQLException {
        List<String> seen = new ArrayList<>();
        try (var statement = analyst.createStatement(); var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    values.add(String.valueOf(rows.getString(column)));
                }
                seen.add(String.join(" ", values));
            }
        }
        return seen;
    }
}
