package io.coachpay.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The items of a Checkout Session, priced inline. */
final class LineItems {

    static final String PARAMETERS = "line_items[]{quantity price_data{currency! unit_amount! product product_data{name! "
            + "description images[] metadata*} tax_behavior}} ";

    /** Above the maximum of any currency, and far below an overflow of a product. */
    private static final long MOST = 999_999_999L;

    private LineItems() {
    }

    /** The items, all in one currency. */
    static JsonArray create(String account, Parameters parameters, Products products, Ids ids, long created) {
        JsonArray items = new JsonArray();
        String currency = null;
        int number = 0;
        for (Parameters sent : parameters.items("line_items")) {
            String at = "line_items[" + number++ + "]";
            if (!sent.has("price_data")) {
                throw StripeError.missing(at + "[price_data]");
            }
            Parameters price = sent.nested("price_data");
            String itsCurrency = price.currency("currency");
            if (currency != null && !currency.equals(itsCurrency)) {
                throw StripeError.invalid("All line items must have the same currency.", at + "[price_data][currency]");
            }
            currency = itsCurrency;
            items.add(item(sent, price, product(account, price, products, ids), ids, created));
        }
        if (items.isEmpty()) {
            throw StripeError.missing("line_items");
        }
        return items;
    }

    static long total(JsonArray items) {
        return Json.objects(items).stream().mapToLong(item -> item.getLong("amount_total")).sum();
    }

    /** Its id and name: of one that exists, or of one that is made for this page. */
    private static JsonObject product(String account, Parameters price, Products products, Ids ids) {
        if (price.has("product") == price.has("product_data")) {
            // Stripe's words (verify)
            throw StripeError.invalid("You must specify either `product` or `product_data`, and not both.",
                    price.name("product"));
        }
        return price.has("product") ? products.require(account, price.need("product"), price.name("product"))
                : Json.object("id", ids.next("prod_"), "name", price.nested("product_data").need("name"));
    }

    private static JsonObject item(Parameters sent, Parameters price, JsonObject product, Ids ids, long created) {
        Long asked = sent.integer("quantity");
        long quantity = asked == null ? 1 : asked;
        long unitAmount = price.needInteger("unit_amount");
        if (quantity < 1 || quantity > MOST || unitAmount < 0 || unitAmount > MOST) {
            throw StripeError.malformed("parameter_invalid_integer", "Invalid positive integer", sent.name("quantity"));
        }
        String currency = price.currency("currency");
        long total = quantity * unitAmount;
        JsonObject shown = Prices.object(ids.next("price_"), created, currency, product.getString("id"), unitAmount)
                .put("active", false).put("tax_behavior", price.text("tax_behavior", "unspecified"));
        return Json.object("id", ids.next("li_"), "object", "item", "adjustable_quantity", null, "amount_discount", 0,
                "amount_subtotal", total, "amount_tax", 0, "amount_total", total, "currency", currency, "description",
                product.getString("name"), "metadata", new JsonObject(), "price", shown, "quantity", quantity);
    }
}
