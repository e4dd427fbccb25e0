package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.StripeSandbox;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;

/** A year with a subscription: in the end our rows, our books and Stripe's say the same, whatever webhooks were lost. */
@QuarkusTest
@TestProfile(MonthsPass.class)
class TwelveMonthsTest {

    private static final String MINE = Subscriber.MINE;
    private static final String DISPUTES = """
            select d.status || ' ' || d.amount as told from disputes d join transactions t on t.id = d.transaction_id
             where t.payer_id = ?::uuid""";

    @ConfigProperty(name = "coachpay.public-url")
    String home;

    private Subscriber alice;
    private String id;
    private String basic;
    private String pro;

    @BeforeEach
    void meetASubscriber() {
        alice = new Subscriber();
        id = alice.person().id();
        basic = plan("19.00", "basic");
        pro = plan("49.00", "pro");
    }

    @AfterEach
    void end() {
        StripeSandbox.noFaults();
        alice.leaves();
    }

    @ParameterizedTest(name = "with every second webhook lost: {0}")
    @ValueSource(booleans = { false, true })
    void agreesWithStripeAfterAYear(boolean lost) {
        if (lost) {
            alice.losesEverySecondWebhook();
        }
        hasOneTrial();
        renews(2);
        isRaised();
        renews(1);
        survivesARefusal();
        answersTheBank();
        renews(2);
        leavesAndStays();
        renews(1);
        getsPartBack();
        renews(1);
        disputes();
        renews(2);
        leaves();
        StripeSandbox.noFaults();

        BillingMirror mirror = new BillingMirror(id, alice.customer());
        alice.eventually(mirror::isExact);
        mirror.addsUp();
        soon().untilAsserted(() -> {
            Findings.reconcile();
            Books.agreeForPlatform("USD");
        });
        assertThat(texts("""
                select f.kind as told from reconciliation_findings f join transactions t on t.id = f.transaction_id
                 where t.payer_id = ?::uuid and f.resolved_at is null""")).isEmpty();
    }

    /** Fourteen days from Stripe's page, ended before they were over; the second time nothing is free. */
    private void hasOneTrial() {
        subscribes("trialing");
        has("basic");
        alice.changes(Map.of("cancelAtPeriodEnd", true)).statusCode(200).body("endsAt", notNullValue());
        Subscriber.pass(Duration.ofDays(14).plusHours(2));
        alice.eventually(() -> assertThat(alice.row().get("status")).isEqualTo("canceled"));
        has(null);

        subscribes("active");

        assertThat(alice.row().get("trial_end")).isNull();
        paid("19.00");
        has("basic");
    }

    /** In the third month: what the preview said is what is charged. */
    private void isRaised() {
        Subscriber.pass(Duration.ofDays(10).plusHours(5));
        JsonPath preview = alice.person().posts(MINE + "/preview", Map.of("planId", pro)).statusCode(200).extract().jsonPath();
        String due = preview.getString("dueNow.amount");

        alice.changes(Map.of("planId", pro, "prorationDate", preview.getString("prorationDate"))).statusCode(200)
                .body("plan.id", equalTo(pro)).body("pendingChange", nullValue());

        assertThat(alice.payment().getLong("amount_received"))
                .isEqualTo(new BigDecimal(due).movePointRight(2).longValueExact());
        paid(due);
        has("pro");
    }

    /** In the fifth month: the tier stays, for another card pays in time. */
    private void survivesARefusal() {
        nextCharge("decline");
        Set<String> tiers = new TreeSet<>();
        passToRenewal();
        alice.eventually(() -> {
            tiers.add(tier());
            assertThat(alice.row().get("status")).isEqualTo("past_due");
            assertThat(newest().get("status")).isEqualTo("open");
        });
        alice.eventually(
                () -> alice.mine().statusCode(200).body("status", equalTo("past_due")).body("retryAt", notNullValue()));
        Subscriber.pass(Duration.ofDays(2));
        tiers.add(tier());

        pays(saves("pm_card_mastercard")).body("invoice.status", equalTo("paid"));

        alice.eventually(() -> {
            tiers.add(tier());
            assertThat(alice.row().get("status")).isEqualTo("active");
        });
        alice.eventually(() -> alice.mine().statusCode(200).body("retryAt", nullValue()));
        paid("49.00");
        tiers.add(tier());
        assertThat(tiers).containsExactly("pro");
    }

    /** In the sixth month: the renewal waits for an answer to the bank. */
    private void answersTheBank() {
        String before = alice.atStripe("/v1/customers/" + alice.customer())
                .getString("invoice_settings.default_payment_method");
        String asking = saves("pm_card_authenticationRequired");
        alice.makesDefault(asking);
        passToRenewal();
        alice.eventually(() -> assertThat(newest().get("status")).isEqualTo("open"));
        has("pro");

        String secret = pays(asking).body("invoice.status", equalTo("open")).body("clientSecret", notNullValue()).extract()
                .path("clientSecret");
        StripeSandbox.answersBank(secret, true);

        paid("49.00");
        alice.eventually(() -> assertThat(alice.row().get("status")).isEqualTo("active"));
        has("pro");
        alice.makesDefault(methods(before).get(0));
    }

    /** In the eighth month: a cancellation in the portal sets a time without the flag. */
    private void leavesAndStays() {
        String portal = alice.person().posts("/v1/me/billing-portal", Map.of("returnUrl", home + "/account", "flow", "cancel"))
                .statusCode(200).extract().path("url");
        assertThat(given().redirects().follow(false)
                .formParams("action", "cancel", "subscription", alice.row().get("stripe_subscription_id")).post(portal)
                .statusCode()).isLessThan(400);
        alice.eventually(() -> assertThat(alice.row().get("cancel_at")).isNotNull());
        alice.mine().statusCode(200).body("endsAt", notNullValue()).body("status", equalTo("active"));
        alice.person().gets("/v1/me").body("subscription.cancelAt", notNullValue());

        alice.changes(Map.of("cancelAtPeriodEnd", false)).statusCode(200).body("endsAt", nullValue());

        has("pro");
    }

    /** In the ninth month: with a credit note. */
    private void getsPartBack() {
        Person.admin().posts("/v1/admin/invoices/" + newest().get("id") + "/refunds",
                Map.of("amount", Marketplace.money("10.00", "USD"), "reason", "A week without service")).statusCode(201);

        alice.eventually(() -> assertThat(texts("""
                select n.status || ' ' || n.after_payment as told from credit_notes n join invoices i on i.id = n.invoice_id
                 where i.user_id = ?::uuid""")).containsExactly("issued 10.0000"));
        alice.eventually(() -> assertThat(payment()).isEqualTo("partially_refunded 49.0000"));
        has("pro");
    }

    /** In the tenth month: lost to the payer's bank. */
    private void disputes() {
        String charge = texts("""
                select t.stripe_charge_id as told
                  from transactions t join invoice_payments p on p.transaction_id = t.id join invoices i on i.id = p.invoice_id
                 where t.payer_id = ?::uuid order by i.issued_at desc limit 1""").get(0);
        String dispute = StripeSandbox.control("/sandbox/disputes", Map.of("charge", charge)).statusCode(200).extract()
                .path("id");
        alice.eventually(() -> assertThat(texts(DISPUTES)).containsExactly("needs_response 49.0000"));
        StripeSandbox.control("/sandbox/disputes/" + dispute + "/close", Map.of("status", "lost")).statusCode(200);

        alice.eventually(() -> assertThat(texts(DISPUTES)).containsExactly("lost 49.0000"));
        has("pro");
    }

    /** In the twelfth month. */
    private void leaves() {
        alice.changes(Map.of("cancelAtPeriodEnd", true)).statusCode(200).body("endsAt", notNullValue());
        passToRenewal();
        alice.eventually(() -> assertThat(alice.row().get("status")).isEqualTo("canceled"));
        has(null);
    }

    private static String plan(String amount, String tier) {
        return Subscriber.trial(Map.of("tier", tier, "name", tier, "amount", Marketplace.money(amount, "USD")));
    }

    private void subscribes(String status) {
        String page = alice.person().posts(MINE + "/checkout", Map.of("planId", basic)).statusCode(201).extract()
                .path("checkoutUrl");
        StripeSandbox.payCheckout(page, "pm_card_visa").statusCode(200);
        alice.eventually(() -> assertThat(alice.row().get("status")).isEqualTo(status));
        // The page puts its card on the subscription, where it outranks the default until the service has seen to that.
        soon().untilAsserted(() -> assertThat(alice.subscription().getString("default_payment_method")).isNull());
        alice.eventually(() -> assertThat(alice.row().get("default_payment_method")).isNull());
    }

    private void renews(int times) {
        for (int i = 0; i < times; i++) {
            long before = count();
            passToRenewal();
            alice.eventually(() -> assertThat(count()).isEqualTo(before + 1));
            alice.eventually(() -> assertThat(newest().get("status")).isEqualTo("paid"));
        }
    }

    /** Until the invoice of the next period was to be paid, an hour after its beginning. */
    private void passToRenewal() {
        Instant end = ((Timestamp) Objects.requireNonNull(alice.row().get("current_period_end"))).toInstant();
        Subscriber.pass(Duration.between(StripeSandbox.now(), end).plusHours(2));
    }

    private void nextCharge(String outcome) {
        StripeSandbox.control("/sandbox/subscriptions/" + alice.row().get("stripe_subscription_id") + "/next-charge",
                Map.of("outcome", outcome)).statusCode(200);
    }

    private ValidatableResponse pays(String card) {
        return alice.person().posts("/v1/me/invoices/" + newest().get("id") + "/pay", Map.of("paymentMethodId", card))
                .statusCode(200);
    }

    private String saves(String card) {
        String stripeId = StripeSandbox.saveCard(alice.customer(), card);
        alice.eventually(() -> assertThat(methods(stripeId)).hasSize(1));
        return methods(stripeId).get(0);
    }

    private static List<String> methods(String stripeId) {
        return OwnerSql.rows("select id::text from payment_methods where stripe_payment_method_id = ?", stripeId).stream()
                .map(row -> String.valueOf(row.get("id"))).toList();
    }

    /** The tier that the person has now, with a subscription that they see among the rest of theirs. */
    private void has(@Nullable String tier) {
        assertThat(tier()).isEqualTo(String.valueOf(tier));
        ValidatableResponse me = alice.person().gets("/v1/me").statusCode(200).body("credits.balance", equalTo("0.000000"))
                .body("credits.debt", equalTo("0.000000"));
        if (tier == null) {
            me.body("subscription", nullValue());
        } else {
            Map<String, Object> row = alice.row();
            me.body("subscription.id", equalTo(String.valueOf(row.get("id")))).body("subscription.planName", equalTo(tier))
                    .body("subscription.planId", equalTo(String.valueOf(row.get("plan_id"))))
                    .body("subscription.status", equalTo(row.get("status")))
                    .body("subscription.currentPeriodEnd", notNullValue());
        }
    }

    private String tier() {
        return String.valueOf((Object) alice.person().gets("/v1/me/entitlements").statusCode(200).extract().path("tier"));
    }

    /** The newest invoice is paid with that amount, and its payment is in the books. */
    private void paid(String amount) {
        alice.eventually(() -> assertThat(newest().get("told")).isEqualTo("paid " + amount + "00"));
        alice.eventually(() -> assertThat(payment()).isEqualTo("completed " + amount + "00"));
    }

    private Map<String, @Nullable Object> newest() {
        return OwnerSql.rows("""
                select id::text as id, status, status || ' ' || amount_paid as told from invoices where user_id = ?::uuid
                 order by issued_at desc limit 1""", id).get(0);
    }

    private long count() {
        return OwnerSql.rows("select 1 from invoices where user_id = ?::uuid", id).size();
    }

    private String payment() {
        return texts("""
                select t.status || ' ' || t.amount as told
                  from transactions t join invoice_payments p on p.transaction_id = t.id join invoices i on i.id = p.invoice_id
                 where t.payer_id = ?::uuid order by i.issued_at desc limit 1""").get(0);
    }

    private List<String> texts(String query) {
        return OwnerSql.rows(query, id).stream().map(row -> String.valueOf(row.get("told"))).toList();
    }
}
