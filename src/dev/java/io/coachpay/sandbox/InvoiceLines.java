package io.coachpay.sandbox;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The lines by which a subscription is billed: a period, a trial, or a change in the midst of a period. In flexible mode a
 * change credits what was debited for the time that is left, whatever the old price says by then.
 */
final class InvoiceLines {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH);

    private final State state;
    private final Ids ids;

    InvoiceLines(State state, Ids ids) {
        this.state = state;
        this.ids = ids;
    }

    /** The line of a whole period. */
    JsonObject period(JsonObject subscription, JsonObject item, long start, long end) {
        JsonObject price = item.getJsonObject("price");
        JsonObject recurring = price.getJsonObject("recurring");
        long count = recurring.getLong("interval_count");
        String every = count == 1 ? recurring.getString("interval") : count + " " + recurring.getString("interval") + "s";
        String description = item.getLong("quantity") + " × " + name(price) + " (at "
                + Currencies.decimal(price.getLong("unit_amount"), price.getString("currency")) + " "
                + price.getString("currency").toUpperCase(Locale.ROOT) + " / " + every + ")";
        return line(subscription, item, total(item), start, end, description);
    }

    JsonObject trial(JsonObject subscription, long start, long end) {
        JsonObject item = SubscriptionObject.item(subscription);
        return line(subscription, item, 0, start, end, "Trial period for " + name(item.getJsonObject("price")));
    }

    /**
     * The lines of a change from the present item to another one: the credit, and the debit for the rest of the period, or for
     * a whole one if its length changes; none if nothing changes or nothing was billed.
     */
    List<JsonObject> change(JsonObject subscription, JsonObject newItem, long at) {
        List<JsonObject> lines = new ArrayList<>();
        JsonObject billed = state.notes(subscription.getString("id")).getJsonObject("billed");
        JsonObject old = SubscriptionObject.item(subscription);
        if (billed == null || sameTerms(old, newItem)) {
            return lines;
        }
        long end = billed.getLong("end");
        String after = " after " + DAY.format(Instant.ofEpochSecond(at).atZone(ZoneOffset.UTC));
        String currency = subscription.getString("currency");
        long left = Math.max(0, end - at);
        long credit = share(billed.getLong("amount"), left, end - billed.getLong("start"), currency);
        JsonObject credited = line(subscription, old, -credit, at, end,
                "Unused time on " + counted(old) + name(old.getJsonObject("price")) + after);
        lines.add(prorated(credited, Json.object("invoice", billed.getString("invoice"), "invoice_line_items",
                Json.array(billed.getString("line")))));
        if (Periods.same(SubscriptionObject.recurring(subscription),
                newItem.getJsonObject("price").getJsonObject("recurring"))) {
            JsonObject whole = SubscriptionObject.item(subscription);
            long debit = share(total(newItem), left,
                    whole.getLong("current_period_end") - whole.getLong("current_period_start"), currency);
            lines.add(prorated(line(subscription, newItem, debit, at, end,
                    "Remaining time on " + counted(newItem) + name(newItem.getJsonObject("price")) + after), null));
        } else {
            lines.add(period(subscription, newItem, newItem.getLong("current_period_start"),
                    newItem.getLong("current_period_end")));
        }
        return lines;
    }

    static boolean sameTerms(JsonObject item, JsonObject other) {
        return item.getJsonObject("price").getString("id").equals(other.getJsonObject("price").getString("id"))
                && item.getLong("quantity").equals(other.getLong("quantity"));
    }

    /** Remembers what a line debited, to credit its rest when the price changes. */
    void remember(JsonObject subscription, JsonObject invoice) {
        List<JsonObject> lines = Json.objects(invoice.getJsonObject("lines").getJsonArray("data"));
        JsonObject debit = lines.get(lines.size() - 1);
        state.notes(subscription.getString("id")).put("billed",
                Json.object("amount", debit.getLong("amount"), "start", debit.getJsonObject("period").getLong("start"), "end",
                        debit.getJsonObject("period").getLong("end"), "line", debit.getString("id"), "invoice",
                        invoice.getString("id")));
    }

    private static long share(long amount, long left, long whole, String currency) {
        return whole <= 0 ? 0 : Rates.proportional(amount, left, whole, currency);
    }

    private static long total(JsonObject item) {
        return item.getJsonObject("price").getLong("unit_amount") * item.getLong("quantity");
    }

    private static String counted(JsonObject item) {
        long quantity = item.getLong("quantity");
        return quantity == 1 ? "" : quantity + " × ";
    }

    private String name(JsonObject price) {
        String owner = state.owner(price.getString("product"));
        JsonObject product = owner == null ? null : state.find(owner, "product", price.getString("product"));
        return product == null ? price.getString("product") : product.getString("name");
    }

    private JsonObject prorated(JsonObject line, @Nullable JsonObject credited) {
        line.put("discountable", false).getJsonObject("parent").getJsonObject("subscription_item_details")
                .put("invoice_item", ids.next("ii_")).put("proration", true)
                .put("proration_details", Json.object("credited_items", credited));
        return line;
    }

    private JsonObject line(JsonObject subscription, JsonObject item, long amount, long start, long end, String description) {
        JsonObject price = item.getJsonObject("price");
        return Json.object("id", ids.next("il_"), "object", "line_item", "amount", amount, "currency",
                subscription.getString("currency"), "description", description, "discount_amounts", new JsonArray(),
                "discountable", true, "discounts", new JsonArray(), "invoice", null, "livemode", false, "metadata",
                subscription.getJsonObject("metadata").copy(), "parent",
                Json.object("invoice_item_details", null, "subscription_item_details",
                        Json.object("invoice_item", null, "proration", false, "proration_details",
                                Json.object("credited_items", null), "subscription", subscription.getString("id"),
                                "subscription_item", item.getString("id")),
                        "type", "subscription_item_details"),
                "period", Json.object("end", end, "start", start), "pretax_credit_amounts", new JsonArray(), "pricing",
                Json.object("price_details", Json.object("price", price.getString("id"), "product", price.getString("product")),
                        "type", "price_details", "unit_amount_decimal", price.getString("unit_amount_decimal")),
                "quantity", item.getLong("quantity"), "quantity_decimal", String.valueOf(item.getLong("quantity")),
                "subscription", subscription.getString("id"), "subtotal", amount, "taxes", new JsonArray());
    }
}
