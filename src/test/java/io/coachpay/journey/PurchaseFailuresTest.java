package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.Management;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.Webhook;
import io.coachpay.job.Jobs;
import io.vertx.core.json.JsonObject;

/** Purchases of credits that do not end as their buyer wanted. */
@ServiceTest
class PurchaseFailuresTest {

    @Inject
    Jobs jobs;

    private final String pro = UUID.randomUUID().toString();
    private Person alice;

    @BeforeEach
    void offer() {
        alice = Person.called("alice");
        OwnerSql.run("insert into credit_packages (id, name, amount, credit_amount) values (?::uuid, 'Pro', 30.00, 33)", pro);
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    /** Nobody comes back to it, and Stripe reports nothing of a page that it never opened. */
    @Test
    void keepsNoCapacityForAPageThatStripeNeverOpened() {
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/checkout/sessions"}, "do": "500_before"}]}""");
        alice.posts("/v1/credits/checkout", Map.of("packageId", pro)).statusCode(503);
        assertThat(purchase()).containsExactly("pending 33.000000");
        StripeSandbox.noFaults();

        StripeSandbox.advance(Duration.ofMinutes(40));
        soon().untilAsserted(() -> {
            jobs.runNow("purchase-expiry");
            assertThat(purchase()).containsExactly("canceled 0.000000");
        });
    }

    /** Another amount than was agreed buys nothing, and one finding says so. */
    @Test
    void findsAPurchaseOfAnotherAmountOnce() {
        String page = alice.posts("/v1/credits/checkout", Map.of("packageId", pro)).statusCode(201).extract()
                .path("checkoutSessionId");
        StripeSandbox
                .control("/sandbox/checkout/sessions/" + page + "/pay", Map.of("paymentMethod", "pm_card_visa_chargeDeclined"))
                .statusCode(402);
        String intent = StripeSandbox.request().get("/v1/checkout/sessions/" + page).then().statusCode(200).extract()
                .path("payment_intent");
        StripeSandbox.request().formParam("amount", 1200).post("/v1/payment_intents/" + intent).then().statusCode(200);
        StripeSandbox.control("/sandbox/payment_intents/" + intent + "/pay", Map.of("paymentMethod", "pm_card_bypassPending"))
                .statusCode(200);
        soon().untilAsserted(() -> assertThat(purchase()).containsExactly("completed 0.000000"));
        alice.gets("/v1/me/credits").body("balance", equalTo("0.000000"));

        StripeSandbox.advance(Duration.ofHours(2));
        Findings.reconcile();
        assertThat(findings()).containsExactly("amount_mismatch");
    }

    @Test
    void countsWhatOpenPurchasesReserve() {
        alice.posts("/v1/credits/checkout", Map.of("packageId", pro)).statusCode(201);

        soon().untilAsserted(() -> assertThat(Management.get("/q/metrics").asString())
                .containsPattern("coachpay_credits\\{state=\"reserved\",?\\} [0-9.]*[1-9]")
                .containsPattern("coachpay_credits\\{state=\"outstanding\",?\\} [0-9]").contains("coachpay_credits_limit"));
    }

    /** Each page asks for an amount, so that Stripe contradicts itself. */
    @Test
    void findsAPageThatIsCompleteWithoutAPayment() {
        String id = alice.posts("/v1/credits/checkout", Map.of("packageId", pro)).statusCode(201).extract()
                .path("checkoutSessionId");
        JsonObject page = new JsonObject(StripeSandbox.request().get("/v1/checkout/sessions/" + id).then().statusCode(200)
                .extract().asString()).put("status", "complete").put("payment_status", "no_payment_required")
                .putNull("payment_intent");

        Webhook.post(Webhook.event("checkout.session.completed", page)).statusCode(200);

        soon().untilAsserted(() -> assertThat(Books.texts(
                "select status from checkout_sessions where stripe_session_id = '" + id + "'"))
                .containsExactly("complete"));
        assertThat(purchase()).containsExactly("pending 33.000000");
        alice.gets("/v1/me/credits").body("balance", equalTo("0.000000"));
        Findings.reconcile();
        assertThat(findings()).containsExactly("unpaid_page");
    }

    private List<String> purchase() {
        return Books.texts("""
                select t.status || ' ' || c.reserved_credits from transactions t
                  join checkout_sessions c on c.transaction_id = t.id where t.package_id = '%s'""".formatted(pro));
    }

    private String id() {
        return Books.texts("select id::text from transactions where package_id = '" + pro + "'").get(0);
    }

    private List<String> findings() {
        return Books.texts("select kind from reconciliation_findings where resolved_at is null and transaction_id = '" + id()
                + "' order by kind");
    }
}
