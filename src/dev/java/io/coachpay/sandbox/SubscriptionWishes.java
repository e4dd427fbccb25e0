package io.coachpay.sandbox;

import java.util.List;

import io.vertx.core.json.JsonObject;

/** Reads what an update of a subscription, or a preview of one, asks for: another price, another end of the trial. */
final class SubscriptionWishes {

    private final VirtualClock clock;
    private final Prices prices;
    private final InvoiceLines lines;

    /**
     * The item that a request asks for, and the moment from which on it is billed. Where a trial ends with it, its first period
     * begins.
     */
    record Wish(JsonObject item, long at, boolean billed, boolean endsTrial) {
    }

    SubscriptionWishes(VirtualClock clock, Prices prices, InvoiceLines lines) {
        this.clock = clock;
        this.prices = prices;
        this.lines = lines;
    }

    /** The item and the moment that the parameters of an update or a preview ask for. */
    Wish read(String account, JsonObject subscription, Parameters parameters) {
        JsonObject present = SubscriptionObject.item(subscription);
        JsonObject item = present.copy();
        long now = clock.seconds();
        List<Parameters> sent = parameters.items("items");
        if (!sent.isEmpty()) {
            Parameters first = sent.get(0);
            if (sent.size() > 1 || !present.getString("id").equals(first.text("id"))) {
                throw StripeError.invalid("The sandbox knows subscriptions of one item: name its id as items[0][id].",
                        first.name("id"));
            }
            if (first.has("price")) {
                reprice(account, subscription, item, first);
            }
            item.put("quantity", SubscriptionRules.quantity(first, item.getLong("quantity")));
            first.metadata(item);
        }
        boolean endsTrial = trial(subscription, item, parameters);
        String behavior = parameters.oneOf("proration_behavior", "always_invoice", "create_prorations", "none");
        boolean changes = !InvoiceLines.sameTerms(present, item) && !SubscriptionObject.is(subscription, "trialing");
        if (changes && (behavior == null || behavior.equals("create_prorations"))) {
            throw StripeError.invalid("The sandbox bills changes by proration_behavior=always_invoice, or not at all by none.",
                    parameters.name("proration_behavior"));
        }
        Long asked = parameters.integer("proration_date");
        long at = asked == null ? now : asked;
        if (at < present.getLong("current_period_start") || at > present.getLong("current_period_end")) {
            throw StripeError.invalid("The proration date must lie within the current period of the subscription.",
                    parameters.name("proration_date"));
        }
        return new Wish(item, at, endsTrial || changes && "always_invoice".equals(behavior), endsTrial);
    }

    /** Gives the item the end of the trial that is asked for; whether that is now, so that its first period begins. */
    private boolean trial(JsonObject subscription, JsonObject item, Parameters parameters) {
        if (!parameters.has("trial_end")) {
            return false;
        }
        boolean trialing = SubscriptionObject.is(subscription, "trialing");
        long now = clock.seconds();
        if ("now".equals(parameters.text("trial_end"))) {
            if (trialing) {
                item.put("current_period_start", now).put("current_period_end",
                        Periods.end(now, now, item.getJsonObject("price").getJsonObject("recurring")));
            }
            return trialing;
        }
        long end = parameters.needInteger("trial_end");
        if (end <= now) {
            throw StripeError.invalid("Invalid timestamp: must be an integer Unix timestamp in the future.",
                    parameters.name("trial_end"));
        }
        if (!trialing) {
            throw StripeError.invalid("The sandbox begins no trial of a subscription that goes on without.",
                    parameters.name("trial_end"));
        }
        item.put("current_period_end", end);
        return false;
    }

    /** The lines by which a wish is billed: the difference, or the first period after a trial. */
    List<JsonObject> lines(JsonObject subscription, Wish wish) {
        return wish.endsTrial
                ? List.of(lines.period(subscription, wish.item, wish.item.getLong("current_period_start"),
                        wish.item.getLong("current_period_end")))
                : lines.change(subscription, wish.item, wish.at);
    }

    private void reprice(String account, JsonObject subscription, JsonObject item, Parameters sent) {
        JsonObject price = item.getJsonObject("price").getString("id").equals(sent.text("price"))
                ? item.getJsonObject("price")
                : prices.requireRecurring(account, sent.need("price"), sent.name("price"));
        if (!price.getString("currency").equals(subscription.getString("currency"))) {
            throw StripeError.invalid("The price specified only supports `" + price.getString("currency")
                    + "`. This doesn't match the expected currency: `" + subscription.getString("currency") + "`.",
                    sent.name("price"));
        }
        boolean same = Periods.same(SubscriptionObject.recurring(subscription), price.getJsonObject("recurring"));
        item.put("price", price.copy()).put("plan", Prices.plan(price));
        if (!same && !SubscriptionObject.is(subscription, "trialing")) {
            long now = clock.seconds();
            item.put("current_period_start", now).put("current_period_end",
                    Periods.end(now, now, price.getJsonObject("recurring")));
        }
    }
}
