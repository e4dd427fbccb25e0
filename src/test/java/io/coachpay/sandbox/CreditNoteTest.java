package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonObject;

class CreditNoteTest extends BillingTest {

    private String invoice;
    private String intent;

    @BeforeEach
    void buy() {
        JsonObject bought = latestInvoice(subscribe(pro).id());
        invoice = bought.getString("id");
        intent = intent(bought);
    }

    @Test
    void namesTheRefundThatWentBefore() {
        String refund = stripe.post("/v1/refunds", "payment_intent", intent, "amount", 500).id();
        JsonObject note = note(500, "refunds[0][refund]", refund, "refunds[0][amount_refunded]", 500, "reason",
                "order_change").json();

        assertThat(note.getString("type")).isEqualTo("post_payment");
        assertThat(note.getLong("post_payment_amount")).isEqualTo(500);
        assertThat(note.getJsonArray("refunds").getJsonObject(0).getString("refund")).isEqualTo(refund);
        assertThat(note.getString("number")).endsWith("-0001-CN-01");
        assertThat(invoice(invoice).getLong("post_payment_credit_notes_amount")).isEqualTo(500);
        assertThat(invoice(invoice).getString("status")).isEqualTo("paid");
        assertThat(list("/v1/refunds")).hasSize(1);
        assertThat(events("credit_note")).containsExactly("credit_note.created");
        assertThat(stripe.get(URI.create(note.getString("pdf")).getPath()).response().body()).startsWith("%PDF-");
        assertThat(stripe.post("/v1/credit_notes/" + note.getString("id") + "/void").error().getString("message"))
                .contains("invoice is open");
    }

    @Test
    void linksARefundOnlyOnceAndOnlyToItsInvoice() {
        String refund = stripe.post("/v1/refunds", "payment_intent", intent, "amount", 500).id();
        note(500, "refunds[0][refund]", refund);
        String other = latestInvoice(subscribe(basic).id()).getString("id");

        assertThat(note(1, "refunds[0][refund]", refund, "refunds[0][amount_refunded]", 1).error().getString("param"))
                .isEqualTo("refunds[0][amount_refunded]");
        assertThat(stripe.post("/v1/credit_notes", "invoice", other, "amount", 500, "refunds[0][refund]", refund).error()
                .getString("param")).isEqualTo("refunds[0][refund]");
    }

    @Test
    void refundsOrCreditsByItself() {
        JsonObject note = note(700, "refund_amount", 500, "credit_amount", 200).json();

        assertThat(list("/v1/refunds").getJsonObject(0).getLong("amount")).isEqualTo(500);
        assertThat(note.getString("customer_balance_transaction")).startsWith("cbtxn_");
        assertThat(stripe.get("/v1/customers/" + customer).json().getLong("balance")).isEqualTo(-200);
    }

    @Test
    void refusesWhatDoesNotAddUp() {
        assertThat(note(500).error().getString("message")).contains("must equal the post payment credit note amount (5.00)");
        assertThat(note(3001, "credit_amount", 3001).error().getString("param")).isEqualTo("amount");
        assertThat(note(0).error().getString("code")).isEqualTo("parameter_invalid_integer");
        assertThat(stripe.post("/v1/credit_notes", "invoice", "in_none", "amount", 1).error().getString("code"))
                .isEqualTo("resource_missing");
        assertThat(list("/v1/credit_notes")).isEmpty();
        assertThat(list("/v1/refunds")).isEmpty();
    }

    @Test
    void letsAnOpenInvoiceAskForLessUntilItIsVoided() {
        String id = subscribe(basic, "payment_behavior", "default_incomplete").id();
        invoice = latestInvoice(id).getString("id");
        JsonObject note = note(300).json();
        long less = invoice(invoice).getLong("amount_remaining");
        long charged = stripe.get("/v1/payment_intents/" + intent(latestInvoice(id))).json().getLong("amount");
        stripe.post("/v1/credit_notes/" + note.getString("id") + "/void");
        long again = invoice(invoice).getLong("amount_remaining");
        note(1000);

        assertThat(note.getString("type")).isEqualTo("pre_payment");
        assertThat(less).isEqualTo(700);
        assertThat(charged).isEqualTo(700);
        assertThat(again).isEqualTo(1000);
        assertThat(events("credit_note")).containsExactly("credit_note.created", "credit_note.voided", "credit_note.created");
        assertThat(invoice(invoice).getString("status")).isEqualTo("paid");
        assertThat(invoice(invoice).getLong("amount_paid")).isZero();
        assertThat(status(id)).isEqualTo("active");
    }

    @Test
    void splitsTheTax() {
        stripe.post("/v1/customers/" + customer, "address[country]", "DE");
        invoice = latestInvoice(subscribe(basic, "automatic_tax[enabled]", "true").id()).getString("id");
        JsonObject note = note(550, "refund_amount", 550).json();

        assertThat(note.getJsonArray("total_taxes").getJsonObject(0).getLong("amount")).isEqualTo(50);
        assertThat(note.getLong("total_excluding_tax")).isEqualTo(500);
    }

    @Test
    void followsADisputeOfTheInvoicesCharge() {
        String charge = stripe.get("/v1/payment_intents/" + intent).json().getString("latest_charge");
        stripe.control("POST", "/disputes", new JsonObject().put("charge", charge));

        assertThat(events("charge.dispute.created")).hasSize(1);
        assertThat(invoice(invoice).getString("status")).isEqualTo("paid");
        assertThat(note(3000, "refund_amount", 3000).error().getString("code")).isEqualTo("charge_disputed");
    }

    @Test
    void changesItsWordsAlone() {
        String id = note(100, "credit_amount", 100).id();

        assertThat(stripe.post("/v1/credit_notes/" + id, "memo", "Sorry").json().getString("memo")).isEqualTo("Sorry");
        assertThat(events("credit_note")).containsExactly("credit_note.created", "credit_note.updated");
        assertThat(list("/v1/credit_notes?invoice=" + invoice)).hasSize(1);
        assertThat(list("/v1/credit_notes/" + id + "/lines")).hasSize(1);
    }

    private StripeClient.Reply note(long amount, Object... more) {
        Object[] all = new Object[4 + more.length];
        System.arraycopy(new Object[] { "invoice", invoice, "amount", amount }, 0, all, 0, 4);
        System.arraycopy(more, 0, all, 4, more.length);
        return stripe.post("/v1/credit_notes", all);
    }
}
