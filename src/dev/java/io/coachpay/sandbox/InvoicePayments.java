package io.coachpay.sandbox;

import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Leads from an invoice to the payment that pays it, and back.
 *
 * @see <a href="https://docs.stripe.com/api/invoice-payment">Stripe: invoice payments</a>
 */
final class InvoicePayments {

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;

    InvoicePayments(State state, Ids ids, VirtualClock clock, Events events) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
    }

    void routes(Api api) {
        api.get("/v1/invoice_payments", Lists.PARAMETERS + "invoice payment{type! payment_intent payment_record} status",
                call -> Lists.page(call, state.all(call.account(), "invoice_payment"),
                        Lists.equal(call, "invoice", "status").and(by(call.parameters()))));
        api.get("/v1/invoice_payments/:id", "expand[]", call -> state.get(call.account(), "invoice_payment", call.id()));
    }

    /** Opens the payment of an invoice by an intent. */
    JsonObject open(String account, JsonObject invoice, JsonObject intent) {
        state.notes(intent.getString("id")).put("invoice", invoice.getString("id"));
        return add(account, invoice, Json.object("payment_intent", intent.getString("id"), "type", "payment_intent"));
    }

    /** Records money that reached the platform outside of Stripe. */
    JsonObject outside(String account, JsonObject invoice) {
        JsonObject payment = add(account, invoice, Json.object("payment_record", ids.next("pr_"), "type", "payment_record"));
        pay(account, payment);
        return payment;
    }

    void pay(String account, JsonObject payment) {
        payment.put("status", "paid").put("amount_paid", payment.getLong("amount_requested"))
                .getJsonObject("status_transitions").put("paid_at", clock.seconds());
        events.send(account, "invoice_payment.paid", payment);
    }

    void cancel(JsonObject payment) {
        payment.put("status", "canceled").getJsonObject("status_transitions").put("canceled_at", clock.seconds());
    }

    /** The invoice's open or paid payment by an intent, or null. */
    @Nullable
    JsonObject of(String account, JsonObject invoice) {
        return state.all(account, "invoice_payment").stream()
                .filter(each -> invoice.getString("id").equals(each.getString("invoice"))
                        && each.getJsonObject("payment").containsKey("payment_intent"))
                .findFirst().orElse(null);
    }

    /** The intent that is to pay the invoice, or null if nothing is due. */
    @Nullable
    JsonObject intent(String account, JsonObject invoice) {
        JsonObject payment = of(account, invoice);
        return payment == null ? null
                : state.find(account, "payment_intent", payment.getJsonObject("payment").getString("payment_intent"));
    }

    /** All payments of an invoice, which it shows when asked to expand them. */
    JsonObject listOf(String account, JsonObject invoice) {
        JsonObject list = Json.list("/v1/invoice_payments?invoice=" + invoice.getString("id"));
        state.all(account, "invoice_payment").stream()
                .filter(each -> invoice.getString("id").equals(each.getString("invoice")))
                .forEach(each -> list.getJsonArray("data").add(each.copy()));
        return list;
    }

    private JsonObject add(String account, JsonObject invoice, JsonObject payment) {
        JsonObject made = Json.object("id", ids.next("inpay_"), "object", "invoice_payment", "amount_paid", null,
                "amount_requested", invoice.getLong("amount_remaining"), "created", clock.seconds(), "currency",
                invoice.getString("currency"), "invoice", invoice.getString("id"), "is_default",
                of(account, invoice) == null, "livemode", false, "payment", payment, "status", "open", "status_transitions",
                Json.object("canceled_at", null, "paid_at", null));
        state.add(account, made);
        return made;
    }

    private static Predicate<JsonObject> by(Parameters parameters) {
        parameters.oneOf("status", "canceled", "open", "paid");
        Parameters payment = parameters.nested("payment");
        String type = payment.oneOf("type", "payment_intent", "payment_record");
        if (type == null) {
            return any -> true;
        }
        String id = payment.need(type);
        return each -> id.equals(each.getJsonObject("payment").getString(type));
    }
}
