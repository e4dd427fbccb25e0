package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The database's walls around saved methods, setups and refused cards. */
class CardRulesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            organization_id = id | payment_method_setups_frozen
            ui = 'checkout' | payment_method_setups_page
            success_url = 'https://evil.example' | payment_method_setups_page
            client_address = '203.0.113.7' | payment_method_setups_frozen
            status = 'succeeded', check_at = null, stripe_payment_method_id = null | payment_method_setups_saved
            status = 'canceled' | payment_method_setups_checked
            check_at = null | payment_method_setups_checked
            attempt = 0 | payment_method_setups_attempt_check
            stripe_customer_id = 'me' | payment_method_setups_stripe_customer_id_check
            stripe_setup_intent_id = 'pi_1' | payment_method_setups_stripe_setup_intent_id_check
            """)
    void refusesASetupThatCannotBe(String change, String wall) throws SQLException {
        UUID setup = Rows.setup(Rows.user(), "open");
        String with = change.startsWith("organization_id")
                ? "user_id = (select u.id from users u where u.id <> payment_method_setups.user_id limit 1)"
                : change;

        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update payment_method_setups set " + with + " where id = ?", setup)))
                .isEqualTo(wall);
    }

    @Test
    void refusesASetupWithoutAnOwnerOrWithTwo() throws SQLException {
        UUID company = Rows.inserted("insert into organizations (id, name) values (?, 'Acme')");
        String insert = """
                insert into payment_method_setups (id, user_id, organization_id, ui, stripe_customer_id, currency, check_at)
                values (?, %s, 'elements', 'cus_1', 'USD', now())""";
        UUID user = Rows.user();

        assertThat(Refusal.constraint(() -> Rows.inserted(insert.formatted("null, null"))))
                .isEqualTo("payment_method_setups_one_owner");
        assertThat(Refusal.constraint(() -> Rows.inserted(insert.formatted("?, ?"), user, company)))
                .isEqualTo("payment_method_setups_one_owner");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            redisplay_due = true | payment_methods_open_wishes
            removal_asked_at = now() | payment_methods_open_wishes
            attempt = 0 | payment_methods_attempt_check
            user_id = null | payment_methods_one_owner
            organization_id = gen_random_uuid() | payment_methods_one_owner
            """)
    void refusesAWishThatNobodyWouldSend(String change, String wall) throws SQLException {
        UUID card = card(Rows.user());

        assertThat(
                Refusal.constraint(
                        () -> Sql.run(Caller.SERVICE, "update payment_methods set " + change + " where id = ?", card)))
                .isEqualTo(wall);
    }

    @Test
    void keepsWhoseACardIs() throws SQLException {
        UUID card = card(Rows.user());
        UUID other = Rows.user();

        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update payment_methods set user_id = ? where id = ?", other, card)))
                .isEqualTo("payment_methods_frozen");
    }

    @Test
    void showsACompanysCardsAndSetupsToItsOwnersAlone() throws SQLException {
        UUID company = Rows.inserted("insert into organizations (id, name) values (?, 'Acme')");
        UUID owner = member(company, "owner");
        UUID member = member(company, "member");
        UUID card = Rows.inserted("""
                insert into payment_methods (id, organization_id, stripe_payment_method_id, type) values (?, ?, ?, 'card')""",
                company, Rows.stripeId("pm"));
        UUID setup = Rows.inserted("""
                insert into payment_method_setups (id, organization_id, ui, stripe_customer_id, currency, check_at)
                values (?, ?, 'elements', 'cus_1', 'USD', now())""", company);

        for (String row : new String[] { "payment_methods where id = '" + card + "'",
                "payment_method_setups where id = '" + setup + "'" }) {
            assertThat(Sql.value(Caller.user(owner), "select count(*) from " + row)).isEqualTo("1");
            assertThat(Sql.value(Caller.user(member), "select count(*) from " + row)).isEqualTo("0");
            assertThat(Sql.value(Caller.user(Rows.user()), "select count(*) from " + row)).isEqualTo("0");
            assertThat(Sql.value(Caller.ANONYMOUS, "select count(*) from " + row)).isEqualTo("0");
        }
    }

    @Test
    void showsNobodyWhereASetupCameFrom() throws SQLException {
        UUID user = Rows.user();
        UUID setup = Rows.setup(user, "open");

        for (Caller caller : new Caller[] { Caller.user(user), new Caller("app_admin", "") }) {
            String from = " from payment_method_setups where id = '" + setup + "'";
            assertThat(Sql.value(caller, "select status" + from)).isEqualTo("open");
            for (String column : new String[] { "client_address", "*" }) {
                assertThat(Refusal.state(() -> Sql.value(caller, "select " + column + from))).isEqualTo(Refusal.MISSING_RIGHT);
            }
        }
    }

    @Test
    void letsNobodyForgetWhatALimitStillCounts() throws SQLException {
        UUID user = Rows.user();
        UUID decline = Rows.inserted("insert into card_declines (id, user_id, stripe_id) values (?, ?, ?)", user,
                Rows.stripeId("ch"));
        UUID open = Rows.setup(user, "open");
        UUID fresh = Rows.setup(user, "canceled");

        assertThat(Sql.run(Caller.SERVICE, "delete from card_declines where id = ?", decline)).isZero();
        assertThat(Sql.run(Caller.SERVICE, "delete from payment_method_setups where id in (?, ?)", open, fresh)).isZero();
        assertThat(Refusal.state(() -> Sql.run(Caller.SERVICE, "update card_declines set user_id = user_id where id = ?",
                decline))).isEqualTo(Refusal.MISSING_RIGHT);
        assertThat(Refusal.state(() -> Sql.run(Caller.user(user), "select 1 from card_declines")))
                .isEqualTo(Refusal.MISSING_RIGHT);
        assertThat(Refusal.state(() -> Sql.run(Caller.user(user), "delete from payment_methods")))
                .isEqualTo(Refusal.MISSING_RIGHT);
        assertThat(Refusal.state(() -> Sql.run(Caller.user(user), "update stripe_customers set wanted_default = 'pm_1'")))
                .isEqualTo(Refusal.MISSING_RIGHT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            wanted_default = 'card 4242' | stripe_customers_wanted_default_check
            default_if_none = true | stripe_customers_default_if_none
            default_attempt = 0 | stripe_customers_default_attempt_check
            """)
    void refusesAWishForADefaultThatIsNotOne(String change, String wall) throws SQLException {
        UUID customer = Rows.inserted("insert into stripe_customers (id, user_id) values (?, ?)", Rows.user());

        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update stripe_customers set " + change + " where id = ?", customer)))
                .isEqualTo(wall);
    }

    @Test
    void keepsTheCustomersThatAnotherTookThePlaceOf() throws SQLException {
        String first = Rows.stripeId("cus");
        UUID customer = Rows.inserted("insert into stripe_customers (id, user_id, stripe_customer_id) values (?, ?, ?)",
                Rows.user(), first);
        Sql.run(Caller.SERVICE, "update stripe_customers set stripe_customer_id = null where id = ?", customer);
        Sql.run(Caller.SERVICE, "update stripe_customers set stripe_customer_id = ? where id = ?", Rows.stripeId("cus"),
                customer);

        assertThat(Sql.value(Caller.SERVICE, "select former_customers from stripe_customers where id = ?", customer))
                .isEqualTo("{" + first + "}");
        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update stripe_customers set former_customers = '{}' where id = ?", customer)))
                .isEqualTo("stripe_customers_frozen");
    }

    @Test
    void countsARefusalOnce() throws SQLException {
        UUID user = Rows.user();
        String charge = Rows.stripeId("ch");
        String insert = "insert into card_declines (id, user_id, stripe_id) values (?, ?, ?)";
        Rows.inserted(insert, user, charge);

        assertThat(Refusal.constraint(() -> Rows.inserted(insert, user, charge))).isEqualTo("card_declines_stripe_id_key");
    }

    private static UUID card(UUID user) throws SQLException {
        return Rows.inserted("""
                insert into payment_methods (id, user_id, stripe_payment_method_id, type) values (?, ?, ?, 'card')""", user,
                Rows.stripeId("pm"));
    }

    private static UUID member(UUID company, String role) throws SQLException {
        UUID user = Rows.user();
        Rows.inserted("insert into organization_members (id, organization_id, user_id, role) values (?, ?, ?, ?)", company,
                user, role);
        return user;
    }
}
