package io.coachpay.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The items of a Checkout Session, of prices that exist or priced inline. */
final class LineItems {

    static final String PARAMETERS = "line_items[]{price quantity price_data{currency! unit_amount! product product_data{name! "
            + "description images[] metadata*} tax_behavior}} ";

    /** Above the maximum of any currency, and far below an overflow of a product. */
    private static final long MOST = 999_999_999L;

    private LineItems() {
    }

    /** The items, all in one currency. */
    static JsonArray create(String account, Parameters parameters, Products products, Prices prices, Ids ids, long created) {
        JsonArray items = new JsonArray();
        String currency = null;
        int number = 0;
        for (Parameters sent : parameters.items("line_items")) {
            String at = "line_items[" + number++ + "]";
            JsonObject item = item(account, sent, products, prices, ids, created);
            String itsCurrency = item.getString("currency");
            if (currency != null && !currency.equals(itsCurrency)) {
                throw StripeError.invalid("All line items must have the same currency.", at);
            }
            currency = itsCurrency;
            items.add(item);
        }
        if (items.isEmpty()) {
            throw StripeError.missing("line_items");
        }
        return items;
    }

    private static JsonObject item(String account, Parameters sent, Products products, Prices prices, Ids ids, long created) {
        if (sent.has("price") == sent.has("price_data")) {
            // Stripe's words (verify)
            throw sent.has("price")
                    ? StripeError.invalid("You may only specify one of these parameters: price, price_data.",
                            sent.name("price"))
                    : StripeError.missing(sent.name("price_data"));
        }
        if (sent.has("price")) {
            JsonObject price = prices.require(account, sent.need("price"), sent.name("price"));
            return item(sent, price.copy(), products.name(account, price.getString("product")), ids);
        }
        Parameters price = sent.nested("price_data");
        JsonObject product = product(account, price, products, ids);
        long amount = price.needInteger("unit_amount");
        if (amount < 0 || amount > MOST) {
            throw StripeError.malformed("parameter_invalid_integer", "Invalid non-negative integer", price.name("unit_amount"));
        }
        JsonObject shown = Prices
                .object(ids.next("price_"), created, price.currency("currency"), product.getString("id"), amount)
                .put("active", false).put("tax_behavior", price.text("tax_behavior", "unspecified"));
        return item(sent, shown, product.getString("name"), ids);
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

    private static JsonObject item(Parameters sent, JsonObject price, String name, Ids ids) {
        Long asked = sent.integer("quantity");
        long quantity = asked == null ? 1 : asked;
        if (quantity < 1 || quantity > MOST) {
            throw StripeError.malformed("parameter_invalid_integer", "Invalid positive integer", sent.name("quantity"));
        }
        long total = quantity * price.getLong("unit_amount");
        return Json.object("id", ids.next("li_"), "object", "item", "adjustable_quantity", null, "amount_discount", 0,
                "amount_subtotal", total, "amount_tax", 0, "amount_total", total, "currency", price.getString("currency"),
                "description", name, "metadata", new JsonObject(), "price", price, "quantity", quantity);
    }
}
