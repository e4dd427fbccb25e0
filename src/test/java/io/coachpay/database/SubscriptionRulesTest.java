package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionRulesTest {

    private UUID alice;
    private UUID plan;

    @BeforeEach
    void meetASubscriber() throws SQLException {
        alice = Rows.user();
        plan = Rows.plan("Pro");
    }

    @ParameterizedTest
    @ValueSource(strings = { "requested", "incomplete", "trialing", "active", "past_due", "unpaid", "paused" })
    void letsOneLiveForEachPerson(String status) throws SQLException {
        UUID live = Rows.subscription(alice, plan, status);

        assertThat(Refusal.constraint(() -> Rows.subscription(alice, plan, "requested")))
                .isEqualTo("subscriptions_one_live_of_user");
        assertThat(Refusal.constraint(() -> Rows.subscription(alice, plan, "active")))
                .isEqualTo("subscriptions_one_live_of_user");
        Rows.subscription(alice, plan, "expired");
        Rows.subscription(alice, plan, "canceled");
        Rows.subscription(Rows.user(), plan, status);
        if (!status.equals("requested")) {
            Sql.run(Caller.SERVICE, "update subscriptions set is_surplus = true where id = ?", live);
            Rows.subscription(alice, plan, "active");
        }
    }

    @Test
    void letsOneLiveForEachCompany() throws SQLException {
        UUID acme = Rows.inserted("insert into organizations (id, name) values (?, 'Acme')");
        String insert = """
                insert into subscriptions (id, organization_id, plan_id, product_id, stripe_customer_id, stripe_price_id,
                  trial_days, success_url, cancel_url, page_expires_at)
                values (?, ?, ?, ?, 'cus_1', 'price_1', 0, '/', '/', now())""";

        Rows.inserted(insert, acme, plan, plan);

        assertThat(Refusal.constraint(() -> Rows.inserted(insert, acme, plan, plan)))
                .isEqualTo("subscriptions_one_live_of_organization");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "status = 'dormant'| subscriptions_status_edge",
            "stripe_subscription_id = 'sub_1'| subscriptions_known", "status = 'active'| subscriptions_known",
            "is_surplus = true| subscriptions_surplus", "past_due_since = now()| subscriptions_past_due",
            "plan_id = null| subscriptions_planned",
            "stripe_checkout_session_id = 'pi_1'| subscriptions_stripe_checkout_session_id_check",
            "stripe_price_id = 'prod_1'| subscriptions_stripe_price_id_check",
            "latest_invoice = 'ii_1'| subscriptions_latest_invoice_check",
            "pending_price_id = 'prod_1'| subscriptions_pending_price_id_check",
            "default_payment_method = 'pi_1'| subscriptions_default_payment_method_check",
            "payment_method = 'pm_1'| subscriptions_page",
            "wanted_price_id = 'price_1'| subscriptions_wanted",
            "wanted_price_id = 'x', prorated_at = now(), change_attempt = 1| subscriptions_wanted_price_id_check",
            "wanted_price_id = 'price_1', prorated_at = now(), change_attempt = 0| subscriptions_change_attempt_check",
            "change_ends_trial = true| subscriptions_change_ends_trial_check",
            "missing_at = now()| subscriptions_missing",
            "attempt = 0| subscriptions_attempt_check" })
    void takesNothingThatIsNoSubscription(String change, String wall) throws SQLException {
        UUID id = Rows.subscription(alice, plan, "requested");

        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update subscriptions set " + change + " where id = ?", id))).isEqualTo(wall);
    }

    @ParameterizedTest
    @ValueSource(strings = { "user_id = gen_random_uuid()", "organization_id = gen_random_uuid()",
            "product_id = gen_random_uuid()", "stripe_customer_id = 'cus_2'", "trial_days = 99", "success_url = '/x'",
            "page_expires_at = now()", "is_direct = true", "created_at = now()" })
    void changesNothingOfThePage(String change) throws SQLException {
        UUID id = Rows.subscription(alice, plan, "requested");

        assertThat(Refusal.state(
                () -> Sql.run(Caller.SERVICE, "update subscriptions set " + change + " where id = ?", id)))
                .isEqualTo(Refusal.MISSING_RIGHT);
    }

    @Test
    void hasOneOwnerAndNoUnknownStates() throws SQLException {
        String insert = """
                insert into subscriptions (id, user_id, organization_id, plan_id, product_id, status, stripe_customer_id,
                  stripe_price_id, trial_days, success_url, cancel_url, page_expires_at)
                values (?, nullif(?, '')::uuid, nullif(?, '')::uuid, ?, ?, ?, 'cus_1', 'price_1', 0, '/', '/', now())""";
        String acme = Rows.inserted("insert into organizations (id, name) values (?, 'Acme')").toString();

        assertThat(Refusal.constraint(() -> Rows.inserted(insert, "", "", plan, plan, "requested")))
                .isEqualTo("subscriptions_one_owner");
        assertThat(Refusal.constraint(() -> Rows.inserted(insert, alice.toString(), acme, plan, plan, "requested")))
                .isEqualTo("subscriptions_one_owner");
        assertThat(Refusal.constraint(() -> Rows.subscription(alice, plan, "dormant")))
                .isEqualTo("subscriptions_status_check");
    }

    @Test
    void staysEnded() throws SQLException {
        for (String end : List.of("canceled", "incomplete_expired")) {
            UUID id = Rows.subscription(alice, plan, end);

            assertThat(Refusal.constraint(
                    () -> Sql.run(Caller.SERVICE, "update subscriptions set status = 'active' where id = ?", id)))
                    .isEqualTo("subscriptions_status_edge");
        }
    }

    @Test
    void showsASubscriberThePlanThatIsForSaleNoMore() throws SQLException {
        Rows.subscription(alice, plan, "active");
        Sql.run(Caller.admin(Rows.user()), "update subscription_plans set is_active = false where id = ?", plan);
        String plans = "select name from subscription_plans where id = ?";

        assertThat(Sql.column(Caller.user(alice), plans, plan)).hasSize(1);
        assertThat(Sql.column(Caller.user(Rows.user()), plans, plan)).isEmpty();
    }
}
