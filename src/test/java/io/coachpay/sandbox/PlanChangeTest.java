package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonObject;

class PlanChangeTest extends BillingTest {

    @Test
    void chargesExactlyWhatThePreviewSaid() {
        String id = subscribe(basic).id();
        stripe.advance(10 * DAY + 12_345);
        long date = now();
        JsonObject preview = preview(id, pro, date).json();
        stripe.advance(500);
        JsonObject changed = change(id, pro, "proration_date", date, "payment_behavior", "pending_if_incomplete").json();
        JsonObject charged = latestInvoice(id);

        assertThat(preview.containsKey("id")).isFalse();
        assertThat(preview.getLong("amount_due")).isPositive().isLessThan(2000);
        assertThat(charged.getLong("amount_paid")).isEqualTo(preview.getLong("amount_due"));
        assertThat(charged.getLong("total")).isEqualTo(preview.getLong("total"));
        assertThat(charged.getString("billing_reason")).isEqualTo("subscription_update");
        assertThat(amounts(charged)).isEqualTo(amounts(preview));
        assertThat(charged.getJsonObject("parent").getJsonObject("subscription_details").getLong("subscription_proration_date"))
                .isEqualTo(date);
        assertThat(changed.getValue("pending_update")).isNull();
        assertThat(item(id).getJsonObject("price").getString("id")).isEqualTo(pro);
        assertThat(list("/v1/invoices?subscription=" + id)).hasSize(2);
    }

    @Test
    void previewsEachOfManyChanges() {
        stripe.post("/v1/customers/" + customer, "address[country]", "DE");
        List<String> prices = List.of(basic, pro, price(777, "month"), price(12_345, "year"), price(9_999, "month"));
        String id = subscribe(basic, "automatic_tax[enabled]", "true").id();
        Random random = new Random(7);
        for (int i = 0; i < 40; i++) {
            stripe.advance(random.nextInt((int) (9 * DAY)));
            stripe.advance(HOUR + 1);
            String next = prices.get(random.nextInt(prices.size()));
            if (next.equals(item(id).getJsonObject("price").getString("id"))) {
                continue;
            }
            long date = now();
            JsonObject preview = preview(id, next, date).json();
            stripe.advance(random.nextInt(300));
            change(id, next, "proration_date", date, "payment_behavior", "pending_if_incomplete");
            JsonObject charged = latestInvoice(id);

            assertThat(charged.getLong("total")).as("step %d", i).isEqualTo(preview.getLong("total"));
            assertThat(charged.getLong("amount_due")).as("step %d", i).isEqualTo(preview.getLong("amount_due"));
            assertThat(charged.getLong("amount_paid")).isEqualTo(charged.getLong("amount_due"));
            assertThat(charged.getLong("starting_balance")).isEqualTo(preview.getLong("starting_balance"));
            assertThat(amounts(charged)).isEqualTo(amounts(preview));
        }
        assertThat(stripe.books().getJsonArray("check").getJsonObject(0).getString("sum")).isEqualTo("0.00");
    }

    @Test
    void creditsTheSecondChangeForWhatTheFirstDebited() {
        String highest = price(9000, "month");
        String id = subscribe(basic).id();
        stripe.advance(10 * DAY);
        change(id, pro);
        stripe.advance(5 * DAY);
        long debited = amount(latestInvoice(id), 1);
        long left = item(id).getLong("current_period_end") - now();
        change(id, highest);

        long credited = -amount(latestInvoice(id), 0);
        assertThat(credited).isLessThan(debited).isPositive();
        assertThat(amount(latestInvoice(id), 1)).isEqualTo(Math.round(9000.0 * left / period(id)));
    }

    private long period(String id) {
        return item(id).getLong("current_period_end") - item(id).getLong("current_period_start");
    }

    @Test
    void creditsADowngradeToTheBalance() {
        String id = subscribe(pro).id();
        stripe.advance(10 * DAY);
        long credit = preview(id, basic, now()).json().getLong("total");
        JsonObject changed = change(id, basic).json();
        JsonObject invoice = latestInvoice(id);

        assertThat(invoice.getString("status")).isEqualTo("paid");
        assertThat(invoice.getLong("total")).isNegative().isEqualTo(credit);
        assertThat(invoice.getLong("amount_due")).isZero();
        assertThat(invoice.getJsonObject("payments").getJsonArray("data")).isEmpty();
        assertThat(stripe.get("/v1/customers/" + customer).json().getLong("balance")).isEqualTo(invoice.getLong("total"));
        assertThat(changed.getString("status")).isEqualTo("active");
        renew(id);
        assertThat(latestInvoice(id).getLong("amount_due")).isZero();
    }

    @Test
    void keepsThePriceUntilTheNewOneIsPaid() {
        String id = subscribe(basic).id();
        stripe.advance(10 * DAY);
        makeDefault(attach("pm_card_chargeCustomerFail"));
        JsonObject waiting = change(id, pro, "payment_behavior", "pending_if_incomplete").json();
        String invoice = latestInvoice(id).getString("id");

        assertThat(waiting.getString("status")).isEqualTo("active");
        assertThat(item(id).getJsonObject("price").getString("id")).isEqualTo(basic);
        JsonObject pending = waiting.getJsonObject("pending_update");
        assertThat(pending.getJsonArray("subscription_items").getJsonObject(0).getJsonObject("price").getString("id"))
                .isEqualTo(pro);
        assertThat(pending.getLong("expires_at")).isBetween(now() + 23 * HOUR - 5, now() + 23 * HOUR);
        assertThat(invoice(invoice).getValue("next_payment_attempt")).isNull();

        stripe.post("/v1/invoices/" + invoice + "/pay", "payment_method", card);

        assertThat(item(id).getJsonObject("price").getString("id")).isEqualTo(pro);
        assertThat(subscription(id).getValue("pending_update")).isNull();
        assertThat(events("customer.subscription.pending_update"))
                .containsExactly("customer.subscription.pending_update_applied");
    }

    @Test
    void forgetsAChangeThatIsNotPaidInTime() {
        String id = subscribe(basic).id();
        stripe.control("POST", "/subscriptions/" + id + "/next-charge", new JsonObject().put("outcome", "ask"));
        stripe.advance(DAY);
        change(id, pro, "payment_behavior", "pending_if_incomplete");
        String invoice = latestInvoice(id).getString("id");

        stripe.advance(23 * HOUR + 1);

        assertThat(subscription(id).getValue("pending_update")).isNull();
        assertThat(item(id).getJsonObject("price").getString("id")).isEqualTo(basic);
        assertThat(invoice(invoice).getString("status")).isEqualTo("void");
        assertThat(events("customer.subscription.pending_update"))
                .containsExactly("customer.subscription.pending_update_expired");
        assertThat(status(id)).isEqualTo("active");
    }

    @Test
    void replacesAChangeThatStillWaits() {
        String id = subscribe(basic).id();
        stripe.advance(DAY);
        makeDefault(attach("pm_card_chargeCustomerFail"));
        change(id, pro, "payment_behavior", "pending_if_incomplete");
        String first = latestInvoice(id).getString("id");
        makeDefault(card);
        change(id, price(2000, "month"), "payment_behavior", "pending_if_incomplete");

        assertThat(invoice(first).getString("status")).isEqualTo("void");
        assertThat(item(id).getJsonObject("price").getLong("unit_amount")).isEqualTo(2000);
    }

    @Test
    void changesAtOnceAndFallsBehindWhereThatIsAllowed() {
        String id = subscribe(basic).id();
        stripe.advance(DAY);
        makeDefault(attach("pm_card_chargeCustomerFail"));
        change(id, pro);

        assertThat(item(id).getJsonObject("price").getString("id")).isEqualTo(pro);
        assertThat(status(id)).isEqualTo("past_due");
        assertThat(latestInvoice(id).getLong("next_payment_attempt")).isNotNull();
    }

    @Test
    void leavesThePaymentToThePayerWhereThatIsAsked() {
        String id = subscribe(basic).id();
        stripe.advance(DAY);
        JsonObject changed = change(id, pro, "payment_behavior", "default_incomplete").json();
        String secret = latestInvoice(id).getJsonObject("confirmation_secret").getString("client_secret");
        stripe.control("POST", "/payment_intents/" + intent(latestInvoice(id)) + "/pay",
                new JsonObject().put("paymentMethod", card));

        assertThat(changed.getString("status")).isEqualTo("past_due");
        assertThat(secret).startsWith("pi_");
        assertThat(status(id)).isEqualTo("active");
    }

    @Test
    void startsAnotherPeriodWhenItsLengthChanges() {
        String yearly = price(12_000, "year");
        String id = subscribe(basic).id();
        stripe.advance(10 * DAY);
        long due = preview(id, yearly, now()).json().getLong("amount_due");
        change(id, yearly, "payment_behavior", "pending_if_incomplete");

        assertThat(latestInvoice(id).getLong("amount_paid")).isEqualTo(due).isGreaterThan(11_000);
        assertThat(item(id).getLong("current_period_end")).isGreaterThan(now() + 360 * DAY);
        assertThat(subscription(id).getLong("billing_cycle_anchor")).isGreaterThan(now() - 60);
        stripe.advance(60 * DAY);
        assertThat(list("/v1/invoices?subscription=" + id)).hasSize(2);
    }

    @Test
    void movesAPlannedEndWithThePeriod() {
        String id = subscribe(basic).id();
        stripe.post("/v1/subscriptions/" + id, "cancel_at_period_end", "true");
        change(id, price(12_000, "year"));

        assertThat(subscription(id).getLong("cancel_at")).isEqualTo(item(id).getLong("current_period_end"));
    }

    @Test
    void changesATrialWithoutABill() {
        String id = subscribe(basic, "trial_period_days", 10).id();
        change(id, pro);

        assertThat(status(id)).isEqualTo("trialing");
        assertThat(list("/v1/invoices?subscription=" + id)).hasSize(1);
        stripe.post("/v1/subscriptions/" + id, "trial_end", "now");
        assertThat(status(id)).isEqualTo("active");
        assertThat(latestInvoice(id).getLong("amount_paid")).isEqualTo(3000);
    }

    @Test
    void endsATrialWithTheChangeAndBillsTheNewPrice() {
        String id = subscribe(basic, "trial_period_days", 10).id();
        stripe.advance(DAY);
        long date = now();
        JsonObject preview = previewOfTrial(id, pro, date, "now").json();
        stripe.advance(500);
        JsonObject changed = change(id, pro, "proration_date", date, "payment_behavior", "pending_if_incomplete", "trial_end",
                "now").json();
        JsonObject charged = latestInvoice(id);

        assertThat(preview.getLong("amount_due")).isEqualTo(3000);
        assertThat(charged.getLong("amount_paid")).isEqualTo(3000);
        assertThat(amounts(charged)).isEqualTo(amounts(preview));
        assertThat(charged.getString("billing_reason")).isEqualTo("subscription_update");
        assertThat(changed.getString("status")).isEqualTo("active");
        assertThat(subscription(id).getLong("trial_end")).isBetween(now() - 5, now());
        assertThat(item(id).getLong("current_period_start")).isBetween(now() - 5, now());
        assertThat(item(id).getJsonObject("price").getString("id")).isEqualTo(pro);
        assertThat(list("/v1/invoices?subscription=" + id)).hasSize(2);
    }

    @Test
    void keepsTheTrialUntilTheChangeThatEndsItIsPaid() {
        String id = subscribe(basic, "trial_period_days", 10).id();
        makeDefault(attach("pm_card_chargeCustomerFail"));
        JsonObject waiting = change(id, pro, "payment_behavior", "pending_if_incomplete", "trial_end", "now").json();

        assertThat(waiting.getString("status")).isEqualTo("trialing");
        assertThat(waiting.getJsonObject("pending_update").getLong("trial_end")).isBetween(now() - 5, now());
        assertThat(item(id).getJsonObject("price").getString("id")).isEqualTo(basic);

        stripe.post("/v1/invoices/" + latestInvoice(id).getString("id") + "/pay", "payment_method", card);

        assertThat(status(id)).isEqualTo("active");
        assertThat(item(id).getJsonObject("price").getString("id")).isEqualTo(pro);
        assertThat(item(id).getLong("current_period_start")).isBetween(now() - 60, now());
    }

    @Test
    void refusesAnEndOfATrialThatIsNone() {
        String id = subscribe(basic, "trial_period_days", 10).id();
        String active = subscribe(basic).id();

        assertThat(previewOfTrial(id, pro, now(), "yesterday").error().getString("param"))
                .isEqualTo("subscription_details[trial_end]");
        assertThat(previewOfTrial(id, pro, now(), String.valueOf(now() - 10)).status()).isEqualTo(400);
        assertThat(change(id, pro, "trial_end", now() - 10).status()).isEqualTo(400);
        assertThat(item(id).getJsonObject("price").getString("id")).isEqualTo(basic);
        assertThat(change(active, pro, "trial_end", now() + DAY).status()).isEqualTo(400);
    }

    private StripeClient.Reply previewOfTrial(String id, String price, long date, String trialEnd) {
        return stripe.post("/v1/invoices/create_preview", "subscription", id, "subscription_details[items][0][id]",
                item(id).getString("id"), "subscription_details[items][0][price]", price,
                "subscription_details[proration_behavior]", "always_invoice", "subscription_details[proration_date]", date,
                "subscription_details[trial_end]", trialEnd);
    }

    @Test
    void previewsTheNextPeriod() {
        String id = subscribe(basic).id();
        JsonObject next = stripe.post("/v1/invoices/create_preview", "subscription", id).json();
        stripe.post("/v1/subscriptions/" + id, "cancel_at_period_end", "true");
        StripeClient.Reply none = stripe.post("/v1/invoices/create_preview", "subscription", id);

        assertThat(next.getLong("amount_due")).isEqualTo(1000);
        assertThat(next.getString("billing_reason")).isEqualTo("upcoming");
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.error().getString("code")).isEqualTo("invoice_upcoming_none");
        assertThat(list("/v1/invoices")).hasSize(1);
    }

    @Test
    void refusesAsStripeDoes() {
        String id = subscribe(basic).id();
        String path = "/v1/subscriptions/" + id;
        String euros = stripe.post("/v1/prices", "product", product, "currency", "eur", "unit_amount", 900,
                "recurring[interval]", "month").id();

        assertThat(stripe.post(path, "metadata[a]", "b", "payment_behavior", "pending_if_incomplete").error()
                .getString("param")).isEqualTo("metadata");
        assertThat(change(id, euros).error().getString("message")).contains("only supports `eur`");
        assertThat(change(id, pro, "proration_date", now() - 40 * DAY).error().getString("param")).isEqualTo("proration_date");
        assertThat(stripe.post(path, "items[0][price]", pro).status()).isEqualTo(400);
        assertThat(change(id, "price_none").error().getString("code")).isEqualTo("resource_missing");
        assertThat(list("/v1/invoices")).hasSize(1);
    }

    @Test
    void changesNothingWhileIncomplete() {
        String id = subscribe(basic, "payment_behavior", "default_incomplete").id();

        assertThat(change(id, pro).status()).isEqualTo(400);
        assertThat(stripe.post("/v1/subscriptions/" + id, "metadata[a]", "b").status()).isEqualTo(200);
    }

    private StripeClient.Reply preview(String id, String price, long date) {
        return stripe.post("/v1/invoices/create_preview", "subscription", id, "subscription_details[items][0][id]",
                item(id).getString("id"), "subscription_details[items][0][price]", price,
                "subscription_details[proration_behavior]", "always_invoice", "subscription_details[proration_date]", date);
    }

    private static List<Long> amounts(JsonObject invoice) {
        return Json.objects(invoice.getJsonObject("lines").getJsonArray("data")).stream().map(line -> line.getLong("amount"))
                .toList();
    }

    private static long amount(JsonObject invoice, int line) {
        return amounts(invoice).get(line);
    }
}
