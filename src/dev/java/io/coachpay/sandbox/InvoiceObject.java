package io.coachpay.sandbox;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Builds invoices, and adds up what they ask for. */
final class InvoiceObject {

    /** Lines that an invoice shows itself; the others are listed in pages. */
    static final int SHOWN_LINES = 10;

    private InvoiceObject() {
    }

    static JsonObject create(JsonObject customer, String currency, String reason, long now) {
        JsonObject invoice = Json.object("object", "invoice", "account_country", "US", "account_name", "coachpay",
                "account_tax_ids", null, "amount_due", 0, "amount_overpaid", 0, "amount_paid", 0, "amount_paid_off_stripe", 0,
                "amount_remaining", 0, "amount_shipping", 0, "application", null, "attempt_count", 0, "attempted", false,
                "auto_advance", true, "automatic_tax",
                Json.object("disabled_reason", null, "enabled", false, "liability", null, "provider", null, "status", null),
                "automatically_finalizes_at", null, "billing_reason", reason, "collection_method", "charge_automatically",
                "created", now, "currency", currency, "custom_fields", null, "customer", customer.getString("id"),
                "customer_account", null);
        customerFields(invoice, customer);
        return invoice
                .mergeIn(Json.object("customer_tax_ids", new JsonArray(), "default_payment_method", null, "default_source",
                        null, "default_tax_rates", new JsonArray(), "description", null, "discounts", new JsonArray(),
                        "due_date", null, "effective_at", null, "ending_balance", null, "footer", null, "from_invoice", null,
                        "hosted_invoice_url", null, "invoice_pdf", null, "issuer", Json.object("type", "self"),
                        "last_finalization_error", null, "latest_revision", null, "lines",
                        Json.list("/v1/invoices/upcoming/lines"), "livemode", false, "metadata", new JsonObject(),
                        "next_payment_attempt", null, "number", null, "on_behalf_of", null, "parent", null, "payment_settings",
                        Json.object("default_mandate", null, "payment_method_options", null, "payment_method_types", null)))
                .mergeIn(Json.object("period_end", now, "period_start", now, "post_payment_credit_notes_amount", 0,
                        "pre_payment_credit_notes_amount", 0, "receipt_number", null, "rendering", null, "shipping_cost", null,
                        "shipping_details", null, "starting_balance", customer.getLong("balance"), "statement_descriptor",
                        null, "status", "draft", "status_transitions",
                        Json.object("finalized_at", null, "marked_uncollectible_at", null, "paid_at", null, "voided_at", null),
                        "subtotal", 0, "subtotal_excluding_tax", 0, "test_clock", null, "total", 0, "total_discount_amounts",
                        new JsonArray(), "total_excluding_tax", 0, "total_pretax_credit_amounts", new JsonArray(),
                        "total_taxes", new JsonArray(), "webhooks_delivered_at", null));
    }

    /** The customer's particulars, which an invoice keeps as they were when it was finalized. */
    static void customerFields(JsonObject invoice, JsonObject customer) {
        JsonObject address = customer.getJsonObject("address");
        invoice.put("customer_address", address == null ? null : address.copy())
                .put("customer_email", customer.getString("email")).put("customer_name", customer.getString("name"))
                .put("customer_phone", customer.getString("phone")).put("customer_shipping", customer.getValue("shipping"))
                .put("customer_tax_exempt", customer.getString("tax_exempt"));
    }

    static void ofSubscription(JsonObject invoice, JsonObject subscription, @Nullable Long prorationDate) {
        JsonObject details = Json.object("metadata", subscription.getJsonObject("metadata").copy(), "subscription",
                subscription.getString("id"));
        if (prorationDate != null) {
            details.put("subscription_proration_date", prorationDate);
        }
        invoice.put("parent",
                Json.object("quote_details", null, "subscription_details", details, "type", "subscription_details"));
        boolean taxed = subscription.getJsonObject("automatic_tax").getBoolean("enabled");
        invoice.put("automatic_tax", automaticTax(taxed, null));
    }

    static JsonObject automaticTax(boolean enabled, @Nullable String status) {
        return Json.object("disabled_reason", null, "enabled", enabled, "liability",
                enabled ? Json.object("type", "self") : null, "provider", enabled ? "stripe" : null, "status", status);
    }

    /** Taxes the lines, if tax is asked for and the place is known, and adds them up. */
    static void total(JsonObject invoice, List<JsonObject> lines, State state, long balance) {
        JsonObject automatic = invoice.getJsonObject("automatic_tax");
        boolean taxed = automatic.getBoolean("enabled") && Taxes.knowsLocation(invoice.getJsonObject("customer_address"));
        if (automatic.getBoolean("enabled")) {
            automatic.put("status", taxed ? "complete" : "requires_location_inputs");
        }
        long subtotal = 0;
        long added = 0;
        long contained = 0;
        for (JsonObject line : lines) {
            long amount = line.getLong("amount");
            subtotal += amount;
            line.put("taxes", new JsonArray());
            if (taxed) {
                Taxes.Tax tax = Taxes.on(amount, invoice.getString("currency"), behavior(line, state),
                        invoice.getString("customer_tax_exempt"));
                line.getJsonArray("taxes").add(tax.json());
                added += tax.added();
                contained += tax.amount() - tax.added();
            }
        }
        long total = subtotal + added;
        long owed = Math.max(0, total + balance);
        long due = owed < Currencies.minimum(invoice.getString("currency")) ? 0 : owed;
        invoice.put("subtotal", subtotal).put("subtotal_excluding_tax", subtotal - contained).put("total", total)
                .put("total_excluding_tax", subtotal - contained).put("total_taxes", Taxes.sum(lines)).put("amount_due", due)
                .put("amount_remaining", due).put("starting_balance", balance);
    }

    static long tax(JsonObject invoice) {
        return Json.objects(invoice.getJsonArray("total_taxes")).stream().mapToLong(tax -> tax.getLong("amount")).sum();
    }

    static @Nullable String subscription(JsonObject invoice) {
        JsonObject parent = invoice.getJsonObject("parent");
        return parent == null ? null : parent.getJsonObject("subscription_details").getString("subscription");
    }

    private static String behavior(JsonObject line, State state) {
        JsonObject pricing = line.getJsonObject("pricing");
        String id = pricing == null ? "" : pricing.getJsonObject("price_details").getString("price");
        String owner = state.owner(id);
        JsonObject price = owner == null ? null : state.find(owner, "price", id);
        return price == null ? "exclusive" : price.getString("tax_behavior");
    }
}
