package io.coachpay.sandbox;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Notes that correct finalized invoices: less is asked for on an open one, and what was paid on another went back.
 *
 * @see <a href="https://docs.stripe.com/api/credit_notes">Stripe: credit notes</a>
 */
final class CreditNotes {

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final CustomerBalance balance;
    private final Collection collection;
    private final InvoiceEnds ends;
    private final InvoicePayments payments;
    private final Refunds refunds;
    private final String base;

    /** The ways in which the money of a paid invoice went back. */
    private record Returned(JsonArray refunds, long refunded, long credited, long outside) {

        long sum() {
            return refunded + credited + outside;
        }
    }

    CreditNotes(State state, Ids ids, VirtualClock clock, Events events, CustomerBalance balance, Collection collection,
            InvoiceEnds ends, InvoicePayments payments, Refunds refunds, String base) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.balance = balance;
        this.collection = collection;
        this.ends = ends;
        this.payments = payments;
        this.refunds = refunds;
        this.base = base;
    }

    void routes(Api api) {
        api.post("/v1/credit_notes",
                "amount! credit_amount email_type expand[] invoice! memo metadata* out_of_band_amount reason "
                        + "refund_amount refunds[]{amount_refunded refund!}",
                this::create);
        api.get("/v1/credit_notes", Lists.PARAMETERS + "customer invoice", call -> Lists.page(call,
                state.all(call.account(), "credit_note"), Lists.equal(call, "customer", "invoice")));
        api.get("/v1/credit_notes/:id", "expand[]", this::find);
        api.get("/v1/credit_notes/:id/lines", "ending_before expand[] limit starting_after",
                call -> find(call).getJsonObject("lines"));
        api.post("/v1/credit_notes/:id", "expand[] memo metadata*", this::update);
        api.post("/v1/credit_notes/:id/void", "expand[]", this::voidIt);
    }

    private JsonObject find(Call call) {
        return state.get(call.account(), "credit_note", call.id());
    }

    private JsonObject create(Call call) {
        Parameters parameters = call.parameters();
        JsonObject invoice = state.get(call.account(), "invoice", parameters.need("invoice"), "invoice");
        parameters.oneOf("reason", "duplicate", "fraudulent", "order_change", "product_unsatisfactory");
        parameters.oneOf("email_type", "credit_note", "none");
        long amount = parameters.needInteger("amount");
        boolean open = "open".equals(invoice.getString("status"));
        if (!open && !"paid".equals(invoice.getString("status"))) {
            throw StripeError.invalid("You can only create a credit note for an invoice that is open or paid. This invoice is "
                    + invoice.getString("status") + ".", "invoice");
        }
        check(invoice, amount, open);
        Returned returned = returned(call, invoice, amount, open);
        JsonObject note = note(call, invoice, amount, open).put("refunds", returned.refunds);
        if (returned.outside > 0) {
            note.put("out_of_band_amount", returned.outside);
        }
        if (returned.credited > 0) {
            JsonObject customer = state.get(call.account(), "customer", invoice.getString("customer"));
            note.put("customer_balance_transaction", balance.move(call.account(), customer, -returned.credited, "credit_note",
                    invoice.getString("id")).put("credit_note", note.getString("id")).getString("id"));
        }
        state.add(call.account(), note);
        events.send(call.account(), "credit_note.created", note);
        correct(call.account(), invoice, amount, open);
        return note;
    }

    private static void check(JsonObject invoice, long amount, boolean open) {
        long most = open ? invoice.getLong("amount_remaining")
                : Math.max(0, invoice.getLong("total") - invoice.getLong("post_payment_credit_notes_amount")
                        - invoice.getLong("pre_payment_credit_notes_amount"));
        if (amount < 1) {
            throw StripeError.invalid("parameter_invalid_integer", "Invalid positive integer", "amount");
        }
        if (amount > most) {
            String currency = invoice.getString("currency");
            throw StripeError.invalid("The credit note amount (" + Currencies.decimal(amount, currency)
                    + ") is greater than what is left of the invoice (" + Currencies.decimal(most, currency) + ").", "amount");
        }
    }

    /** The ways in which the money of a paid invoice went back; an open one has no money to give. */
    private Returned returned(Call call, JsonObject invoice, long amount, boolean open) {
        Parameters parameters = call.parameters();
        JsonArray linked = new JsonArray();
        long refunded = 0;
        for (Parameters sent : parameters.items("refunds")) {
            JsonObject refund = refundOf(call.account(), invoice, sent);
            Long asked = sent.integer("amount_refunded");
            long part = asked == null ? refund.getLong("amount") : asked;
            if (part < 1 || part + linked(call.account(), refund) > refund.getLong("amount")) {
                throw StripeError.invalid("The refund " + refund.getString("id") + " has less than that left to link.",
                        sent.name("amount_refunded"));
            }
            refunded += part;
            linked.add(link(refund.getString("id"), part));
        }
        Long made = parameters.integer("refund_amount");
        long wanted = made == null ? 0 : made;
        Long credit = parameters.integer("credit_amount");
        Long outside = parameters.integer("out_of_band_amount");
        Returned returned = new Returned(linked, refunded + wanted, credit == null ? 0 : credit, outside == null ? 0 : outside);
        if (returned.sum() != (open ? 0 : amount)) {
            String currency = invoice.getString("currency");
            throw StripeError.invalid("The sum of credit amount, refund amount and out of band amount ("
                    + Currencies.decimal(returned.sum(), currency) + ") must equal the post payment credit note amount ("
                    + Currencies.decimal(open ? 0 : amount, currency) + ").");
        }
        if (wanted > 0) {
            linked.add(link(refund(call, invoice, wanted), wanted));
        }
        return returned;
    }

    private static JsonObject link(String refund, long amount) {
        return Json.object("amount_refunded", amount, "payment_record_refund", null, "refund", refund, "type", "refund");
    }

    private String refund(Call call, JsonObject invoice, long amount) {
        JsonObject intent = payments.intent(call.account(), invoice);
        if (intent == null) {
            throw StripeError.invalid("This invoice has no payment to refund.", "refund_amount");
        }
        Parameters wish = new Parameters(
                Map.of("payment_intent", intent.getString("id"), "amount", String.valueOf(amount)));
        return refunds.create(new Call(call.account(), "/v1/refunds", Map.of(), wish, call.requestId(), null)).getString("id");
    }

    private JsonObject refundOf(String account, JsonObject invoice, Parameters sent) {
        JsonObject refund = state.get(account, "refund", sent.need("refund"), sent.name("refund"));
        String intent = String.valueOf(refund.getString("payment_intent"));
        if (!invoice.getString("id").equals(state.notes(intent).getString("invoice"))) {
            throw StripeError.invalid("The refund " + refund.getString("id") + " is not of a payment of this invoice.",
                    sent.name("refund"));
        }
        if (List.of("failed", "canceled").contains(refund.getString("status"))) {
            throw StripeError.invalid("The refund " + refund.getString("id") + " is " + refund.getString("status") + ".",
                    sent.name("refund"));
        }
        return refund;
    }

    private long linked(String account, JsonObject refund) {
        return state.all(account, "credit_note").stream().filter(note -> "issued".equals(note.getString("status")))
                .flatMap(note -> Json.objects(note.getJsonArray("refunds")).stream())
                .filter(link -> refund.getString("id").equals(link.getString("refund")))
                .mapToLong(link -> link.getLong("amount_refunded")).sum();
    }

    private JsonObject note(Call call, JsonObject invoice, long amount, boolean open) {
        String id = ids.next("cn_");
        long number = 1 + state.all(call.account(), "credit_note").stream()
                .filter(each -> invoice.getString("id").equals(each.getString("invoice"))).count();
        String currency = invoice.getString("currency");
        long tax = invoice.getLong("total") <= 0 ? 0
                : Rates.proportional(InvoiceObject.tax(invoice), amount, invoice.getLong("total"), currency);
        JsonArray taxes = new JsonArray();
        if (tax > 0) {
            taxes.add(invoice.getJsonArray("total_taxes").getJsonObject(0).copy().put("amount", tax).put("taxable_amount",
                    amount - tax));
        }
        JsonObject line = Json.object("id", ids.next("cnli_"), "object", "credit_note_line_item", "amount", amount - tax,
                "description", "Credit", "discount_amount", 0, "discount_amounts", new JsonArray(), "livemode", false,
                "metadata", new JsonObject(), "pretax_credit_amounts", new JsonArray(), "quantity", 1, "tax_rates",
                new JsonArray(), "taxes", taxes.copy(), "type", "custom_line_item", "unit_amount", amount - tax,
                "unit_amount_decimal", String.valueOf(amount - tax));
        JsonObject note = Json.object("id", id, "object", "credit_note", "amount", amount, "amount_shipping", 0, "created",
                clock.seconds(), "currency", currency, "customer", invoice.getString("customer"), "customer_account", null,
                "customer_balance_transaction", null, "discount_amount", 0, "discount_amounts", new JsonArray(), "effective_at",
                clock.seconds(), "invoice", invoice.getString("id"), "lines",
                Json.list("/v1/credit_notes/" + id + "/lines", Json.array(line)), "livemode", false, "memo",
                call.parameters().text("memo"), "metadata", new JsonObject(), "number",
                invoice.getString("number") + String.format(Locale.ROOT, "-CN-%02d", number), "out_of_band_amount", null,
                "pdf", base + "/credit_notes/" + id + "/pdf");
        note.mergeIn(Json.object("post_payment_amount", open ? 0 : amount, "pre_payment_amount", open ? amount : 0,
                "pretax_credit_amounts", new JsonArray(), "reason", call.parameters().text("reason"), "refunds",
                new JsonArray(), "shipping_cost", null, "status", "issued", "subtotal", amount - tax, "subtotal_excluding_tax",
                amount - tax, "total", amount, "total_excluding_tax", amount - tax, "total_taxes", taxes, "type",
                open ? "pre_payment" : "post_payment", "voided_at", null));
        call.parameters().metadata(note);
        return note;
    }

    /** Lets the invoice ask for less, or more again, or remember what went back. */
    private void correct(String account, JsonObject invoice, long amount, boolean open) {
        JsonObject before = invoice.copy();
        String field = open ? "pre_payment_credit_notes_amount" : "post_payment_credit_notes_amount";
        invoice.put(field, invoice.getLong(field) + amount);
        if (!open) {
            events.sendUpdate(account, "invoice.updated", invoice, before);
            return;
        }
        long remaining = invoice.getLong("amount_remaining") - amount;
        invoice.put("amount_remaining", remaining);
        JsonObject intent = payments.intent(account, invoice);
        JsonObject payment = payments.of(account, invoice);
        if (remaining > 0 && intent != null && payment != null) {
            intent.put("amount", remaining);
            payment.put("amount_requested", remaining);
        }
        events.sendUpdate(account, "invoice.updated", invoice, before);
        if (remaining == 0) {
            ends.cancelPayment(account, invoice, "void_invoice");
            collection.conclude(account, invoice, 0);
        }
    }

    private JsonObject update(Call call) {
        JsonObject note = find(call);
        JsonObject before = note.copy();
        if (call.parameters().has("memo")) {
            note.put("memo", call.parameters().text("memo"));
        }
        call.parameters().metadata(note);
        events.sendUpdate(call.account(), "credit_note.updated", note, before);
        return note;
    }

    private JsonObject voidIt(Call call) {
        JsonObject note = find(call);
        JsonObject invoice = state.get(call.account(), "invoice", note.getString("invoice"));
        if ("void".equals(note.getString("status"))) {
            throw StripeError.invalid("This credit note is already void.");
        }
        if (!"open".equals(invoice.getString("status"))) {
            throw StripeError.invalid("You can only void a credit note if the associated invoice is open.");
        }
        note.put("status", "void").put("voided_at", clock.seconds());
        events.send(call.account(), "credit_note.voided", note);
        correct(call.account(), invoice, -note.getLong("amount"), true);
        return note;
    }

    /** The note of a page's address, or null. */
    @Nullable
    JsonObject byId(String id) {
        String owner = state.owner(id);
        return owner == null ? null : state.find(owner, "credit_note", id);
    }
}
