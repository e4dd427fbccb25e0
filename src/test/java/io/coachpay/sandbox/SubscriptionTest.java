package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.vertx.core.json.JsonObject;

class SubscriptionTest extends BillingTest {

    @Test
    void waitsToBePaidFirst() {
        JsonObject subscription = subscribe(basic, "payment_behavior", "default_incomplete", "metadata[coachpay_id]", "s1")
                .json();
        String id = subscription.getString("id");
        JsonObject open = latestInvoice(id);
        JsonObject paid = stripe.post("/v1/invoices/" + open.getString("id") + "/pay", "payment_method", card).json();

        assertThat(subscription.getString("status")).isEqualTo("incomplete");
        assertThat(subscription.getJsonObject("billing_mode").getString("type")).isEqualTo("flexible");
        assertThat(subscription.containsKey("current_period_end")).isFalse();
        assertThat(item(id).getLong("current_period_end")).isGreaterThan(now() + 27 * DAY);
        assertThat(open.getString("status")).isEqualTo("open");
        assertThat(open.getJsonObject("confirmation_secret").getString("client_secret")).startsWith("pi_");
        assertThat(paid.getString("status")).isEqualTo("paid");
        assertThat(status(id)).isEqualTo("active");
        JsonObject made = lastEvent("customer.subscription.created").getJsonObject("object");
        assertThat(made.getString("status")).isEqualTo("incomplete");
    }

    @Test
    void keepsThePlatformsWordsOutOfThePayment() {
        String id = subscribe(basic, "metadata[coachpay_id]", "s1").id();
        JsonObject intent = stripe.get("/v1/payment_intents/" + intent(latestInvoice(id))).json();
        JsonObject charge = stripe.get("/v1/charges/" + intent.getString("latest_charge")).json();

        assertThat(intent.getJsonObject("metadata")).isEmpty();
        assertThat(intent.containsKey("invoice")).isFalse();
        assertThat(charge.getJsonObject("metadata")).isEmpty();
        assertThat(charge.getString("balance_transaction")).startsWith("txn_");
        assertThat(balance("platform", "usd").getString("net")).isEqualTo("9.41");
        JsonObject details = latestInvoice(id).getJsonObject("parent").getJsonObject("subscription_details");
        assertThat(details.getString("subscription")).isEqualTo(id);
        assertThat(details.getJsonObject("metadata").getString("coachpay_id")).isEqualTo("s1");
        assertThat(list("/v1/invoice_payments?payment[type]=payment_intent&payment[payment_intent]="
                + intent.getString("id")).getJsonObject(0).getString("invoice")).isEqualTo(
                        latestInvoice(id).getString("id"));
    }

    @Test
    void tellsOfAPaidSubscriptionInStripesOrder() {
        subscribe(basic);

        assertThat(events("customer.sub", "invoice", "payment_intent", "charge")).containsExactly(
                "customer.subscription.created", "invoice.created", "payment_intent.created", "invoice.finalized",
                "charge.succeeded", "payment_intent.succeeded", "invoice_payment.paid", "invoice.updated", "invoice.paid",
                "invoice.payment_succeeded", "customer.subscription.updated", "charge.updated");
    }

    @Test
    void staysIncompleteWhenTheCardIsDeclined() {
        makeDefault(attach("pm_card_chargeCustomerFail"));
        String id = subscribe(basic).id();
        JsonObject invoice = latestInvoice(id);

        assertThat(status(id)).isEqualTo("incomplete");
        assertThat(invoice.getString("status")).isEqualTo("open");
        assertThat(invoice.getLong("attempt_count")).isEqualTo(1);
        assertThat(invoice.getValue("next_payment_attempt")).isNull();

        stripe.advance(23 * HOUR + 1);

        assertThat(status(id)).isEqualTo("incomplete_expired");
        assertThat(invoice(invoice.getString("id")).getString("status")).isEqualTo("void");
        assertThat(stripe.get("/v1/payment_intents/" + intent(invoice)).json().getString("status")).isEqualTo("canceled");
        stripe.advance(60 * DAY);
        assertThat(list("/v1/invoices?subscription=" + id)).hasSize(1);
    }

    @Test
    void asksTheBankOfTheHolder() {
        makeDefault(attach("pm_card_authenticationRequired"));
        String id = subscribe(basic, "payment_behavior", "default_incomplete").id();
        String invoice = latestInvoice(id).getString("id");

        StripeClient.Reply asked = stripe.post("/v1/invoices/" + invoice + "/pay");
        stripe.control("/payment_intents/" + intent(latestInvoice(id)) + "/authenticate");

        assertThat(asked.status()).isEqualTo(402);
        assertThat(asked.error().getString("type")).isEqualTo("card_error");
        assertThat(asked.error().getString("code")).isEqualTo("invoice_payment_intent_requires_action");
        assertThat(events("invoice.payment_action_required")).hasSize(1);
        assertThat(status(id)).isEqualTo("active");
    }

    @Test
    void waitsForABankThatTakesItsTime() {
        makeDefault(attach("pm_card_processing"));
        String id = subscribe(basic).id();
        JsonObject invoice = latestInvoice(id);

        assertThat(status(id)).isEqualTo("incomplete");
        assertThat(stripe.post("/v1/invoices/" + invoice.getString("id") + "/void").status()).isEqualTo(400);
        stripe.advance(24 * HOUR);
        stripe.control("/payment_intents/" + intent(invoice) + "/succeed");
        assertThat(status(id)).isEqualTo("active");
    }

    @Test
    void isPaidByTheSecretOfItsInvoice() {
        String id = subscribe(basic, "payment_behavior", "default_incomplete", "payment_settings[save_default_payment_method]",
                "on_subscription").id();

        stripe.control("POST", "/payment_intents/" + intent(latestInvoice(id)) + "/pay",
                new JsonObject().put("paymentMethod", "pm_card_mastercard"));

        assertThat(status(id)).isEqualTo("active");
        String saved = subscription(id).getString("default_payment_method");
        assertThat(stripe.get("/v1/payment_methods/" + saved).json().getString("customer")).isEqualTo(customer);
    }

    @Test
    void triesBeforeItBills() {
        String id = subscribe(basic, "trial_period_days", 14).id();
        JsonObject first = latestInvoice(id);

        assertThat(status(id)).isEqualTo("trialing");
        assertThat(first.getString("status")).isEqualTo("paid");
        assertThat(first.getLong("total")).isZero();
        assertThat(events("payment_intent")).isEmpty();

        stripe.advance(11 * DAY + 1);
        assertThat(events("customer.subscription.trial_will_end")).hasSize(1);
        stripe.advance(3 * DAY);
        assertThat(status(id)).isEqualTo("active");
        stripe.advance(HOUR);
        assertThat(latestInvoice(id).getLong("amount_paid")).isEqualTo(1000);
    }

    @ParameterizedTest
    @CsvSource({ "cancel, canceled, customer.subscription.deleted", "pause, paused, customer.subscription.paused",
            "create_invoice, past_due, invoice.payment_failed" })
    void endsATrialWithoutACardAsAgreed(String behavior, String status, String event) {
        makeDefault("");
        String id = subscribe(basic, "trial_period_days", 2, "trial_settings[end_behavior][missing_payment_method]", behavior)
                .id();

        stripe.post("/v1/subscriptions/" + id, "metadata[a]", "b");
        stripe.advance(2 * DAY + 1);
        stripe.advance(HOUR);

        assertThat(status(id)).isEqualTo(status);
        assertThat(events("customer.subscription", "invoice")).contains(event);
        assertThat(events("customer.subscription.trial_will_end")).hasSize(1);
    }

    @Test
    void resumesWhatWasPaused() {
        makeDefault("");
        String id = subscribe(basic, "trial_period_days", 2, "trial_settings[end_behavior][missing_payment_method]", "pause")
                .id();
        stripe.advance(2 * DAY + 1);
        String path = "/v1/subscriptions/" + id + "/resume";
        stripe.post(path);
        assertThat(status(id)).isEqualTo("paused");
        makeDefault(card);
        stripe.post("/v1/invoices/" + latestInvoice(id).getString("id") + "/pay");

        assertThat(status(id)).isEqualTo("active");
        assertThat(events("customer.subscription.resumed")).hasSize(1);
        assertThat(stripe.post(path).status()).isEqualTo(400);
    }

    @Test
    void cancelsAtOnce() {
        String id = subscribe(basic).id();

        JsonObject canceled = stripe.delete("/v1/subscriptions/" + id + "?prorate=false").json();

        assertThat(canceled.getString("status")).isEqualTo("canceled");
        assertThat(canceled.getJsonObject("cancellation_details").getString("reason")).isEqualTo("cancellation_requested");
        assertThat(stripe.delete("/v1/subscriptions/" + id).error().getString("code")).isEqualTo("resource_missing");
        assertThat(stripe.post("/v1/subscriptions/" + id, "metadata[a]", "b").status()).isEqualTo(200);
        assertThat(stripe.post("/v1/subscriptions/" + id, "cancel_at_period_end", "true").status()).isEqualTo(400);
        stripe.advance(60 * DAY);
        assertThat(list("/v1/invoices?subscription=" + id)).hasSize(1);
    }

    @Test
    void cancelsAtThePeriodsEndAndNotIfThatIsTakenBack() {
        String id = subscribe(basic).id();
        String path = "/v1/subscriptions/" + id;

        JsonObject planned = stripe.post(path, "cancel_at_period_end", "true").json();
        StripeClient.Reply both = stripe.post(path, "cancel_at_period_end", "false", "cancel_at", "");
        JsonObject kept = stripe.post(path, "cancel_at_period_end", "false").json();
        long end = item(id).getLong("current_period_end");
        stripe.post(path, "cancel_at", end);
        stripe.post(path, "cancel_at_period_end", "false");
        long stays = subscription(id).getLong("cancel_at");
        stripe.post(path, "cancel_at", "");
        boolean free = subscription(id).getValue("cancel_at") == null;
        stripe.post(path, "cancel_at_period_end", "true");
        advanceTo(end);

        assertThat(planned.getLong("cancel_at")).isEqualTo(end);
        assertThat(both.error().getString("message")).contains("Please pass in only one");
        assertThat(kept.getValue("cancel_at")).isNull();
        assertThat(stays).isEqualTo(end);
        assertThat(free).isTrue();
        assertThat(status(id)).isEqualTo("canceled");
        assertThat(events("customer.subscription.deleted")).hasSize(1);
    }

    @Test
    void leavesItsEndToItsSchedule() {
        String id = subscribe(basic).id();
        stripe.control("/subscriptions/" + id + "/schedule");
        StripeClient.Reply refused = stripe.post("/v1/subscriptions/" + id, "cancel_at_period_end", "true");
        String schedule = subscription(id).getString("schedule");
        stripe.control("POST", "/subscriptions/" + id + "/schedule", new JsonObject().put("scheduled", false));

        assertThat(schedule).startsWith("sub_sched_");
        assertThat(refused.error().getString("message")).contains("managed by the subscription schedule `" + schedule);
        assertThat(stripe.post("/v1/subscriptions/" + id, "cancel_at_period_end", "true").status()).isEqualTo(200);
    }

    @Test
    void listsWhatIsNotCanceled() {
        String live = subscribe(basic).id();
        String ended = subscribe(basic).id();
        stripe.delete("/v1/subscriptions/" + ended);

        assertThat(list("/v1/subscriptions?customer=" + customer)).hasSize(1);
        assertThat(list("/v1/subscriptions?status=all&price=" + basic)).hasSize(2);
        assertThat(list("/v1/subscriptions?status=ended").getJsonObject(0).getString("id")).isEqualTo(ended);
        assertThat(list("/v1/subscriptions?status=active").getJsonObject(0).getString("id")).isEqualTo(live);
        assertThat(list("/v1/subscription_items?subscription=" + live)).hasSize(1);
    }

    @Test
    void endsWithItsCustomer() {
        String id = subscribe(basic).id();
        String draft = stripe.post("/v1/invoices", "customer", customer).id();

        stripe.delete("/v1/customers/" + customer);

        assertThat(status(id)).isEqualTo("canceled");
        assertThat(events("customer.deleted", "customer.subscription.deleted")).hasSize(2);
        assertThat(stripe.post("/v1/invoices/" + draft + "/finalize").error().getString("code")).isEqualTo("resource_missing");
    }

    @Test
    void makesOneSubscriptionUnderOneKey() {
        StripeClient keyed = stripe.with("Idempotency-Key", "subscription:1:create:1");
        Object[] form = { "customer", customer, "items[0][price]", basic };

        assertThat(keyed.post("/v1/subscriptions", form).id()).isEqualTo(keyed.post("/v1/subscriptions", form).id());
        assertThat(list("/v1/subscriptions")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = { "price, price_none, resource_missing, items[0][price]",
            "payment_behavior, pending_if_incomplete, -, payment_behavior",
            "payment_behavior, sometimes, parameter_invalid_string_enum, payment_behavior",
            "default_payment_method, pm_none, resource_missing, default_payment_method",
            "trial_period_days, 731, parameter_invalid_integer, trial_period_days",
            "billing_mode[type], classic, -, billing_mode[type]", "coupon, X, parameter_unknown, coupon",
            "automatic_tax[enabled], true, customer_tax_location_invalid, automatic_tax[enabled]" })
    void refusesAsStripeDoes(String name, String value, String code, String param) {
        StripeClient.Reply refused = name.equals("price") ? subscribe(value) : subscribe(basic, name, value);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().getString("code")).isEqualTo(code);
        assertThat(refused.error().getString("param")).isEqualTo(param);
        assertThat(list("/v1/subscriptions?status=all")).isEmpty();
    }

    @Test
    void refusesACustomerWithoutACard() {
        makeDefault("");

        assertThat(subscribe(basic).error().getString("code")).isEqualTo("resource_missing");
        assertThat(list("/v1/subscriptions?status=all")).isEmpty();
        assertThat(list("/v1/invoices")).isEmpty();
    }

    @Test
    void bindsTheCustomerToACurrency() {
        String euros = stripe.post("/v1/prices", "product", product, "currency", "eur", "unit_amount", 900,
                "recurring[interval]", "month").id();
        String onceOnly = stripe.post("/v1/prices", "product", product, "currency", "usd", "unit_amount", 900).id();
        subscribe(basic);

        assertThat(stripe.get("/v1/customers/" + customer).json().getString("currency")).isEqualTo("usd");
        assertThat(subscribe(euros).error().getString("message")).contains("cannot combine currencies");
        assertThat(subscribe(onceOnly).error().getString("message")).contains("type=one_time");
    }
}
