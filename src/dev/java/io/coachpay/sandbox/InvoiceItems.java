package io.coachpay.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Items that somebody writes into an invoice by hand.
 *
 * @see <a href="https://docs.stripe.com/api/invoiceitems">Stripe: invoice items</a>
 */
final class InvoiceItems {

    private InvoiceItems() {
    }

    static JsonObject create(String id, long now, JsonObject invoice, Parameters parameters) {
        long amount = parameters.needInteger("amount");
        JsonObject item = Json.object("id", id, "object", "invoiceitem", "amount", amount, "currency",
                invoice.getString("currency"), "customer", invoice.getString("customer"), "customer_account", null, "date", now,
                "description", parameters.text("description"), "discountable", true, "discounts", new JsonArray(), "invoice",
                invoice.getString("id"), "livemode", false, "metadata", new JsonObject(), "net_amount", amount, "parent", null,
                "period", Json.object("end", now, "start", now), "pricing", null, "proration", false, "proration_details",
                Json.object("credited_items", null, "discount_amounts", new JsonArray()),
                "quantity", 1, "quantity_decimal", "1", "tax_rates", new JsonArray(), "test_clock", null);
        parameters.metadata(item);
        return item;
    }

    static JsonObject line(String id, JsonObject item) {
        return Json.object("id", id, "object", "line_item", "amount", item.getLong("amount"), "currency",
                item.getString("currency"), "description", item.getString("description"), "discount_amounts", new JsonArray(),
                "discountable", true, "discounts", new JsonArray(), "invoice", item.getString("invoice"), "livemode", false,
                "metadata", item.getJsonObject("metadata").copy(), "parent",
                Json.object("invoice_item_details",
                        Json.object("invoice_item", item.getString("id"), "proration", false, "proration_details",
                                Json.object("credited_items", null), "subscription", null),
                        "subscription_item_details", null, "type", "invoice_item_details"),
                "period", item.getJsonObject("period").copy(), "pretax_credit_amounts", new JsonArray(), "pricing", null,
                "quantity", 1, "quantity_decimal", "1", "subscription", null, "subtotal", item.getLong("amount"), "taxes",
                new JsonArray());
    }
}
