package io.coachpay.sandbox;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Changes of subscriptions: another price, billed at once and perhaps only when paid, a planned end, a pause.
 *
 * @see <a href="https://docs.stripe.com/billing/subscriptions/pending-updates">Stripe: pending updates</a>
 */
final class SubscriptionChanges {

    private static final String ITEMS = "items[]{id price quantity metadata*} proration_behavior proration_date trial_end ";
    private static final List<String> OF_ENDED = List.of("cancellation_details", "expand", "metadata");
    private static final List<String> OF_INCOMPLETE = List.of("cancellation_details", "default_payment_method", "expand",
            "metadata");
    private static final List<String> OF_PENDING = List.of("expand", "items", "payment_behavior", "proration_behavior",
            "proration_date", "trial_end");

    private final State state;
    private final VirtualClock clock;
    private final Events events;
    private final Customers customers;
    private final SubscriptionWishes wishes;
    private final InvoiceLines lines;
    private final Invoices invoices;
    private final Collection collection;
    private final SubscriptionLife life;

    SubscriptionChanges(State state, VirtualClock clock, Events events, Customers customers,
            SubscriptionWishes wishes, InvoiceLines lines, Invoices invoices, Collection collection, SubscriptionLife life) {
        this.state = state;
        this.clock = clock;
        this.events = events;
        this.customers = customers;
        this.wishes = wishes;
        this.lines = lines;
        this.invoices = invoices;
        this.collection = collection;
        this.life = life;
    }

    void routes(Api api) {
        api.post("/v1/subscriptions/:id", ITEMS + "automatic_tax{enabled!} cancel_at cancel_at_period_end "
                + "cancellation_details{comment feedback} collection_method default_payment_method description expand[] metadata* "
                + "off_session pause_collection{behavior! resumes_at} payment_behavior "
                + "payment_settings{payment_method_types[] save_default_payment_method} "
                + "trial_settings{end_behavior{missing_payment_method!}!}", call -> {
                    JsonObject subscription = state.get(call.account(), "subscription", call.id());
                    update(call.account(), subscription, call.parameters());
                    return subscription;
                });
    }

    void update(String account, JsonObject subscription, Parameters parameters) {
        String behavior = parameters.oneOf("payment_behavior", "allow_incomplete", "default_incomplete", "error_if_incomplete",
                "pending_if_incomplete");
        checkAllowed(subscription, parameters, behavior);
        SubscriptionRules.check(parameters);
        SubscriptionWishes.Wish wish = wishes.read(account, subscription, parameters);
        life.change(account, subscription, it -> apply(account, it, parameters));
        life.schedule(subscription);
        if (parameters.has("trial_end") && !"now".equals(parameters.text("trial_end"))) {
            moveTrial(account, subscription, parameters.needInteger("trial_end"));
        }
        if (wish.endsTrial() || !InvoiceLines.sameTerms(SubscriptionObject.item(subscription), wish.item())) {
            become(account, subscription, wish, behavior == null ? "allow_incomplete" : behavior);
        }
    }

    private static void checkAllowed(JsonObject subscription, Parameters parameters, @Nullable String behavior) {
        for (String name : parameters.json().fieldNames()) {
            if (SubscriptionObject.hasEnded(subscription) && !OF_ENDED.contains(name)) {
                throw StripeError.invalid("A canceled subscription can only update its cancellation_details and metadata.",
                        name);
            }
            if (SubscriptionObject.is(subscription, "incomplete") && !OF_INCOMPLETE.contains(name)) {
                throw StripeError.invalid("This subscription is incomplete: only its metadata and its payment method can be"
                        + " updated until its first invoice is paid.", name);
            }
            if ("pending_if_incomplete".equals(behavior) && !OF_PENDING.contains(name)) {
                throw StripeError.invalid("`" + name + "` cannot be updated with payment_behavior=pending_if_incomplete.",
                        name);
            }
        }
        String schedule = subscription.getString("schedule");
        if (schedule != null && (parameters.has("cancel_at") || parameters.has("cancel_at_period_end"))) {
            throw StripeError.invalid("The subscription is managed by the subscription schedule `" + schedule
                    + "`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.");
        }
        if ("error_if_incomplete".equals(behavior)) {
            throw StripeError.invalid("The sandbox knows no payment_behavior=error_if_incomplete.", "payment_behavior");
        }
    }

    private void apply(String account, JsonObject subscription, Parameters parameters) {
        String method = parameters.text("default_payment_method");
        if (method != null) {
            customers.requireHeld(account, subscription.getString("customer"), method, "default_payment_method");
        }
        if (parameters.has("default_payment_method")) {
            subscription.put("default_payment_method", method);
        }
        if (parameters.has("description")) {
            subscription.put("description", parameters.text("description"));
        }
        if (parameters.has("automatic_tax")) {
            boolean enabled = parameters.nested("automatic_tax").flag("enabled");
            if (enabled) {
                Taxes.requireLocation(state.get(account, "customer", subscription.getString("customer")),
                        "automatic_tax[enabled]");
            }
            subscription.put("automatic_tax", SubscriptionObject.automaticTax(enabled));
        }
        if (parameters.has("pause_collection")) {
            pause(subscription, parameters.nested("pause_collection"));
        }
        SubscriptionRules.applyTrialSettings(subscription, parameters);
        SubscriptionRules.applyPaymentSettings(subscription, parameters);
        SubscriptionRules.applyCancellation(subscription, parameters, clock.seconds());
        SubscriptionRules.applyDetails(subscription, parameters);
        parameters.metadata(subscription);
    }

    private void pause(JsonObject subscription, Parameters sent) {
        if (sent.isEmpty()) {
            subscription.put("pause_collection", null);
            return;
        }
        Long until = sent.integer("resumes_at");
        subscription.put("pause_collection", Json.object("behavior",
                sent.oneOf("behavior", "keep_as_draft", "mark_uncollectible", "void"), "resumes_at", until));
        if (until != null) {
            clock.schedule(until, "subscription.collects", subscription.getString("id"));
        }
    }

    private void moveTrial(String account, JsonObject subscription, long end) {
        life.change(account, subscription, it -> {
            it.put("trial_end", end).put("billing_cycle_anchor", end);
            put(it, SubscriptionObject.item(it).copy().put("current_period_end", end), false);
        });
        life.schedule(subscription);
    }

    private void become(String account, JsonObject subscription, SubscriptionWishes.Wish wish, String behavior) {
        life.discard(account, subscription, false);
        List<JsonObject> billed = wish.billed() ? wishes.lines(subscription, wish) : List.of();
        if (billed.isEmpty()) {
            life.change(account, subscription, it -> put(it, wish.item(), false));
            life.schedule(subscription);
            return;
        }
        JsonObject invoice = invoices.draft(account, subscription, "subscription_update", billed, wish.at());
        if (wish.endsTrial()) {
            long start = wish.item().getLong("current_period_start");
            invoice.put("period_start", start).put("period_end", start);
        }
        String id = invoice.getString("id");
        if (behavior.equals("pending_if_incomplete")) {
            becomeWhenPaid(account, subscription, wish, invoice);
            return;
        }
        life.change(account, subscription, it -> put(it, wish.item(), wish.endsTrial()).put("latest_invoice", id));
        lines.remember(subscription, invoice);
        life.schedule(subscription);
        events.send(account, "invoice.created", invoice);
        collection.start(account, invoice, behavior.equals("allow_incomplete"));
        if (behavior.equals("default_incomplete") && "open".equals(invoice.getString("status"))) {
            life.change(account, subscription, it -> it.put("status", "past_due"));
        }
    }

    private void becomeWhenPaid(String account, JsonObject subscription, SubscriptionWishes.Wish wish, JsonObject invoice) {
        long expires = Math.min(clock.seconds() + SubscriptionLife.WAIT_SECONDS,
                SubscriptionObject.item(subscription).getLong("current_period_end"));
        JsonObject pending = Json.object("invoice", invoice.getString("id"), "item", wish.item(), "expires_at", expires,
                "endsTrial", wish.endsTrial());
        state.notes(subscription.getString("id")).put("pending", pending);
        life.change(account, subscription, it -> it.put("latest_invoice", invoice.getString("id")));
        events.send(account, "invoice.created", invoice);
        collection.start(account, invoice, true);
        if (state.notes(subscription.getString("id")).getValue("pending") == null) {
            return;
        }
        pending.put("waited", true);
        life.change(account, subscription, it -> it.put("pending_update",
                Json.object("billing_cycle_anchor", null, "discount", null, "discounts", null, "expires_at", expires,
                        "metadata", null,
                        "subscription_items", Json.array(wish.item().copy()), "trial_end",
                        wish.endsTrial() ? wish.item().getLong("current_period_start") : null, "trial_from_plan", null)));
        clock.schedule(expires, "subscription.expires", subscription.getString("id"));
    }

    /** Puts the item in place; a period that begins now moves the anchor, and an end that waits for it. */
    static JsonObject put(JsonObject subscription, JsonObject item, boolean endsTrial) {
        long start = item.getLong("current_period_start");
        if (endsTrial) {
            subscription.put("status", "active").put("trial_end", start);
        }
        if (start != SubscriptionObject.item(subscription).getLong("current_period_start")) {
            subscription.put("billing_cycle_anchor", start);
        }
        if (subscription.getBoolean("cancel_at_period_end")) {
            subscription.put("cancel_at", item.getLong("current_period_end"));
        }
        return subscription.put("items", SubscriptionObject.items(item.copy()));
    }
}
