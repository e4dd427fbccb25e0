package io.coachpay.sandbox;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Invoices: those of subscriptions, and those that somebody writes by hand.
 *
 * @see <a href="https://docs.stripe.com/api/invoices">Stripe: invoices</a>
 */
final class Invoices {

    private static final String CHANGES = "auto_advance default_payment_method description expand[] metadata* ";
    private static final long DRAFT_SECONDS = 60 * 60;

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final Customers customers;
    private final Collection collection;
    private final InvoiceEnds ends;
    private final Finalization finalization;

    Invoices(State state, Ids ids, VirtualClock clock, Events events, Customers customers, Collection collection,
            InvoiceEnds ends, Finalization finalization) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.customers = customers;
        this.collection = collection;
        this.ends = ends;
        this.finalization = finalization;
        clock.define("invoice.finalizes", this::finalizeDue);
    }

    void routes(Api api) {
        api.get("/v1/invoices", Lists.PARAMETERS + "collection_method customer status subscription",
                call -> Lists.page(call, state.all(call.account(), "invoice"),
                        Lists.equal(call, "collection_method", "customer", "status").and(of(call.parameters()))));
        api.get("/v1/invoices/search", Search.PARAMETERS, call -> Search.run(call, state.all(call.account(), "invoice")));
        api.get("/v1/invoices/:id", "expand[]", this::find);
        api.get("/v1/invoices/:id/lines", "ending_before expand[] limit starting_after",
                call -> Lists.page(call, reversed(lines(state, find(call))), any -> true));
        api.post("/v1/invoices", CHANGES + "collection_method currency customer! pending_invoice_items_behavior", this::create);
        api.post("/v1/invoices/:id", CHANGES, this::update);
        api.delete("/v1/invoices/:id", this::delete);
        api.post("/v1/invoices/:id/finalize", "auto_advance expand[]", this::finalizeNow);
        api.post("/v1/invoices/:id/pay", "expand[] off_session paid_out_of_band payment_method", this::pay);
        api.post("/v1/invoices/:id/void", "expand[]", call -> {
            JsonObject invoice = find(call);
            ends.voidIt(call.account(), invoice);
            return invoice;
        });
        api.post("/v1/invoices/:id/mark_uncollectible", "expand[]", call -> {
            JsonObject invoice = find(call);
            ends.giveUp(call.account(), invoice);
            return invoice;
        });
        api.post("/v1/invoiceitems", "amount! currency! customer! description expand[] invoice! metadata*", this::addItem);
    }

    /** All lines of an invoice, of which it shows the first ones. */
    static List<JsonObject> lines(State state, JsonObject invoice) {
        return Json.objects(state.notes(invoice.getString("id")).getJsonArray("lines", new JsonArray()));
    }

    /** Shows in the invoice what its lines are now. */
    static void show(State state, JsonObject invoice) {
        List<JsonObject> lines = lines(state, invoice);
        JsonObject list = Json.list("/v1/invoices/" + invoice.getString("id") + "/lines");
        lines.stream().limit(InvoiceObject.SHOWN_LINES).forEach(line -> list.getJsonArray("data").add(line.copy()));
        invoice.put("lines", list.put("has_more", lines.size() > InvoiceObject.SHOWN_LINES));
    }

    /** A draft of a subscription, which is stored but neither told nor finalized yet. */
    JsonObject draft(String account, JsonObject subscription, String reason, List<JsonObject> lines,
            @Nullable Long prorationDate) {
        JsonObject customer = state.get(account, "customer", subscription.getString("customer"));
        JsonObject invoice = blank(customer, subscription.getString("currency"), reason);
        InvoiceObject.ofSubscription(invoice, subscription, prorationDate);
        write(invoice, lines, customer);
        state.add(account, invoice);
        return invoice;
    }

    /** Lets an hour pass before a draft is finalized. */
    void finalizeLater(JsonObject invoice) {
        long at = clock.seconds() + DRAFT_SECONDS;
        invoice.put("automatically_finalizes_at", at).put("next_payment_attempt", at);
        clock.schedule(at, "invoice.finalizes", invoice.getString("id"));
    }

    private JsonObject blank(JsonObject customer, String currency, String reason) {
        JsonObject invoice = Json.object("id", ids.next("in_"))
                .mergeIn(InvoiceObject.create(customer, currency, reason, clock.seconds()));
        invoice.getJsonObject("lines").put("url", "/v1/invoices/" + invoice.getString("id") + "/lines");
        return invoice;
    }

    private void write(JsonObject invoice, List<JsonObject> lines, JsonObject customer) {
        lines.forEach(line -> line.put("invoice", invoice.getString("id")));
        state.notes(invoice.getString("id")).put("lines", new JsonArray(lines));
        InvoiceObject.total(invoice, lines, state, customer.getLong("balance"));
        show(state, invoice);
    }

    private void finalizeDue(String id) {
        String account = state.owner(id);
        JsonObject invoice = account == null ? null : state.find(account, "invoice", id);
        if (account == null || invoice == null || !"draft".equals(invoice.getString("status"))
                || invoice.getLong("automatically_finalizes_at") == null) {
            return;
        }
        String subscription = InvoiceObject.subscription(invoice);
        JsonObject paused = subscription == null ? null
                : state.get(account, "subscription", subscription).getJsonObject("pause_collection");
        collection.start(account, invoice, paused == null);
        if (paused != null && "open".equals(invoice.getString("status"))) {
            if (paused.getString("behavior").equals("void")) {
                ends.voidIt(account, invoice);
            } else {
                ends.giveUp(account, invoice);
            }
        }
    }

    private JsonObject create(Call call) {
        Parameters parameters = call.parameters();
        parameters.oneOf("collection_method", "charge_automatically");
        parameters.oneOf("pending_invoice_items_behavior", "exclude");
        JsonObject customer = customers.require(call.account(), parameters.need("customer"), "customer");
        String bound = customer.getString("currency");
        String currency = parameters.has("currency") ? parameters.currency("currency") : bound == null ? "usd" : bound;
        customers.bind(call.account(), customer, currency);
        JsonObject invoice = blank(customer, currency, "manual").put("auto_advance", parameters.flag("auto_advance"));
        apply(call, invoice);
        write(invoice, List.of(), customer);
        state.add(call.account(), invoice);
        if (invoice.getBoolean("auto_advance")) {
            finalizeLater(invoice);
        }
        events.send(call.account(), "invoice.created", invoice);
        return invoice;
    }

    private JsonObject addItem(Call call) {
        Parameters parameters = call.parameters();
        JsonObject invoice = state.get(call.account(), "invoice", parameters.need("invoice"), "invoice");
        requireDraft(invoice, "add items to");
        if (!parameters.currency("currency").equals(invoice.getString("currency"))
                || !parameters.need("customer").equals(invoice.getString("customer"))) {
            throw StripeError.invalid("The item must have the invoice's customer and currency.", "invoice");
        }
        JsonObject customer = state.get(call.account(), "customer", invoice.getString("customer"));
        JsonObject item = InvoiceItems.create(ids.next("ii_"), clock.seconds(), invoice, parameters);
        JsonObject line = InvoiceItems.line(ids.next("il_"), item);
        JsonObject before = invoice.copy();
        List<JsonObject> lines = new ArrayList<>(lines(state, invoice));
        lines.add(line);
        write(invoice, lines, customer);
        state.add(call.account(), item);
        events.send(call.account(), "invoiceitem.created", item);
        events.sendUpdate(call.account(), "invoice.updated", invoice, before);
        return item;
    }

    private JsonObject update(Call call) {
        JsonObject invoice = find(call);
        JsonObject before = invoice.copy();
        Parameters parameters = call.parameters();
        if (parameters.has("description") || parameters.has("default_payment_method")) {
            requireDraft(invoice, "change");
        }
        apply(call, invoice);
        if (parameters.has("auto_advance")) {
            boolean advances = parameters.flag("auto_advance");
            invoice.put("auto_advance", advances).put("automatically_finalizes_at", null).put("next_payment_attempt", null);
            if (advances && "draft".equals(invoice.getString("status"))) {
                finalizeLater(invoice);
            }
        }
        events.sendUpdate(call.account(), "invoice.updated", invoice, before);
        return invoice;
    }

    private void apply(Call call, JsonObject invoice) {
        Parameters parameters = call.parameters();
        if (parameters.has("description")) {
            invoice.put("description", parameters.text("description"));
        }
        String method = parameters.text("default_payment_method");
        if (method != null) {
            customers.requireHeld(call.account(), invoice.getString("customer"), method, "default_payment_method");
        }
        if (parameters.has("default_payment_method")) {
            invoice.put("default_payment_method", method);
        }
        parameters.metadata(invoice);
    }

    private JsonObject delete(Call call) {
        JsonObject invoice = find(call);
        requireDraft(invoice, "delete");
        if (InvoiceObject.subscription(invoice) != null) {
            throw StripeError.invalid("You can't delete a draft invoice that a subscription created.", "invoice");
        }
        state.remove(invoice);
        events.send(call.account(), "invoice.deleted", invoice);
        return Json.object("id", call.id(), "object", "invoice", "deleted", true);
    }

    private JsonObject finalizeNow(Call call) {
        JsonObject invoice = find(call);
        requireDraft(invoice, "finalize");
        invoice.put("auto_advance", call.parameters().flag("auto_advance", invoice.getBoolean("auto_advance")));
        if (!finalization.run(call.account(), invoice, null)) {
            JsonObject error = invoice.getJsonObject("last_finalization_error");
            throw StripeError.invalid(error.getString("code"), error.getString("message"), null);
        }
        if (invoice.getLong("amount_due") == 0) {
            collection.conclude(call.account(), invoice, 0);
        } else if (invoice.getBoolean("auto_advance")) {
            collection.collect(call.account(), invoice);
        }
        return invoice;
    }

    private JsonObject pay(Call call) {
        JsonObject invoice = find(call);
        Parameters parameters = call.parameters();
        String named = parameters.text("payment_method");
        JsonObject given = named == null ? null
                : customers.requireHeld(call.account(), invoice.getString("customer"), named, "payment_method");
        if ("draft".equals(invoice.getString("status"))) {
            collection.start(call.account(), invoice, false);
            if ("paid".equals(invoice.getString("status"))) {
                return invoice;
            }
        }
        Collection.requirePayable(invoice);
        if (parameters.flag("paid_out_of_band")) {
            ends.payOutside(call.account(), invoice, 0);
            return invoice;
        }
        JsonObject method = given != null ? given : finalization.chosen(call.account(), invoice);
        if (method == null) {
            throw noMethod();
        }
        collection.charge(call.account(), invoice, method);
        return invoice;
    }

    static StripeError noMethod() {
        return StripeError.invalid("resource_missing", "This customer has no attached payment source or default payment method."
                + " Please consider adding a default payment method. For more information, visit"
                + " https://stripe.com/docs/billing/payment-methods/overview.", null);
    }

    private JsonObject find(Call call) {
        return state.get(call.account(), "invoice", call.id());
    }

    private static void requireDraft(JsonObject invoice, String verb) {
        if (!"draft".equals(invoice.getString("status"))) {
            throw StripeError.invalid("invoice_not_editable", "You can't " + verb + " this invoice because it is "
                    + invoice.getString("status") + ".", null);
        }
    }

    private static Predicate<JsonObject> of(Parameters parameters) {
        parameters.oneOf("status", "draft", "open", "paid", "uncollectible", "void");
        String subscription = parameters.text("subscription");
        return invoice -> subscription == null || subscription.equals(InvoiceObject.subscription(invoice));
    }

    private static List<JsonObject> reversed(List<JsonObject> lines) {
        List<JsonObject> reversed = new ArrayList<>(lines);
        Collections.reverse(reversed);
        return reversed;
    }
}
