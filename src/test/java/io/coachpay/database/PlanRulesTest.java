package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanRulesTest {

    private static final String INSERT = """
            insert into subscription_plans (id, product_id, replaces, name, audience, amount, currency, billing_interval, tier)
            values (?, ?, ?, 'Pro', ?, 29, 'USD', 'month', 'pro')""";

    @ParameterizedTest
    @CsvSource({ "name = ' ', subscription_plans_name_check", "trial_days = -1, subscription_plans_trial_days_check",
            "trial_days = 366, subscription_plans_trial_days_check", "tier = 'Pro', subscription_plans_tier_check",
            "tier = '', subscription_plans_tier_check",
            "platform_fee_percentage = 100.01, subscription_plans_platform_fee_percentage_check",
            "platform_fee_percentage = -1, subscription_plans_platform_fee_percentage_check",
            "platform_fee_percentage = 'NaN', subscription_plans_platform_fee_percentage_check",
            "credit_bonus_percentage = 101, subscription_plans_credit_bonus_percentage_check",
            "stripe_price_id = 'plan_1', subscription_plans_price" })
    void takesNoTermsThatCannotBeSold(String change, String wall) throws SQLException {
        UUID id = Rows.plan("Pro");

        assertThat(Refusal.constraint(() -> Sql.run(Caller.admin(Rows.user()),
                "update subscription_plans set " + change + " where id = ?", id))).isEqualTo(wall);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "stripe_price_id = 'plan_1', stripe_product_id = 'prod_1', price_status = 'synced'| subscription_plans_stripe_price_id_check",
            "stripe_price_id = 'price_1', stripe_product_id = 'price_1', price_status = 'synced'| subscription_plans_stripe_product_id_check",
            "stripe_price_id = 'price_1', price_status = 'synced'| subscription_plans_price",
            "stripe_product_id = 'prod_1'| subscription_plans_price",
            "price_attempt = 0| subscription_plans_price_attempt_check" })
    void takesNothingThatIsNoPrice(String change, String wall) throws SQLException {
        UUID id = Rows.plan("Pro");

        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update subscription_plans set " + change + " where id = ?", id)))
                .isEqualTo(wall);
    }

    @ParameterizedTest
    @CsvSource({ "app_admin, amount = 1", "app_admin, currency = 'EUR'", "app_admin, billing_interval = 'year'",
            "app_admin, audience = 'organization'", "app_admin, product_id = gen_random_uuid()",
            "app_admin, replaces = null", "app_service, name = 'Other'", "app_service, trial_days = 99",
            "app_service, platform_fee_percentage = 0", "app_user, name = 'Mine'" })
    void changesNothingElse(String role, String change) throws SQLException {
        UUID id = Rows.plan("Pro");

        assertThat(Refusal.state(() -> Sql.run(new Caller(role, Rows.user().toString()),
                "update subscription_plans set " + change + " where id = ?", id))).isEqualTo(Refusal.MISSING_RIGHT);
    }

    @Test
    void replacesAPlanOnceByOneForTheSamePeople() throws SQLException {
        Caller admin = Caller.admin(Rows.user());
        UUID old = Rows.plan("Pro");
        UUID next = UUID.randomUUID();
        UUID other = UUID.randomUUID();

        assertThat(Refusal.constraint(() -> Sql.run(admin, INSERT, next, old, old, "organization")))
                .isEqualTo("subscription_plans_replaces");
        assertThat(Refusal.constraint(() -> Sql.run(admin, INSERT, next, other, old, "user")))
                .isEqualTo("subscription_plans_replaces");
        assertThat(Refusal.constraint(() -> Sql.run(admin, INSERT, next, next, old, "user")))
                .isEqualTo("subscription_plans_first");
        assertThat(Refusal.constraint(() -> Sql.run(admin, INSERT, next, old, null, "user")))
                .isEqualTo("subscription_plans_first");
        Sql.run(admin, INSERT, next, old, old, "user");
        assertThat(Refusal.constraint(() -> Sql.run(admin, INSERT, other, old, old, "user")))
                .isEqualTo("subscription_plans_replaces_key");
    }

    @Test
    void insertsNothingThatIsNoPlan() throws SQLException {
        Caller admin = Caller.admin(Rows.user());
        String insert = """
                with made as (select gen_random_uuid() as id)
                insert into subscription_plans (id, product_id, name, audience, amount, currency, billing_interval, tier)
                select id, id, 'Pro', %s, 'pro' from made""";

        assertThat(Refusal.constraint(() -> Sql.run(admin, insert.formatted("'coach', 19, 'USD', 'month'"))))
                .isEqualTo("subscription_plans_audience_check");
        assertThat(Refusal.constraint(() -> Sql.run(admin, insert.formatted("'user', 0, 'USD', 'month'"))))
                .isEqualTo("subscription_plans_amount_check");
        assertThat(Refusal.constraint(() -> Sql.run(admin, insert.formatted("'user', 19, 'usd', 'month'"))))
                .isEqualTo("subscription_plans_currency_check");
        assertThat(Refusal.constraint(() -> Sql.run(admin, insert.formatted("'user', 19, 'USD', 'week'"))))
                .isEqualTo("subscription_plans_billing_interval_check");
    }

    @Test
    void deletesNoPlan() throws SQLException {
        UUID id = Rows.plan("Pro");
        UUID user = Rows.user();

        for (Caller caller : List.of(Caller.user(user), Caller.admin(user), Caller.SERVICE, Caller.ANONYMOUS)) {
            assertThat(Refusal.state(() -> Sql.run(caller, "delete from subscription_plans where id = ?", id)))
                    .isEqualTo(Refusal.MISSING_RIGHT);
        }
    }

    @Test
    void hidesWhatIsNotForSale() throws SQLException {
        UUID id = Rows.plan("Pro");
        UUID user = Rows.user();

        Sql.run(Caller.admin(user), "update subscription_plans set is_active = false where id = ?", id);

        assertThat(Sql.column(Caller.user(user), "select name from subscription_plans where id = ?", id)).isEmpty();
        assertThat(Sql.column(Caller.admin(user), "select name from subscription_plans where id = ?", id)).hasSize(1);
    }
}
