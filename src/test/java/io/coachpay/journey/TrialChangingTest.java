package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;

/** A trial is changed to another plan: each product's is had once, and what is not free is paid at once. */
@ServiceTest
class TrialChangingTest {

    private static final String PREVIEW = Subscriber.MINE + "/preview";

    private Subscriber alice;
    private String first;
    private String second;

    @BeforeEach
    void meetASubscriberInATrial() {
        alice = new Subscriber();
        first = Subscriber.trial(Map.of("name", "First"));
        second = Subscriber.trial(Map.of("name", "Second", "amount", Marketplace.money("49.00", "USD")));
        alice.onThePage(first).isSoon("trialing");
        soon().untilAsserted(() -> assertThat(alice.row().get("default_payment_method")).isNull());
    }

    @AfterEach
    void leave() {
        StripeSandbox.noFaults();
        alice.leaves();
    }

    @Test
    void goesOnUnderAPlanWhoseTrialWasNotHad() {
        String end = alice.mine().extract().path("trialEnd");
        JsonPath preview = preview(second);
        assertThat(dueNow(preview)).isZero();
        assertThat(preview.getList("lines")).isEmpty();

        changes(second, preview).body("plan.id", equalTo(second)).body("status", equalTo("trialing")).body("trialEnd",
                equalTo(end));

        assertThat(alice.invoice().getLong("amount_due")).isZero();
        Subscriber.pass(Duration.ofMinutes(1));
        JsonPath back = preview(first);
        assertThat(dueNow(back)).isZero();
        changes(first, back).body("status", equalTo("trialing"));
    }

    /** A trial that moves from product to product is one of each. */
    @Test
    void usesUpTheTrialOfEachPlanThatItIsOf() {
        changes(second, preview(second)).body("status", equalTo("trialing"));
        alice.person().deletes(Subscriber.MINE).statusCode(200);

        begins(second).body("status", equalTo("active"));
    }

    @Test
    void usesUpTheTrialOfAPlanThatIsChangedAtStripe() {
        preview(second);
        StripeSandbox.request().formParam("items[0][id]", alice.subscription().getString("items.data[0].id"))
                .formParam("items[0][price]", price(second)).post(alice.path()).then().statusCode(200);
        soon().untilAsserted(() -> alice.mine().body("plan.id", equalTo(second)).body("status", equalTo("trialing")));
        alice.person().deletes(Subscriber.MINE).statusCode(200);

        begins(second).body("status", equalTo("active"));
    }

    @Test
    void endsUnderAPlanWhoseTrialWasHadBefore() {
        alice.person().deletes(Subscriber.MINE).statusCode(200);
        alice.onThePage(second).isSoon("trialing");
        Subscriber.pass(Duration.ofDays(2));
        JsonPath preview = preview(first);
        assertThat(dueNow(preview)).isEqualByComparingTo("19.00");
        assertThat(preview.getList("lines")).hasSize(1);
        Subscriber.pass(Duration.ofMinutes(4));

        changes(first, preview).body("plan.id", equalTo(first)).body("status", equalTo("active")).body("nextAction",
                nullValue());

        assertThat(alice.payment().getLong("amount_received")).isEqualTo(1900);
        assertThat(alice.subscription().getLong("items.data[0].current_period_end"))
                .isGreaterThan(StripeSandbox.now().plus(Duration.ofDays(27)).getEpochSecond());
    }

    /** A plan without a trial lets none go on. */
    @Test
    void endsUnderAPlanWithoutATrial() {
        String pro = Marketplace.plan(Map.of("tier", "pro", "amount", Marketplace.money("99.00", "USD")));
        JsonPath preview = preview(pro);
        assertThat(dueNow(preview)).isEqualByComparingTo("99.00");

        changes(pro, preview).body("plan.id", equalTo(pro)).body("status", equalTo("active"));

        assertThat(alice.payment().getLong("amount_received")).isEqualTo(9900);
    }

    @Test
    void goesOnUntilTheOtherPlanIsPaid() {
        String pro = Marketplace.plan(Map.of("tier", "pro", "amount", Marketplace.money("99.00", "USD")));
        alice.makesDefault(alice.saves("pm_card_chargeCustomerFail"));

        String secret = changes(pro, preview(pro)).body("plan.id", equalTo(first)).body("status", equalTo("trialing"))
                .body("pendingChange.plan.id", equalTo(pro)).body("nextAction.clientSecret", notNullValue()).extract()
                .path("nextAction.clientSecret");
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);

        soon().untilAsserted(() -> alice.mine().body("plan.id", equalTo(pro)).body("status", equalTo("active")));
    }

    private JsonPath preview(String plan) {
        return alice.person().posts(PREVIEW, Map.of("planId", plan)).statusCode(200).extract().jsonPath();
    }

    private ValidatableResponse changes(String plan, JsonPath preview) {
        return alice.changes(Map.of("planId", plan, "prorationDate", preview.getString("prorationDate"))).statusCode(200);
    }

    private ValidatableResponse begins(String plan) {
        return alice.person().posts(Subscriber.MINE, Map.of("planId", plan)).statusCode(201);
    }

    private static Object price(String plan) {
        return String.valueOf(OwnerSql.rows("select stripe_price_id from subscription_plans where id = ?::uuid", plan).get(0)
                .get("stripe_price_id"));
    }

    private static BigDecimal dueNow(JsonPath preview) {
        return new BigDecimal(preview.getString("dueNow.amount"));
    }
}
