package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.AtOnce;
import io.coachpay.OwnerSql;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;

/** A subscriber changes to another plan: the preview is what is charged, and the plan is granted when that is paid. */
@ServiceTest
class PlanChangingTest {

    private static final String PREVIEW = Subscriber.MINE + "/preview";

    @Inject
    Jobs jobs;

    private Subscriber alice;
    private String basic;
    private String pro;

    @BeforeEach
    void meetASubscriber() {
        alice = new Subscriber();
        basic = plan("19.00", "basic");
        pro = plan("49.00", "pro");
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
        alice.leaves();
    }

    @Test
    void chargesWhatThePreviewSaid() {
        subscribes("pm_card_visa");
        Subscriber.pass(Duration.ofDays(9).plusHours(5));
        JsonPath preview = preview(pro);
        assertThat(amount(preview, "dueNow")).isPositive();
        assertThat(amount(preview, "credit")).isZero();
        assertThat(preview.getList("lines.amount.amount", String.class).stream().map(BigDecimal::new)
                .reduce(BigDecimal.ZERO, BigDecimal::add)).isEqualByComparingTo(amount(preview, "dueNow"));
        assertThat(Instant.parse(preview.getString("validUntil")))
                .isEqualTo(Instant.parse(preview.getString("prorationDate")).plusSeconds(600));
        Subscriber.pass(Duration.ofMinutes(5));

        changes(pro, preview).statusCode(200).body("plan.id", equalTo(pro)).body("pendingChange", nullValue())
                .body("nextAction", nullValue());

        assertThat(cents(preview, "dueNow")).isEqualTo(alice.payment().getLong("amount_received"));
        alice.person().gets("/v1/me/entitlements").body("tier", equalTo("pro"));
        assertThat(alice.row().get("wanted_price_id")).isNull();
    }

    /** A different amount each time: Stripe is asked twice, and has to say the same twice. */
    @Test
    void chargesWhatAnyPreviewSaid() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<String> plans = new ArrayList<>(List.of(basic, pro));
        for (int more = 0; more < 3; more++) {
            plans.add(plan(BigDecimal.valueOf(500 + random.nextInt(20_000), 2).toPlainString(), "tier-" + more));
        }
        plans.add(Marketplace.plan(
                Map.of("tier", "yearly", "interval", "year", "amount", Marketplace.money("199.90", "USD"))));
        subscribes("pm_card_visa");
        String current = basic;

        for (int change = 0; change < 8; change++) {
            Subscriber.pass(Duration.ofMinutes(1 + random.nextInt(3 * 24 * 60)));
            String next = plans.get(random.nextInt(plans.size()));
            if (next.equals(current)) {
                continue;
            }
            long before = charged();
            JsonPath preview = preview(next);
            Subscriber.pass(Duration.ofSeconds(random.nextInt(500)));

            changes(next, preview).statusCode(200).body("plan.id", equalTo(next));

            assertThat(charged() - before).as("change %s of seed %s", change, seed).isEqualTo(cents(preview, "dueNow"));
            assertThat(Math.max(0, -alice.invoice().getLong("total"))).as("change %s of seed %s", change, seed)
                    .isEqualTo(cents(preview, "credit"));
            current = next;
        }
    }

    @Test
    void grantsNothingThatIsNotPaid() {
        subscribes("pm_card_visa");
        alice.makesDefault(alice.saves("pm_card_chargeCustomerFail"));

        String secret = changes(pro, preview(pro)).statusCode(200).body("plan.id", equalTo(basic))
                .body("status", equalTo("active")).body("pendingChange.plan.id", equalTo(pro))
                .body("pendingChange.expiresAt", notNullValue()).body("nextAction.clientSecret", notNullValue()).extract()
                .path("nextAction.clientSecret");
        alice.person().gets("/v1/me/entitlements").body("tier", equalTo("basic"));

        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);
        soon().untilAsserted(() -> alice.mine().body("plan.id", equalTo(pro)).body("pendingChange", nullValue()));
        alice.person().gets("/v1/me/entitlements").body("tier", equalTo("pro"));
    }

    @Test
    void letsAChangeGoThatNobodyPays() {
        subscribes("pm_card_visa");
        alice.makesDefault(alice.saves("pm_card_authenticationRequired"));
        changes(pro, preview(pro)).statusCode(200).body("pendingChange.plan.id", equalTo(pro))
                .body("nextAction.clientSecret", notNullValue());

        Subscriber.pass(Duration.ofHours(25));

        soon().untilAsserted(() -> alice.mine().body("pendingChange", nullValue()).body("plan.id", equalTo(basic))
                .body("status", equalTo("active")));
    }

    @Test
    void keepsForLaterWhatASmallerPlanLeavesOver() {
        basic = plan("99.00", "gold");
        subscribes("pm_card_visa");
        JsonPath preview = preview(pro);
        assertThat(amount(preview, "dueNow")).isZero();
        assertThat(amount(preview, "credit")).isPositive();

        changes(pro, preview).statusCode(200).body("plan.id", equalTo(pro));

        assertThat(-alice.atStripe("/v1/customers/" + alice.customer()).getLong("balance")).isEqualTo(cents(preview, "credit"));
    }

    @Test
    void refusesWhatCannotBeChanged() {
        Problem.is(alice.person().posts(PREVIEW, Map.of("planId", pro)), 409, "subscription-not-live");
        subscribes("pm_card_visa");
        JsonPath preview = preview(pro);
        Instant date = Instant.parse(preview.getString("prorationDate"));

        Problem.is(change(pro, date.plusSeconds(60)), 409, "preview-expired");
        Problem.is(change(basic, date), 409, "plan-unchanged");
        Problem.is(change(UUID.randomUUID().toString(), date), 404, "not-found");
        Problem.is(change(Marketplace.plan(Map.of("active", false)), date), 404, "not-found");
        Problem.is(change(Marketplace.plan(Map.of("audience", "organization")), date), 404, "not-found");
        String euros = Marketplace.plan(Map.of("amount", Marketplace.money("19.00", "EUR")));
        Problem.is(change(euros, date), 422, "subscription-currency").body("currency", equalTo("EUR"));
        Problem.is(alice.person().posts(PREVIEW, Map.of("planId", euros)), 422, "subscription-currency");
        Problem.names(alice.changes(Map.of("planId", pro)), "prorationDate");
        Problem.names(alice.changes(Map.of("planId", pro, "prorationDate", date.toString(), "cancelAtPeriodEnd", true)),
                "cancelAtPeriodEnd");
        schedules(true);
        Problem.is(change(pro, date), 409, "subscription-scheduled");
        schedules(false);
        Subscriber.pass(Duration.ofMinutes(11));
        Problem.is(change(pro, date), 409, "preview-expired");
        assertThat(alice.row().get("wanted_price_id")).isNull();
        alice.mine().body("plan.id", equalTo(basic));
    }

    @Test
    void letsOneOfTwoWin() {
        String max = plan("99.00", "max");
        subscribes("pm_card_visa");
        long before = charged();
        JsonPath toPro = preview(pro);
        JsonPath toMax = preview(max);

        List<Integer> answers = AtOnce.all(List.of(() -> changes(pro, toPro).extract().statusCode(),
                () -> changes(max, toMax).extract().statusCode()));

        assertThat(answers).containsExactlyInAnyOrder(200, 409);
        String plan = alice.mine().extract().path("plan.id");
        assertThat(plan).isEqualTo(answers.get(0) == 200 ? pro : max);
        assertThat(charged() - before).isEqualTo(cents(answers.get(0) == 200 ? toPro : toMax, "dueNow"));
        assertThat(alice.row().get("wanted_price_id")).isNull();
    }

    /** Stripe makes the second wait, and then tells it what it told the first: it asks for nothing of its own. */
    @Test
    void asksForOneChangeOnceHoweverManyAsk() {
        subscribes("pm_card_visa");
        long before = charged();
        JsonPath preview = preview(pro);
        int counted = number("attempt");
        StripeSandbox.faults("{\"requests\": [{\"match\": {\"method\": \"POST\", \"path\": \"/v1/subscriptions/*\"},"
                + " \"times\": 1, \"do\": \"latency\", \"millis\": 1500}]}");

        List<Integer> answers = AtOnce.times(2, () -> changes(pro, preview).extract().statusCode());

        assertThat(answers).containsExactly(200, 200);
        assertThat(charged() - before).isEqualTo(cents(preview, "dueNow"));
        // One for the wish, and one for Stripe's answer to it.
        assertThat(number("attempt") - counted).isEqualTo(2);
        assertThat(alice.row().get("wanted_price_id")).isNull();
    }

    @Test
    void changesOnceWhateverFails() {
        subscribes("pm_card_visa");
        long before = charged();
        JsonPath preview = preview(pro);
        StripeSandbox.faults("{\"requests\": [{\"match\": {\"method\": \"POST\", \"path\": \"/v1/subscriptions/*\"},"
                + " \"times\": 1, \"do\": \"500_after\"}]}");

        changes(pro, preview).statusCode(200).body("plan.id", equalTo(pro));

        assertThat(charged() - before).isEqualTo(cents(preview, "dueNow"));
    }

    @Test
    void goesOnWithAChangeWhoseAnswerWasNotHeard() {
        subscribes("pm_card_visa");
        long before = charged();
        JsonPath preview = preview(pro);
        StripeSandbox.faults("{\"requests\": [{\"match\": {\"method\": \"POST\", \"path\": \"/v1/subscriptions/*\"},"
                + " \"do\": \"500_before\"}]}");
        changes(pro, preview).statusCode(503);
        Problem.is(changes(plan("99.00", "max"), preview), 409, "subscription-changing");
        StripeSandbox.noFaults();
        Subscriber.pass(Duration.ofMinutes(3));

        soon().untilAsserted(() -> {
            jobs.runNow("subscription-check");
            alice.mine().body("plan.id", equalTo(pro));
        });
        assertThat(charged() - before).isEqualTo(cents(preview, "dueNow"));
        soon().untilAsserted(() -> assertThat(alice.row().get("wanted_price_id")).isNull());
    }

    @Test
    void dropsAChangeWhosePreviewIsOver() {
        subscribes("pm_card_visa");
        JsonPath preview = preview(pro);
        StripeSandbox.faults("{\"requests\": [{\"match\": {\"method\": \"POST\", \"path\": \"/v1/subscriptions/*\"},"
                + " \"do\": \"500_before\"}]}");
        changes(pro, preview).statusCode(503);
        Subscriber.pass(Duration.ofMinutes(11));
        StripeSandbox.noFaults();

        soon().untilAsserted(() -> {
            jobs.runNow("subscription-check");
            assertThat(alice.row().get("wanted_price_id")).isNull();
        });
        alice.mine().body("plan.id", equalTo(basic));
        changes(pro, preview(pro)).statusCode(200).body("plan.id", equalTo(pro));
    }

    /** Somebody at the platform gives her another plan while her own change is not heard: hers is over. */
    @Test
    void sendsNoChangeAfterAnother() {
        subscribes("pm_card_visa");
        String max = plan("99.00", "max");
        preview(max);
        isNotHeard(pro);
        StripeSandbox.request().formParam("items[0][id]", alice.subscription().getString("items.data[0].id"))
                .formParam("items[0][price]", OwnerSql.rows("select stripe_price_id from subscription_plans where id = ?::uuid",
                        max).get(0).get("stripe_price_id"))
                .formParam("proration_behavior", "none").post(alice.path()).then().statusCode(200);

        isConcludedUnpaid();
        alice.mine().body("plan.id", equalTo(max));
    }

    @Test
    void sendsNoChangeOfWhatIsToEnd() {
        subscribes("pm_card_visa");
        isNotHeard(pro);
        StripeSandbox.request().formParam("cancel_at_period_end", true).post(alice.path()).then().statusCode(200);

        isConcludedUnpaid();
        alice.mine().body("plan.id", equalTo(basic)).body("cancelAtPeriodEnd", equalTo(true));
    }

    @Test
    void sendsNoChangeOfWhatIsScheduled() {
        subscribes("pm_card_visa");
        isNotHeard(pro);
        schedules(true);

        isConcludedUnpaid();
        schedules(false);
        alice.mine().body("plan.id", equalTo(basic));
    }

    /** Its number was refused too often elsewhere before it came here: no bank is asked. */
    @Test
    void doesNotChangeWithACardThatIsTriedOut() {
        subscribes("pm_card_visa");
        JsonPath preview = preview(pro);
        String card = alice.saves("pm_card_mastercard");
        alice.makesDefault(card);
        Cards.isTriedOut(card);

        Problem.is(changes(pro, preview), 429, "too-many-cards");

        assertThat(alice.row().get("wanted_price_id")).isNull();
    }

    /** Has Stripe not answer to a change. */
    private void isNotHeard(String plan) {
        JsonPath preview = preview(plan);
        StripeSandbox.faults("{\"requests\": [{\"match\": {\"method\": \"POST\", \"path\": \"/v1/subscriptions/*\"},"
                + " \"do\": \"500_before\"}]}");
        changes(plan, preview).statusCode(503);
        StripeSandbox.noFaults();
    }

    /** Lets the check look after a change. */
    private void isConcludedUnpaid() {
        long before = charged();
        Subscriber.pass(Duration.ofMinutes(3));
        soon().untilAsserted(() -> {
            jobs.runNow("subscription-check");
            assertThat(alice.row().get("wanted_price_id")).isNull();
        });
        assertThat(charged()).isEqualTo(before);
    }

    private void subscribes(String card) {
        alice.makesDefault(alice.saves(card));
        alice.person().posts(Subscriber.MINE, Map.of("planId", basic)).statusCode(201).body("status", equalTo("active"));
    }

    private JsonPath preview(String plan) {
        return alice.person().posts(PREVIEW, Map.of("planId", plan)).statusCode(200).extract().jsonPath();
    }

    private ValidatableResponse changes(String plan, JsonPath preview) {
        return change(plan, Instant.parse(preview.getString("prorationDate")));
    }

    private ValidatableResponse change(String plan, Instant date) {
        return alice.changes(Map.of("planId", plan, "prorationDate", date.toString()));
    }

    private void schedules(boolean scheduled) {
        StripeSandbox.control("/sandbox" + alice.path().substring("/v1".length()) + "/schedule",
                Map.of("scheduled", scheduled)).statusCode(200);
    }

    private static String plan(String amount, String tier) {
        return Marketplace.plan(Map.of("tier", tier, "name", tier, "amount", Marketplace.money(amount, "USD")));
    }

    /** All that banks have been charged for the subscriber, in cents. */
    private long charged() {
        return StripeSandbox.request().queryParam("customer", alice.customer()).queryParam("limit", 100).get("/v1/charges")
                .jsonPath().getList("data.findAll { it.status == 'succeeded' }.amount", Long.class).stream()
                .mapToLong(Long::longValue).sum();
    }

    private int number(String column) {
        return Integer.parseInt(String.valueOf(alice.row().get(column)));
    }

    private static BigDecimal amount(JsonPath preview, String field) {
        return new BigDecimal(preview.getString(field + ".amount"));
    }

    private static long cents(JsonPath preview, String field) {
        return amount(preview, field).movePointRight(2).longValueExact();
    }
}
