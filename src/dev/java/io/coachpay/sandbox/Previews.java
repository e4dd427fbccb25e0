package io.coachpay.sandbox;

import java.util.List;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Invoices as they would be: the next one of a subscription, or the one of a change, worked out as the change itself is.
 *
 * @see <a href="https://docs.stripe.com/api/invoices/create_preview">Stripe: create a preview invoice</a>
 */
final class Previews {

    private final State state;
    private final VirtualClock clock;
    private final Customers customers;
    private final InvoiceLines lines;
    private final SubscriptionWishes wishes;

    Previews(State state, VirtualClock clock, Customers customers, InvoiceLines lines, SubscriptionWishes wishes) {
        this.state = state;
        this.clock = clock;
        this.customers = customers;
        this.lines = lines;
        this.wishes = wishes;
    }

    void routes(Api api) {
        api.post("/v1/invoices/create_preview", "automatic_tax{enabled!} customer expand[] subscription! "
                + "subscription_details{items[]{id price quantity} proration_behavior proration_date trial_end}", this::create);
    }

    private JsonObject create(Call call) {
        Parameters parameters = call.parameters();
        JsonObject subscription = state.get(call.account(), "subscription", parameters.need("subscription"), "subscription");
        String customer = parameters.text("customer", subscription.getString("customer"));
        if (!customer.equals(subscription.getString("customer"))) {
            throw StripeError.invalid("The subscription does not belong to the customer " + customer + ".", "customer");
        }
        JsonObject payer = customers.require(call.account(), customer, "customer");
        Parameters details = parameters.nested("subscription_details");
        if (SubscriptionObject.hasEnded(subscription)
                || (subscription.getLong("cancel_at") != null && !details.has("items"))) {
            throw StripeError.status(404, "invalid_request_error", "invoice_upcoming_none",
                    "No upcoming invoices for customer: " + customer);
        }
        SubscriptionWishes.Wish wish = wishes.read(call.account(), subscription, details);
        return wish.billed() ? ofChange(subscription, payer, wish) : ofNextPeriod(subscription, payer, wish.item());
    }

    private JsonObject ofChange(JsonObject subscription, JsonObject payer, SubscriptionWishes.Wish wish) {
        JsonObject invoice = InvoiceObject.create(payer, subscription.getString("currency"), "upcoming", clock.seconds());
        InvoiceObject.ofSubscription(invoice, subscription, wish.at());
        return write(invoice, wishes.lines(subscription, wish), payer);
    }

    private JsonObject ofNextPeriod(JsonObject subscription, JsonObject payer, JsonObject item) {
        long start = item.getLong("current_period_end");
        long end = Periods.end(subscription.getLong("billing_cycle_anchor"), start,
                item.getJsonObject("price").getJsonObject("recurring"));
        JsonObject invoice = InvoiceObject.create(payer, subscription.getString("currency"), "upcoming", start);
        InvoiceObject.ofSubscription(invoice, subscription, null);
        invoice.put("period_start", item.getLong("current_period_start")).put("period_end", start).put("next_payment_attempt",
                start + 60 * 60);
        return write(invoice, List.of(lines.period(subscription, item, start, end)), payer);
    }

    private JsonObject write(JsonObject invoice, List<JsonObject> billed, JsonObject payer) {
        InvoiceObject.total(invoice, billed, state, payer.getLong("balance"));
        billed.forEach(line -> line.put("id", line.getString("id").replace("il_", "il_tmp_")));
        invoice.getJsonObject("lines").put("data", new JsonArray(billed));
        return invoice;
    }
}
