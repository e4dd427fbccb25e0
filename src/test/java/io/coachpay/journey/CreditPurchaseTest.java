package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.coachpay.AtOnce;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.access.Access;
import io.coachpay.dispute.DisputeBooks;
import io.coachpay.stripe.StripeDispute;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;

/** Credits are granted for the payment that was agreed, once, and whatever does not become a payment leaves nothing behind. */
@ServiceTest
class CreditPurchaseTest {

    @Inject
    Access access;

    @Inject
    DisputeBooks disputes;

    private Person buyer;

    @BeforeEach
    void meetBuyer() {
        buyer = Person.called("buyer-" + UUID.randomUUID());
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
        limit(null);
    }

    @Test
    void answersAPayerWhoComesBackBeforeAnyWebhook() {
        StripeSandbox.faults("{\"webhooks\": [{\"match\": {\"type\": \"*\"}, \"do\": \"drop\"}],"
                + " \"requests\": [{\"match\": {\"method\": \"GET\", \"path\": \"/v1/events*\"}, \"do\": \"500_before\"}]}");
        JsonPath page = begun(offered("30.00", "33"));
        String session = page.getString("checkoutSessionId");
        buyer.gets("/v1/checkout-sessions/" + session).statusCode(200).body("status", equalTo("open"))
                .body("paymentStatus", equalTo("unpaid")).body("credits", equalTo("33.000000"))
                .body("transactionId", equalTo(page.getString("transactionId")));
        StripeSandbox.payCheckout(page.getString("checkoutUrl"), "pm_card_visa").statusCode(200);

        buyer.gets("/v1/checkout-sessions/" + session).statusCode(200).body("mode", equalTo("payment"))
                .body("status", equalTo("complete")).body("paymentStatus", equalTo("paid"));

        holds("33.000000", "0.000000");
        Person.called("stranger-" + UUID.randomUUID()).gets("/v1/checkout-sessions/" + session).statusCode(404);
        buyer.gets("/v1/checkout-sessions/" + UUID.randomUUID()).statusCode(404);
        buyer.gets("/v1/checkout-sessions/nothing").statusCode(400);
        assertThat(Books.texts("select count(*) from ledger_journals where transaction_id = '"
                + page.getString("transactionId") + "' and kind = 'credits_bought'")).containsExactly("1");
    }

    @Test
    void opensOnePageForOnePackage() {
        String offered = offered("30.00", "33");
        JsonPath page = begun(offered);

        JsonPath again = begun(offered);

        assertThat(again.getString("checkoutUrl")).isEqualTo(page.getString("checkoutUrl"));
        begun(offered("30.00", "34"));
        begun(offered("30.00", "35"));
        buyer.posts("/v1/credits/checkout", Map.of("packageId", offered("30.00", "36"))).statusCode(409)
                .body("type", equalTo("urn:coachpay:problem:too-many-open-checkouts")).body("most", equalTo(3));
        StripeSandbox.advance(Duration.ofMinutes(40));
        soon().untilAsserted(() -> assertThat(reserved()).as("their time is over").isEmpty());
        buyer.gets("/v1/checkout-sessions/" + page.getString("checkoutSessionId")).body("status", equalTo("expired"));
        begun(offered);
    }

    @Test
    void sellsWhatThereIsRoomFor() {
        limitAbove("100");
        begun(offered("30.00", "33"));

        Person bob = Person.called("bob-" + UUID.randomUUID());
        bob.posts("/v1/credits/checkout", Map.of("packageId", offered("100.00", "100"))).statusCode(409)
                .body("type", equalTo("urn:coachpay:problem:capacity-exceeded")).body("available", equalTo("67.000000"));
        bob.posts("/v1/credits/checkout", Map.of("packageId", offered("67.00", "67"))).statusCode(201);
        Person.admin().gets("/v1/admin/capacity").statusCode(200).body("available", equalTo("0.000000"));
    }

    @Test
    void opensSoManyPagesAsThereIsRoomForAndAsManyAgainOnceTheyHaveEnded() {
        limitAbove("330");
        String offered = offered("30.00", "33");
        List<Person> buyers = IntStream.range(0, 200).mapToObj(i -> Person.called("buyer-" + UUID.randomUUID())).toList();

        List<ExtractableResponse<Response>> answers = AtOnce.all(buyers.stream()
                .<Callable<ExtractableResponse<Response>>> map(one -> () -> one
                        .posts("/v1/credits/checkout", Map.of("packageId", offered)).extract())
                .toList());

        List<String> pages = answers.stream().filter(answer -> answer.statusCode() == 201)
                .map(answer -> answer.<String> path("checkoutSessionId")).toList();
        assertThat(pages).doesNotHaveDuplicates().hasSize(10).allSatisfy(page -> assertThat(
                StripeSandbox.request().get("/v1/checkout/sessions/" + page).jsonPath().getString("status")).isEqualTo("open"));
        assertThat(answers).filteredOn(answer -> answer.statusCode() != 201).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(answer.<String> path("type")).endsWith("capacity-exceeded");
        });
        StripeSandbox.advance(Duration.ofMinutes(40));
        buyers.subList(0, 10).forEach(one -> soon().untilAsserted(
                () -> one.posts("/v1/credits/checkout", Map.of("packageId", offered)).statusCode(201)));
    }

    @Test
    void grantsWhatIsPaidWhateverTheLimitAndThePackageAreByThen() {
        String offered = offered("30.00", "33");
        JsonPath page = begun(offered);
        limit("0");
        OwnerSql.run("update credit_packages set is_active = false, credit_amount = 50 where id = '" + offered + "'");

        StripeSandbox.payCheckout(page.getString("checkoutUrl"), "pm_card_visa").statusCode(200);

        soon().untilAsserted(() -> holds("33.000000", "0.000000"));
        buyer.posts("/v1/credits/checkout", Map.of("packageId", offered)).statusCode(404);
        buyer.gets("/v1/me/credits/purchases").body("data[0].credits", equalTo("33.000000"))
                .body("data[0].packageName", equalTo("Pro")).body("data[0].status", equalTo("completed"));
        assertThat(reserved()).isEmpty();
    }

    /** The reservation stays until the page is made after all, or its time is over. */
    @Test
    void continuesWhereStripeWasAway() {
        buyer.gets("/v1/me/credits");
        String offered = offered("30.00", "33");
        begun(offered("30.00", "40"));
        StripeSandbox.faults("{\"requests\": [{\"match\": {\"method\": \"POST\", \"path\": \"/v1/checkout/sessions\"},"
                + " \"do\": \"500_after\"}, {\"match\": {\"method\": \"GET\", \"path\": \"/v1/checkout/sessions*\"},"
                + " \"do\": \"500_before\"}]}");
        buyer.posts("/v1/credits/checkout", Map.of("packageId", offered)).statusCode(503);
        assertThat(reserved()).containsExactlyInAnyOrder("33.000000", "40.000000");
        StripeSandbox.noFaults();

        JsonPath page = begun(offered);

        assertThat(reserved()).containsExactlyInAnyOrder("33.000000", "40.000000");
        StripeSandbox.payCheckout(page.getString("checkoutUrl"), "pm_card_visa").statusCode(200);
        soon().untilAsserted(() -> holds("33.000000", "0.000000"));
        assertThat(reserved()).containsExactly("40.000000");
    }

    @Test
    void grantsNothingForAnotherAmount() {
        JsonPath page = begun(offered("30.00", "33"));

        // Somebody made it at Stripe in the name of our order.
        StripeSandbox.request().formParam("amount", 3100).formParam("currency", "usd").formParam("confirm", true)
                .formParam("payment_method", "pm_card_visa").formParam("metadata[coachpay_id]", page.getString("transactionId"))
                .formParam("automatic_payment_methods[enabled]", true)
                .formParam("automatic_payment_methods[allow_redirects]", "never").post("/v1/payment_intents").then()
                .statusCode(200);

        soon().untilAsserted(() -> buyer.gets("/v1/transactions/" + page.getString("transactionId"))
                .body("held", equalTo(true)).body("amount.amount", equalTo("31.00")));
        holds("0.000000", "0.000000");
        assertThat(reserved()).isEmpty();
        Findings.reconcile();
        assertThat(Findings.of(UUID.fromString(page.getString("transactionId")))).contains("amount_mismatch");
        Person.admin().posts("/v1/transactions/" + page.getString("transactionId") + "/refunds",
                Map.of("reason", "Not what was agreed")).statusCode(201).body("status", equalTo("succeeded"));
        holds("0.000000", "0.000000");
    }

    /** Each of many refunds takes its part, however they meet; the wallet gives what it has, and the rest is owed. */
    @Test
    void takesCreditsBackOnceForEachRefund() {
        Marketplace.toppedUp("usd", 10_000);
        JsonPath page = begun(offered("30.00", "33"));
        StripeSandbox.payCheckout(page.getString("checkoutUrl"), "pm_card_visa").statusCode(200);
        soon().untilAsserted(() -> holds("33.000000", "0.000000"));
        Person.admin().posts("/v1/admin/users/" + buyer.id() + "/credits", Map.of("credits", "-25", "reason", "As if spent"))
                .statusCode(200).body("balance", equalTo("8.000000"));
        String payment = Books.texts("select stripe_payment_intent_id from transactions where id = '"
                + page.getString("transactionId") + "'").get(0);

        AtOnce.times(50, () -> StripeSandbox.request().formParam("payment_intent", payment).formParam("amount", 60)
                .post("/v1/refunds").then().statusCode(200));

        soon().untilAsserted(() -> holds("0.000000", "25.000000"));
        buyer.gets("/v1/me/credits/purchases").body("data[0].status", equalTo("refunded"))
                .body("data[0].creditsTakenBack", equalTo("33.000000"));
        Person.admin().posts("/v1/admin/users/" + buyer.id() + "/credits", Map.of("credits", "30", "reason", "Goodwill"))
                .statusCode(200).body("balance", equalTo("5.000000")).body("debt", equalTo("0.000000"));
    }

    /** Two answers about a dispute cross: the one that was asked for first, and has the money in it, is applied last. */
    @Test
    void takesCreditsHoweverAnswersAboutADisputeCross() throws Exception {
        JsonPath page = begun(offered("30.00", "33"));
        StripeSandbox.payCheckout(page.getString("checkoutUrl"), "pm_card_visa").statusCode(200);
        soon().untilAsserted(() -> holds("33.000000", "0.000000"));
        StripeSandbox.faults("{\"webhooks\": [{\"match\": {\"type\": \"*\"}, \"do\": \"drop\"}],"
                + " \"requests\": [{\"match\": {\"method\": \"GET\", \"path\": \"/v1/events*\"}, \"do\": \"500_before\"}]}");
        String dispute = StripeSandbox.control("/sandbox/disputes", Map.of("charge", Books.texts(
                "select stripe_charge_id from transactions where id = '" + page.getString("transactionId") + "'").get(0)))
                .statusCode(200).extract().path("id");
        ObjectNode told = (ObjectNode) new ObjectMapper()
                .readTree(StripeSandbox.request().get("/v1/disputes/" + dispute).then().statusCode(200).extract().asString());
        ObjectNode withoutLines = told.deepCopy();
        withoutLines.putArray("balance_transactions");
        Instant now = StripeSandbox.now();

        access.runAsService(() -> disputes.apply(StripeDispute.from(withoutLines), now.plusMillis(20)));
        access.runAsService(() -> disputes.apply(StripeDispute.from(told), now));
        access.runAsService(() -> disputes.apply(StripeDispute.from(told), now.plusSeconds(3600)));

        holds("0.000000", "0.000000");
        access.runAsService(() -> disputes.apply(StripeDispute.from(told), now.plusSeconds(7200)));
        holds("0.000000", "0.000000");
    }

    /** A page that Stripe refuses, since too little of its time is left, is followed by another one. */
    @Test
    void sellsAgainAfterStripeWasAwayForLong() {
        String offered = offered("30.00", "33");
        StripeSandbox.faults("{\"requests\": [{\"match\": {\"method\": \"POST\", \"path\": \"/v1/checkout/sessions\"},"
                + " \"do\": \"500_before\"}]}");
        buyer.posts("/v1/credits/checkout", Map.of("packageId", offered)).statusCode(503);
        Books.set("update transactions set check_at = now() + interval '1 year' where payer_id = '" + buyer.id() + "'");
        StripeSandbox.advance(Duration.ofMinutes(3));
        StripeSandbox.noFaults();

        JsonPath page = begun(offered);

        assertThat(reserved()).containsExactly("33.000000");
        StripeSandbox.payCheckout(page.getString("checkoutUrl"), "pm_card_visa").statusCode(200);
        soon().untilAsserted(() -> holds("33.000000", "0.000000"));
        Findings.reconcile();
        assertThat(Books.texts("select kind from reconciliation_findings f join transactions t on t.id = f.transaction_id"
                + " where t.payer_id = '" + buyer.id() + "' and f.resolved_at is null")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({ "NaN, 400", "1e3, 400", "0.0000001, 400", "'', 400", "0, 400", "-1, 422", "10000.000001, 422", "+12.5, 200" })
    void adjustsByNumbersOfCredits(String credits, int status) {
        buyer.gets("/v1/me/credits").statusCode(200);
        Person.admin().posts("/v1/admin/users/" + buyer.id() + "/credits", Map.of("credits", credits, "reason", "Goodwill"))
                .statusCode(status);
    }

    @ParameterizedTest
    @CsvSource({ "NaN", "1e3", "-1", "0.0000001" })
    void limitsByNumbersOfCredits(String limit) {
        Person.admin().puts("/v1/admin/capacity", Map.of("limit", limit)).statusCode(400);
        Person.admin().gets("/v1/admin/capacity").body("limit", nullValue());
    }

    @Test
    void refusesOrdersThatNobodyCanPay() {
        buyer.posts("/v1/credits/checkout", Map.of("packageId", UUID.randomUUID())).statusCode(404);
        buyer.posts("/v1/credits/checkout", Map.of()).statusCode(400);
        buyer.posts("/v1/credits/checkout", Map.of("packageId", offered("30.00", "33"), "successUrl", "https://evil.example/"))
                .statusCode(422).body("type", equalTo("urn:coachpay:problem:return-url-not-allowed"));
        Person.admin().posts("/v1/admin/users/" + UUID.randomUUID() + "/credits", Map.of("credits", "1", "reason", "Goodwill"))
                .statusCode(404);
        Person.admin().posts("/v1/admin/users/" + buyer.id() + "/credits", Map.of("credits", "1", "reason", " "))
                .statusCode(400);
        assertThat(reserved()).isEmpty();
    }

    private void holds(String balance, String debt) {
        buyer.gets("/v1/me/credits").statusCode(200).body("balance", equalTo(balance)).body("debt", equalTo(debt));
    }

    private JsonPath begun(String packageId) {
        return buyer.posts("/v1/credits/checkout", Map.of("packageId", packageId)).statusCode(201)
                .body("checkoutUrl", notNullValue()).extract().jsonPath();
    }

    private List<String> reserved() {
        return Books.texts("select reserved_credits from checkout_sessions where user_id = '" + buyer.id()
                + "' and reserved_credits > 0");
    }

    private static String offered(String amount, String credits) {
        return Marketplace.offered("Pro", amount, credits);
    }

    private static void limit(String limit) {
        Map<String, Object> body = new HashMap<>();
        body.put("limit", limit);
        Person.admin().puts("/v1/admin/capacity", body).statusCode(200);
    }

    /** Leaves room for this many credits beside those that others have. */
    private static void limitAbove(String credits) {
        JsonPath now = Person.admin().gets("/v1/admin/capacity").extract().jsonPath();
        limit(new BigDecimal(now.getString("outstanding")).add(new BigDecimal(now.getString("reserved")))
                .add(new BigDecimal(credits)).toPlainString());
    }
}
