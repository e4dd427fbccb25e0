package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.vertx.core.json.JsonObject;

class InvoiceTest extends BillingTest {

    @Test
    void hasNoFieldOfOlderVersions() {
        JsonObject invoice = latestInvoice(subscribe(basic).id());

        assertThat(invoice.fieldNames()).doesNotContain("payment_intent", "charge", "paid", "subscription", "tax");
        assertThat(invoice.getJsonObject("status_transitions").getLong("paid_at")).isPositive();
        assertThat(invoice.getLong("amount_paid_off_stripe")).isZero();
        JsonObject plain = stripe.get("/v1/invoices/" + invoice.getString("id")).json();
        assertThat(plain.fieldNames()).doesNotContain("payments", "confirmation_secret");
        JsonObject line = invoice.getJsonObject("lines").getJsonArray("data").getJsonObject(0);
        assertThat(line.getJsonObject("pricing").getJsonObject("price_details").getString("price")).isEqualTo(basic);
        assertThat(line.getJsonObject("parent").getString("type")).isEqualTo("subscription_item_details");
    }

    @Test
    void isListedByCustomerSubscriptionAndStatus() {
        String one = subscribe(basic).id();
        subscribe(pro, "payment_behavior", "default_incomplete");

        assertThat(list("/v1/invoices?customer=" + customer)).hasSize(2);
        assertThat(list("/v1/invoices?subscription=" + one)).hasSize(1);
        assertThat(list("/v1/invoices?status=open")).hasSize(1);
        assertThat(list("/v1/invoices?created[gt]=" + (now() + 5))).isEmpty();
        assertThat(list("/v1/invoice_payments?status=paid")).hasSize(1);
    }

    @Test
    void isVoided() {
        String id = subscribe(basic, "payment_behavior", "default_incomplete").id();
        String invoice = latestInvoice(id).getString("id");
        JsonObject voided = stripe.post("/v1/invoices/" + invoice + "/void").json();

        assertThat(voided.getString("status")).isEqualTo("void");
        assertThat(status(id)).isEqualTo("incomplete_expired");
        assertThat(stripe.get("/v1/payment_intents/" + intent(invoice(invoice))).json().getString("status"))
                .isEqualTo("canceled");
        assertThat(stripe.post("/v1/invoices/" + invoice + "/pay").status()).isEqualTo(400);
        assertThat(stripe.post("/v1/invoices/" + invoice + "/void").status()).isEqualTo(400);
        assertThat(events("invoice.voided")).hasSize(1);
    }

    @Test
    void givesTheBalanceBackWhenItIsVoided() {
        stripe.post("/v1/customers/" + customer + "/balance_transactions", "amount", -300, "currency", "usd");
        String id = subscribe(basic, "payment_behavior", "default_incomplete").id();
        stripe.control("/invoices/" + latestInvoice(id).getString("id") + "/void");

        assertThat(stripe.get("/v1/customers/" + customer).json().getLong("balance")).isEqualTo(-300);
    }

    @Test
    void isGivenUpAndPaidAllTheSame() {
        String id = pastDue();
        String invoice = latestInvoice(id).getString("id");
        stripe.control("/invoices/" + invoice + "/mark-uncollectible");
        String active = status(id);
        JsonObject paid = stripe.post("/v1/invoices/" + invoice + "/pay", "payment_method", card).json();

        assertThat(active).isEqualTo("active");
        assertThat(events("invoice.marked_uncollectible")).hasSize(1);
        assertThat(paid.getString("status")).isEqualTo("paid");
    }

    @Test
    void isPaidOutsideOfStripe() {
        String id = pastDue();
        String invoice = latestInvoice(id).getString("id");
        String before = balance("platform", "usd").getString("net");
        stripe.control("/invoices/" + invoice + "/pay-outside");
        JsonObject paid = invoice(invoice);

        assertThat(paid.getString("status")).isEqualTo("paid");
        assertThat(paid.getLong("amount_paid")).isEqualTo(1000);
        assertThat(paid.getLong("amount_paid_off_stripe")).isEqualTo(1000);
        assertThat(balance("platform", "usd").getString("net")).isEqualTo(before);
        assertThat(Json.objects(paid.getJsonObject("payments").getJsonArray("data")).stream()
                .map(each -> each.getJsonObject("payment").getString("type") + " " + each.getString("status")))
                .containsExactly("payment_intent canceled", "payment_record paid");
        assertThat(status(id)).isEqualTo("active");
        assertThat(events("invoice.pa")).endsWith("invoice.paid");
    }

    @Test
    void isOverdueOrOverpaidByControl() {
        String invoice = latestInvoice(pastDue()).getString("id");
        stripe.control("/invoices/" + invoice + "/overdue");
        stripe.control("POST", "/invoices/" + invoice + "/pay-outside", new JsonObject().put("tooMuch", 500));

        assertThat(events("invoice.over")).containsExactly("invoice.overdue", "invoice.overpaid");
        assertThat(invoice(invoice).getLong("amount_overpaid")).isEqualTo(500);
        assertThat(stripe.control("/invoices/" + invoice + "/overdue").status()).isEqualTo(400);
    }

    private String pastDue() {
        String id = subscribe(basic).id();
        stripe.control("POST", "/subscriptions/" + id + "/next-charge", new JsonObject().put("outcome", "decline"));
        renew(id);
        return id;
    }

    @Test
    void isWrittenByHandAndShowsItsLinesInPages() {
        String invoice = stripe.post("/v1/invoices", "customer", customer).id();
        for (int i = 1; i <= 60; i++) {
            stripe.post("/v1/invoiceitems", "customer", customer, "invoice", invoice, "amount", 100, "currency", "usd",
                    "description", "Line " + i);
        }
        stripe.post("/v1/invoices/" + invoice + "/finalize", "auto_advance", "false");
        JsonObject shown = invoice(invoice);
        JsonObject page = stripe.get("/v1/invoices/" + invoice + "/lines?limit=50").json();
        JsonObject rest = stripe.get("/v1/invoices/" + invoice + "/lines?limit=50&starting_after="
                + page.getJsonArray("data").getJsonObject(49).getString("id")).json();

        assertThat(shown.getLong("amount_due")).isEqualTo(6000);
        assertThat(shown.getJsonObject("lines").getJsonArray("data")).hasSize(10);
        assertThat(shown.getJsonObject("lines").getBoolean("has_more")).isTrue();
        assertThat(page.getBoolean("has_more")).isTrue();
        assertThat(rest.getJsonArray("data")).hasSize(10);
        assertThat(rest.getBoolean("has_more")).isFalse();
        assertThat(stripe.post("/v1/invoices/" + invoice + "/pay").json().getString("status")).isEqualTo("paid");
    }

    @Test
    void isDeletedOnlyAsADraftByHand() {
        String draft = stripe.post("/v1/invoices", "customer", customer).id();
        String id = subscribe(basic).id();
        advanceTo(item(id).getLong("current_period_end"));
        String ofSubscription = latestInvoice(id).getString("id");

        assertThat(stripe.delete("/v1/invoices/" + draft).json().getBoolean("deleted")).isTrue();
        assertThat(stripe.get("/v1/invoices/" + draft).status()).isEqualTo(404);
        assertThat(events("invoice.deleted")).hasSize(1);
        assertThat(stripe.delete("/v1/invoices/" + ofSubscription).status()).isEqualTo(400);
        stripe.advance(HOUR);
        assertThat(stripe.delete("/v1/invoices/" + ofSubscription).error().getString("code"))
                .isEqualTo("invoice_not_editable");
    }

    @Test
    void isPaidOnItsPage() {
        String id = subscribe(basic, "payment_behavior", "default_incomplete").id();
        JsonObject invoice = latestInvoice(id);
        String path = URI.create(invoice.getString("hosted_invoice_url")).getPath();

        StripeClient.Reply page = stripe.get(path);
        StripeClient.Reply declined = pay(path, "4000000000000002");
        StripeClient.Reply paid = pay(path, "4242424242424242");

        assertThat(page.response().body()).contains("10.00 USD", invoice.getString("number"));
        assertThat(declined.status()).isEqualTo(402);
        assertThat(paid.status()).isEqualTo(303);
        assertThat(stripe.get(path).response().body()).contains("This invoice is paid.");
        assertThat(status(id)).isEqualTo("active");
        StripeClient.Reply pdf = stripe.get(URI.create(invoice.getString("invoice_pdf")).getPath());
        assertThat(pdf.header("Content-Type")).isEqualTo("application/pdf");
        assertThat(pdf.response().body()).startsWith("%PDF-").contains(invoice.getString("number"));
        assertThat(stripe.get(path + "x").status()).isEqualTo(404);
    }

    private StripeClient.Reply pay(String path, String number) {
        return stripe.send("POST", path, "application/x-www-form-urlencoded",
                "email=a@example.com&number=" + number + "&expiry=12/34&cvc=123&name=A");
    }

    @Test
    void addsTaxWhereItIsAsked() {
        stripe.post("/v1/customers/" + customer, "address[country]", "DE");
        String id = subscribe(basic, "automatic_tax[enabled]", "true").id();
        JsonObject invoice = latestInvoice(id);

        assertThat(invoice.getLong("total")).isEqualTo(1100);
        assertThat(invoice.getLong("total_excluding_tax")).isEqualTo(1000);
        assertThat(invoice.getLong("amount_paid")).isEqualTo(1100);
        assertThat(invoice.getJsonArray("total_taxes").getJsonObject(0).getString("taxability_reason"))
                .isEqualTo("standard_rated");
    }

    @Test
    void taxesInStepsThatCardsCanPay() {
        stripe.post("/v1/customers/" + customer, "address[country]", "DE");
        String dinars = stripe.post("/v1/prices", "product", product, "currency", "kwd", "unit_amount", 1250,
                "recurring[interval]", "month").id();
        JsonObject invoice = latestInvoice(subscribe(dinars, "automatic_tax[enabled]", "true").id());

        assertThat(invoice.getLong("amount_paid")).isEqualTo(1380);
    }

    @ParameterizedTest
    @CsvSource({ "exempt, customer_exempt", "reverse, reverse_charge" })
    void addsNoTaxForThoseWhoAreExempt(String exemption, String reason) {
        stripe.post("/v1/customers/" + customer, "address[country]", "DE", "tax_exempt", exemption);
        JsonObject invoice = latestInvoice(subscribe(basic, "automatic_tax[enabled]", "true").id());

        assertThat(invoice.getLong("total")).isEqualTo(1000);
        assertThat(invoice.getJsonArray("total_taxes").getJsonObject(0).getString("taxability_reason")).isEqualTo(reason);
    }

    @Test
    void containsTaxWhereThePriceDoes() {
        stripe.post("/v1/prices/" + basic, "tax_behavior", "inclusive");
        stripe.post("/v1/customers/" + customer, "address[country]", "DE");
        JsonObject invoice = latestInvoice(subscribe(basic, "automatic_tax[enabled]", "true").id());

        assertThat(invoice.getLong("total")).isEqualTo(1000);
        assertThat(invoice.getLong("total_excluding_tax")).isEqualTo(909);
        assertThat(InvoiceObject.tax(invoice)).isEqualTo(91);
    }

    @Test
    void staysADraftWhileThePlaceIsUnknown() {
        stripe.post("/v1/customers/" + customer, "address[country]", "DE");
        String id = subscribe(basic, "automatic_tax[enabled]", "true").id();
        stripe.post("/v1/customers/" + customer, "address", "");
        renew(id);
        JsonObject draft = latestInvoice(id);
        StripeClient.Reply refused = stripe.post("/v1/invoices/" + draft.getString("id") + "/finalize");
        stripe.post("/v1/customers/" + customer, "address[country]", "DE");
        stripe.post("/v1/invoices/" + draft.getString("id") + "/finalize");

        assertThat(draft.getString("status")).isEqualTo("draft");
        assertThat(draft.getJsonObject("automatic_tax").getString("status")).isEqualTo("requires_location_inputs");
        assertThat(draft.getJsonObject("last_finalization_error").getString("code"))
                .isEqualTo("customer_tax_location_invalid");
        assertThat(events("invoice.finalization_failed")).hasSize(2);
        assertThat(refused.error().getString("code")).isEqualTo("customer_tax_location_invalid");
        assertThat(latestInvoice(id).getLong("amount_paid")).isEqualTo(1100);
    }

    @Test
    void keepsThePaymentOfAnInvoiceItsOwn() {
        String id = subscribe(basic, "payment_behavior", "default_incomplete").id();
        String intent = intent(latestInvoice(id));

        assertThat(stripe.post("/v1/payment_intents/" + intent + "/cancel").status()).isEqualTo(400);
        assertThat(stripe.post("/v1/payment_intents/" + intent, "amount", 100).status()).isEqualTo(400);
    }
}
