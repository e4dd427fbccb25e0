package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.vertx.core.json.JsonObject;

class RenewalTest extends BillingTest {

    @Test
    void draftsAnInvoiceForAnHourAndThenChargesIt() {
        String id = subscribe(basic).id();
        long end = item(id).getLong("current_period_end");

        advanceTo(end);
        JsonObject draft = latestInvoice(id);
        stripe.advance(HOUR);
        JsonObject paid = latestInvoice(id);

        assertThat(draft.getString("status")).isEqualTo("draft");
        assertThat(draft.getString("billing_reason")).isEqualTo("subscription_cycle");
        assertThat(draft.getLong("automatically_finalizes_at")).isEqualTo(end + HOUR);
        assertThat(draft.getValue("number")).isNull();
        assertThat(draft.getLong("period_end")).isEqualTo(end);
        assertThat(paid.getString("id")).isEqualTo(draft.getString("id"));
        assertThat(paid.getString("status")).isEqualTo("paid");
        assertThat(paid.getString("number")).endsWith("-0002");
        assertThat(item(id).getLong("current_period_start")).isEqualTo(end);
        assertThat(status(id)).isEqualTo("active");
    }

    @Test
    void renewsOnTheSameDayOfEachMonth() {
        String id = subscribe(basic).id();
        int day = day(id);

        stripe.advance(366 * DAY);

        assertThat(list("/v1/invoices?limit=100&subscription=" + id).size()).isBetween(12, 13);
        assertThat(day(id)).isEqualTo(day);
    }

    private int day(String id) {
        return java.time.Instant.ofEpochSecond(subscription(id).getLong("billing_cycle_anchor"))
                .atZone(java.time.ZoneOffset.UTC).getDayOfMonth();
    }

    @Test
    void triesAgainAfterThreeFiveAndSevenDays() {
        String id = subscribe(basic).id();
        makeDefault(attach("pm_card_chargeCustomerFail"));
        renew(id);
        JsonObject first = latestInvoice(id);

        assertThat(status(id)).isEqualTo("past_due");
        assertThat(first.getLong("attempt_count")).isEqualTo(1);
        assertThat(first.getLong("next_payment_attempt")).isBetween(now() + 3 * DAY - 5, now() + 3 * DAY);
        assertThat(stripe.get("/v1/customers/" + customer).json().getBoolean("delinquent")).isTrue();

        stripe.advance(3 * DAY);
        assertThat(latestInvoice(id).getLong("attempt_count")).isEqualTo(2);
        stripe.advance(5 * DAY - 10);
        assertThat(latestInvoice(id).getLong("attempt_count")).isEqualTo(2);
        stripe.advance(10);
        assertThat(latestInvoice(id).getLong("attempt_count")).isEqualTo(3);
        assertThat(status(id)).isEqualTo("past_due");
        stripe.advance(7 * DAY);

        assertThat(latestInvoice(id).getLong("attempt_count")).isEqualTo(4);
        assertThat(latestInvoice(id).getString("status")).isEqualTo("open");
        assertThat(status(id)).isEqualTo("canceled");
        assertThat(subscription(id).getJsonObject("cancellation_details").getString("reason")).isEqualTo("payment_failed");
    }

    @ParameterizedTest
    @CsvSource({ "unpaid, unpaid, draft", "past_due, past_due, open" })
    void endsAsConfiguredWhenAllRetriesFailed(String setting, String status, String nextInvoice) {
        stripe.control("PUT", "/billing", new JsonObject().put("afterRetries", setting));
        String id = subscribe(basic).id();
        makeDefault(attach("pm_card_chargeCustomerFail"));
        renew(id);
        String failed = latestInvoice(id).getString("id");
        stripe.advance(15 * DAY + 10);

        assertThat(status(id)).isEqualTo(status);
        renew(id);
        JsonObject next = latestInvoice(id);
        assertThat(next.getString("id")).isNotEqualTo(failed);
        assertThat(next.getString("status")).isEqualTo(nextInvoice);
    }

    @Test
    void isActiveAgainWhenAnotherCardPays() {
        String id = subscribe(basic).id();
        makeDefault(attach("pm_card_chargeCustomerFail"));
        renew(id);
        String invoice = latestInvoice(id).getString("id");

        StripeClient.Reply declined = stripe.post("/v1/invoices/" + invoice + "/pay");
        StripeClient.Reply paid = stripe.post("/v1/invoices/" + invoice + "/pay", "payment_method", card);

        assertThat(declined.status()).isEqualTo(402);
        assertThat(declined.error().getString("code")).isEqualTo("card_declined");
        assertThat(paid.json().getLong("attempt_count")).isEqualTo(1);
        assertThat(paid.json().getValue("next_payment_attempt")).isNull();
        assertThat(status(id)).isEqualTo("active");
        assertThat(stripe.get("/v1/customers/" + customer).json().getBoolean("delinquent")).isFalse();
        assertThat(stripe.post("/v1/invoices/" + invoice + "/pay").error().getString("message"))
                .isEqualTo("Invoice is already paid");
    }

    @ParameterizedTest
    @CsvSource({ "decline, requires_payment_method", "ask, requires_action" })
    void failsOnceByControl(String outcome, String intentStatus) {
        String id = subscribe(basic).id();
        stripe.control("POST", "/subscriptions/" + id + "/next-charge", new JsonObject().put("outcome", outcome));
        renew(id);
        String intent = intent(latestInvoice(id));

        assertThat(status(id)).isEqualTo("past_due");
        assertThat(stripe.get("/v1/payment_intents/" + intent).json().getString("status")).isEqualTo(intentStatus);
        assertThat(events("invoice.payment_")).endsWith(
                outcome.equals("ask") ? "invoice.payment_action_required" : "invoice.payment_failed");
        stripe.advance(3 * DAY);
        assertThat(status(id)).isEqualTo("active");
        assertThat(latestInvoice(id).getLong("attempt_count")).isEqualTo(2);
    }

    @Test
    void isActiveWhenTheHolderAnswersTheBank() {
        String id = subscribe(basic).id();
        stripe.control("POST", "/subscriptions/" + id + "/next-charge", new JsonObject().put("outcome", "ask"));
        renew(id);

        stripe.control("/payment_intents/" + intent(latestInvoice(id)) + "/authenticate");

        assertThat(status(id)).isEqualTo("active");
        assertThat(latestInvoice(id).getString("status")).isEqualTo("paid");
    }

    @ParameterizedTest
    @CsvSource({ "void, void", "mark_uncollectible, uncollectible", "keep_as_draft, draft" })
    void collectsNothingWhilePaused(String behavior, String status) {
        String id = subscribe(basic).id();
        stripe.post("/v1/subscriptions/" + id, "pause_collection[behavior]", behavior);
        renew(id);

        assertThat(latestInvoice(id).getString("status")).isEqualTo(status);
        assertThat(status(id)).isEqualTo("active");
        stripe.post("/v1/subscriptions/" + id, "pause_collection", "");
        renew(id);
        assertThat(latestInvoice(id).getString("status")).isEqualTo("paid");
    }

    @Test
    void collectsAgainFromTheAgreedDay() {
        String id = subscribe(basic).id();
        stripe.post("/v1/subscriptions/" + id, "pause_collection[behavior]", "void", "pause_collection[resumes_at]",
                now() + 2 * DAY);

        stripe.advance(2 * DAY + 1);

        assertThat(subscription(id).getValue("pause_collection")).isNull();
        assertThat(lastEvent("customer.subscription.updated").getJsonObject("previous_attributes")
                .containsKey("pause_collection")).isTrue();
    }

    @Test
    void takesTheBalanceIntoAccount() {
        stripe.post("/v1/customers/" + customer + "/balance_transactions", "amount", -300, "currency", "usd");
        String id = subscribe(basic).id();
        JsonObject partly = latestInvoice(id);
        stripe.post("/v1/customers/" + customer + "/balance_transactions", "amount", -5000, "currency", "usd");
        renew(id);
        JsonObject wholly = latestInvoice(id);

        assertThat(partly.getLong("starting_balance")).isEqualTo(-300);
        assertThat(partly.getLong("ending_balance")).isZero();
        assertThat(partly.getLong("amount_due")).isEqualTo(700);
        assertThat(partly.getLong("amount_paid")).isEqualTo(700);
        assertThat(wholly.getString("status")).isEqualTo("paid");
        assertThat(wholly.getLong("amount_paid")).isZero();
        assertThat(wholly.getJsonObject("payments").getJsonArray("data")).isEmpty();
        assertThat(wholly.getLong("ending_balance")).isEqualTo(-4000);
        assertThat(stripe.get("/v1/customers/" + customer).json().getLong("balance")).isEqualTo(-4000);
    }

    @Test
    void asksForTheLeastAmountLater() {
        stripe.post("/v1/customers/" + customer + "/balance_transactions", "amount", -970, "currency", "usd");
        String id = subscribe(basic).id();

        assertThat(latestInvoice(id).getString("status")).isEqualTo("paid");
        assertThat(latestInvoice(id).getLong("amount_due")).isZero();
        assertThat(stripe.get("/v1/customers/" + customer).json().getLong("balance")).isEqualTo(30);
        assertThat(list("/v1/customers/" + customer + "/balance_transactions").getJsonObject(0).getString("type"))
                .isEqualTo("invoice_too_small");
    }
}
