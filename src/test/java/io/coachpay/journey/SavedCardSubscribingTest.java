package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.AtOnce;
import io.coachpay.OwnerSql;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.restassured.response.ValidatableResponse;

/** A person subscribes with a saved card, without Stripe's page. */
@ServiceTest
class SavedCardSubscribingTest {

    private Subscriber alice;

    @BeforeEach
    void meetASubscriber() {
        alice = new Subscriber();
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
        alice.leaves();
    }

    @Test
    void paysTheFirstPeriodAndIsActive() {
        String plan = Marketplace.plan(Map.of());
        alice.makesDefault(alice.saves("pm_card_mastercard"));
        String named = alice.saves("pm_card_visa");

        begins(plan, named).statusCode(201).body("status", equalTo("active")).body("plan.id", equalTo(plan))
                .body("nextAction", nullValue());

        assertThat(alice.payment().getString("payment_method")).isEqualTo(Subscriber.stripeIdOf(named));
        assertThat(alice.subscription().getString("default_payment_method")).isNull();
        Problem.is(begins(plan, named), 409, "subscription-live");
        Problem.is(begins(Marketplace.plan(Map.of()), null), 409, "subscription-live");
        assertThat(charges()).hasSize(1);
    }

    @Test
    void saysThatTheCardWasDeclinedAndGoesOnWithAnother() {
        String plan = Marketplace.plan(Map.of());
        String declined = alice.saves("pm_card_chargeCustomerFail");
        String good = alice.saves("pm_card_visa");

        Problem.is(begins(plan, declined), 402, "card-declined").body("code", equalTo("card_declined"));
        String subscription = alice.isSoon("incomplete").extract().path("id");
        Problem.is(begins(plan, declined), 402, "card-declined");
        Problem.is(alice.person().posts(Subscriber.MINE + "/checkout", Map.of("planId", plan)), 409, "subscription-live");

        begins(plan, good).statusCode(201).body("status", equalTo("active")).body("id", equalTo(subscription));
        assertThat(OwnerSql.rows("select stripe_id from card_declines where user_id = ?::uuid", alice.person().id()))
                .hasSize(2);
    }

    @Test
    void letsTheBankAsk() {
        String plan = Marketplace.plan(Map.of());
        String asking = alice.saves("pm_card_authenticationRequired");
        String key = UUID.randomUUID().toString();
        Map<String, Object> order = Map.of("planId", plan, "paymentMethodId", asking);

        String secret = alice.person().asks().header("Idempotency-Key", key).body(order).post(Subscriber.MINE).then()
                .statusCode(201).body("status", equalTo("incomplete")).body("nextAction.clientSecret", notNullValue())
                .extract().path("nextAction.clientSecret");
        alice.person().asks().header("Idempotency-Key", key).body(order).post(Subscriber.MINE).then().statusCode(201)
                .body("nextAction.clientSecret", equalTo(secret));
        StripeSandbox.answersBank(secret, true);

        alice.isSoon("active").body("plan.id", equalTo(plan));
        assertThat(charges()).hasSize(1);
    }

    @Test
    void isFreeAgainWhenNobodyPaid() {
        String plan = Marketplace.plan(Map.of());
        Problem.is(begins(plan, alice.saves("pm_card_chargeCustomerFail")), 402, "card-declined");

        Subscriber.pass(Duration.ofHours(25));

        alice.isSoon("incomplete_expired");
        begins(plan, alice.saves("pm_card_visa")).statusCode(201).body("status", equalTo("active"));
    }

    @Test
    void beginsATrialWithoutACardOnce() {
        String plan = Subscriber.trial(Map.of());

        begins(plan, null).statusCode(201).body("status", equalTo("trialing")).body("trialEnd", notNullValue());
        assertThat(alice.subscription().getString("trial_settings.end_behavior.missing_payment_method")).isEqualTo("cancel");

        alice.person().deletes(Subscriber.MINE).statusCode(200);
        Problem.is(begins(plan, null), 422, "payment-method-unknown");
        Problem.is(begins(Subscriber.trial(Map.of()), UUID.randomUUID().toString()), 422, "payment-method-unknown");
    }

    @Test
    void chargesOnceWhateverFailsAndHoweverManyAsk() {
        String plan = Marketplace.plan(Map.of());
        String card = alice.saves("pm_card_visa");
        StripeSandbox.faults("{\"requests\": [{\"match\": {\"method\": \"POST\", \"path\": \"/v1/subscriptions\"},"
                + " \"times\": 1, \"do\": \"500_after\"}, {\"match\": {\"method\": \"POST\", \"path\":"
                + " \"/v1/invoices/*\"}, \"times\": 1, \"do\": \"lost_answer\"}]}");

        List<Integer> answers = AtOnce.times(4, () -> begins(plan, card).extract().statusCode());

        assertThat(answers).contains(201).allMatch(status -> status == 201 || status == 409);
        alice.isSoon("active");
        assertThat(charges()).hasSize(1);
        assertThat(StripeSandbox.request().queryParam("customer", alice.customer()).queryParam("status", "all")
                .get("/v1/subscriptions").jsonPath().getList("data.id")).hasSize(1);
    }

    /** Two tabs: nobody has paid the one that was begun first, and the page is paid. */
    @Test
    void givesWayToAPageThatIsPaid() {
        String card = alice.saves("pm_card_authenticationRequired");
        String page = alice.person().posts(Subscriber.MINE + "/checkout", Map.of("planId", Marketplace.plan(Map.of())))
                .statusCode(201).extract().path("checkoutUrl");
        OwnerSql.run("update subscriptions set status = 'expired', check_at = null where user_id = ?::uuid",
                alice.person().id());
        begins(Marketplace.plan(Map.of()), card).statusCode(201).body("status", equalTo("incomplete"));
        String unpaid = String.valueOf(alice.row().get("stripe_subscription_id"));
        String invoice = alice.invoice().getString("id");

        StripeSandbox.payCheckout(page, "pm_card_visa").statusCode(200);

        soon().untilAsserted(() -> assertThat(OwnerSql.rows(
                "select status, is_surplus from subscriptions where user_id = ?::uuid order by is_surplus",
                alice.person().id()))
                .extracting(row -> row.get("status") + " " + row.get("is_surplus"))
                .satisfiesExactly(paid -> assertThat(paid).isEqualTo("active false"),
                        second -> assertThat(second).isIn("canceled true", "incomplete_expired true")));
        assertThat(alice.atStripe("/v1/subscriptions/" + unpaid).getString("status")).isIn("canceled", "incomplete_expired");
        assertThat(alice.atStripe("/v1/invoices/" + invoice).getString("status")).isEqualTo("void");
        alice.mine().statusCode(200).body("status", equalTo("active"));
    }

    /** As after a restore, or with the key of another account. */
    @Test
    void isFreeAgainWhenStripeDoesNotKnowTheSubscriptionAnyMore() {
        String plan = Marketplace.plan(Map.of());
        String card = alice.saves("pm_card_visa");
        begins(plan, card).statusCode(201).body("status", equalTo("active"));
        String lost = String.valueOf(alice.row().get("stripe_subscription_id"));
        StripeSandbox
                .faults("""
                        {"requests": [{"match": {"method": "GET", "path": "/v1/subscriptions/%s"}, "times": 9, "do": "error", "status": 404,
                          "type": "invalid_request_error", "code": "resource_missing", "param": "id",
                          "message": "No such subscription"}]}"""
                        .formatted(lost));

        Problem.is(alice.changes(Map.of("cancelAtPeriodEnd", true)), 409, "subscription-not-live");

        assertThat(alice.row().get("status")).isEqualTo("canceled");
        StripeSandbox.noFaults();
        begins(plan, card).statusCode(201).body("status", equalTo("active"));
        Findings.reconcile();
        assertThat(OwnerSql.rows("""
                select 1 from reconciliation_findings where kind = 'missing_subscription' and subject = ?
                   and resolved_at is null""", lost)).hasSize(1);
        StripeSandbox.request().delete("/v1/subscriptions/" + lost).then().statusCode(200);
    }

    @Test
    void closesAPageThatIsOpen() {
        String plan = Marketplace.plan(Map.of());
        String card = alice.saves("pm_card_visa");
        alice.person().posts(Subscriber.MINE + "/checkout", Map.of("planId", plan)).statusCode(201);

        begins(plan, card).statusCode(201).body("status", equalTo("active"));

        assertThat(StripeSandbox.request().queryParam("customer", alice.customer()).get("/v1/checkout/sessions").jsonPath()
                .getList("data.status")).containsExactly("expired");
    }

    @Test
    void refusesWhatCannotBeBegun() {
        Problem.is(begins(UUID.randomUUID().toString(), null), 404, "not-found");
        Problem.is(begins(Marketplace.plan(Map.of("active", false)), null), 404, "not-found");
        Problem.is(begins(Marketplace.plan(Map.of()), null), 422, "payment-method-unknown");
        Problem.names(alice.person().posts(Subscriber.MINE, Map.of()), "planId");
        Problem.is(alice.mine(), 404, "not-found");
    }

    private ValidatableResponse begins(String plan, @Nullable String card) {
        Map<String, Object> order = new HashMap<>(Map.of("planId", plan));
        if (card != null) {
            order.put("paymentMethodId", card);
        }
        return alice.person().posts(Subscriber.MINE, order);
    }

    private List<String> charges() {
        return StripeSandbox.request().queryParam("customer", alice.customer()).get("/v1/charges").jsonPath()
                .getList("data.findAll { it.status == 'succeeded' }.id");
    }
}
