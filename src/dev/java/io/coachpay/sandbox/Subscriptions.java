package io.coachpay.sandbox;

import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Subscriptions of one item, in flexible billing mode: created, found, ended and resumed here. {@link SubscriptionChanges}
 * changes them, {@link SubscriptionLife} takes them through time.
 *
 * @see <a href="https://docs.stripe.com/api/subscriptions">Stripe: subscriptions</a>
 */
final class Subscriptions {

    /** Parameters that a Checkout Session may give for its subscription too. */
    static final String DATA = "billing_mode{type! flexible{proration_discounts}} description metadata* trial_end trial_period_days "
            + "trial_settings{end_behavior{missing_payment_method!}!} ";
    private static final List<String> STATUSES = List.of("active", "all", "canceled", "ended", "incomplete",
            "incomplete_expired", "past_due", "paused", "trialing", "unpaid");
    private static final long DAY = 24 * 60 * 60;
    private static final long LONGEST_TRIAL_DAYS = 730;

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final Customers customers;
    private final Prices prices;
    private final InvoiceLines lines;
    private final Invoices invoices;
    private final Finalization finalization;
    private final Collection collection;
    private final SubscriptionLife life;

    Subscriptions(State state, Ids ids, VirtualClock clock, Events events, Customers customers, Prices prices,
            InvoiceLines lines, Invoices invoices, Finalization finalization, Collection collection,
            SubscriptionLife life) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.customers = customers;
        this.prices = prices;
        this.lines = lines;
        this.invoices = invoices;
        this.finalization = finalization;
        this.collection = collection;
        this.life = life;
    }

    void routes(Api api) {
        api.post("/v1/subscriptions", DATA
                + "automatic_tax{enabled!} cancel_at cancel_at_period_end collection_method currency "
                + "customer! default_payment_method expand[] items[]{price! quantity metadata*}! off_session payment_behavior "
                + "payment_settings{payment_method_types[] save_default_payment_method} proration_behavior",
                call -> create(call.account(), call.parameters()));
        api.get("/v1/subscriptions", Lists.PARAMETERS + "collection_method customer price status",
                call -> Lists.page(call, state.all(call.account(), "subscription"),
                        Lists.equal(call, "collection_method", "customer").and(listed(call.parameters()))));
        api.get("/v1/subscriptions/search", Search.PARAMETERS,
                call -> Search.run(call, state.all(call.account(), "subscription")));
        api.get("/v1/subscriptions/:id", "expand[]", call -> state.get(call.account(), "subscription", call.id()));
        api.delete("/v1/subscriptions/:id", "cancellation_details{comment feedback} expand[] invoice_now prorate",
                this::cancel);
        api.post("/v1/subscriptions/:id/resume", "billing_cycle_anchor expand[] proration_behavior", this::resume);
        api.get("/v1/subscription_items", "ending_before expand[] limit starting_after subscription!",
                call -> Lists.page(call, List.of(SubscriptionObject.item(state.get(call.account(), "subscription",
                        call.parameters().need("subscription"), "subscription"))), any -> true));
    }

    private JsonObject create(String account, Parameters parameters) {
        String behavior = parameters.oneOf("payment_behavior", "allow_incomplete", "default_incomplete", "error_if_incomplete",
                "pending_if_incomplete");
        if ("pending_if_incomplete".equals(behavior) || "error_if_incomplete".equals(behavior)) {
            throw StripeError.invalid("The sandbox creates subscriptions with payment_behavior=allow_incomplete or"
                    + " default_incomplete alone; pending_if_incomplete is for updates.", "payment_behavior");
        }
        Parameters item = parameters.items("items").isEmpty() ? Parameters.NONE : parameters.items("items").get(0);
        if (item.has("price")) {
            prices.requireRecurring(account, item.need("price"), item.name("price"));
        }
        JsonObject subscription = build(account, parameters);
        JsonObject invoice = first(account, subscription);
        boolean waits = "default_incomplete".equals(behavior);
        boolean free = invoice.getLong("amount_due") == 0;
        if (!waits && !free && finalization.chosen(account, invoice) == null) {
            state.remove(invoice);
            state.remove(subscription);
            throw Invoices.noMethod();
        }
        begin(account, subscription, invoice);
        collection.start(account, invoice, !waits);
        life.schedule(subscription);
        return subscription;
    }

    /**
     * Makes the subscription of a Checkout Session after its page has been paid.
     *
     * @param paid the payment, or null if a trial comes first
     */
    JsonObject afterCheckout(String account, Parameters parameters, @Nullable JsonObject paid) {
        JsonObject subscription = build(account, parameters);
        JsonObject invoice = first(account, subscription);
        if (paid == null) {
            begin(account, subscription, invoice);
            collection.start(account, invoice, false);
        } else {
            subscription.put("status", "active");
            begin(account, subscription, invoice);
            finalization.run(account, invoice, paid);
            collection.pay(account, invoice);
        }
        life.schedule(subscription);
        return subscription;
    }

    private JsonObject build(String account, Parameters parameters) {
        JsonObject customer = customers.require(account, parameters.need("customer"), "customer");
        List<Parameters> items = parameters.items("items");
        if (items.size() != 1) {
            throw StripeError.invalid("The sandbox knows subscriptions of exactly one item.", "items");
        }
        Parameters sent = items.get(0);
        // one that was withdrawn while its page was open is still sold there
        JsonObject price = state.get(account, "price", sent.need("price"), sent.name("price"));
        long now = clock.seconds();
        JsonObject subscription = SubscriptionObject.create(ids.next("sub_"), customer.getString("id"),
                price.getString("currency"), now);
        SubscriptionRules.check(parameters);
        String method = parameters.text("default_payment_method");
        if (method != null) {
            customers.requireHeld(account, customer.getString("id"), method, "default_payment_method");
            subscription.put("default_payment_method", method);
        }
        if (parameters.nested("automatic_tax").flag("enabled")) {
            Taxes.requireLocation(customer, "automatic_tax[enabled]");
            subscription.put("automatic_tax", SubscriptionObject.automaticTax(true));
        }
        customers.requireCurrency(customer, price.getString("currency"));
        Long trialEnd = trialEnd(parameters, now);
        long anchor = trialEnd == null ? now : trialEnd;
        long end = trialEnd == null ? Periods.end(now, now, price.getJsonObject("recurring")) : trialEnd;
        JsonObject item = SubscriptionObject.item(ids.next("si_"), subscription.getString("id"), price,
                SubscriptionRules.quantity(sent, 1), now).put("current_period_end", end);
        sent.metadata(item);
        subscription.put("items", SubscriptionObject.items(item)).put("billing_cycle_anchor", anchor)
                .put("description", parameters.text("description"));
        if (trialEnd != null) {
            subscription.put("status", "trialing").put("trial_start", now).put("trial_end", trialEnd);
        }
        SubscriptionRules.applyTrialSettings(subscription, parameters);
        SubscriptionRules.applyPaymentSettings(subscription, parameters);
        SubscriptionRules.applyCancellation(subscription, parameters, now);
        parameters.metadata(subscription);
        state.add(account, subscription);
        return subscription;
    }

    private @Nullable Long trialEnd(Parameters parameters, long now) {
        Long days = parameters.integer("trial_period_days");
        if (days != null && parameters.has("trial_end")) {
            throw StripeError.invalid("You may only specify one of these parameters: trial_end, trial_period_days.",
                    parameters.name("trial_end"));
        }
        if (days != null && (days < 0 || days > LONGEST_TRIAL_DAYS)) {
            throw StripeError.invalid("parameter_invalid_integer", "A trial lasts two years at most.",
                    parameters.name("trial_period_days"));
        }
        if (days != null) {
            return days == 0 ? null : now + days * DAY;
        }
        if (!parameters.has("trial_end") || "now".equals(parameters.text("trial_end"))) {
            return null;
        }
        long end = parameters.needInteger("trial_end");
        if (end <= now || end > now + LONGEST_TRIAL_DAYS * DAY) {
            throw StripeError.invalid("Invalid timestamp: must be an integer Unix timestamp in the future, within two years.",
                    parameters.name("trial_end"));
        }
        return end;
    }

    private JsonObject first(String account, JsonObject subscription) {
        JsonObject item = SubscriptionObject.item(subscription);
        long start = item.getLong("current_period_start");
        long end = item.getLong("current_period_end");
        boolean trial = SubscriptionObject.is(subscription, "trialing");
        JsonObject line = trial ? lines.trial(subscription, start, end) : lines.period(subscription, item, start, end);
        JsonObject invoice = invoices.draft(account, subscription, "subscription_create", List.of(line), null);
        if (!trial) {
            lines.remember(subscription, invoice);
        }
        subscription.put("latest_invoice", invoice.getString("id"));
        return invoice;
    }

    private void begin(String account, JsonObject subscription, JsonObject invoice) {
        customers.bind(account, state.get(account, "customer", subscription.getString("customer")),
                subscription.getString("currency"));
        events.send(account, "customer.subscription.created", subscription);
        events.send(account, "invoice.created", invoice);
    }

    private JsonObject cancel(Call call) {
        JsonObject subscription = state.get(call.account(), "subscription", call.id());
        if (SubscriptionObject.hasEnded(subscription)) {
            throw StripeError.noSuch("subscription", call.id());
        }
        if (call.parameters().flag("prorate") || call.parameters().flag("invoice_now")) {
            throw StripeError.invalid("The sandbox ends subscriptions without a last invoice.", "prorate");
        }
        SubscriptionRules.applyDetails(subscription, call.parameters());
        life.end(call.account(), subscription, "cancellation_requested");
        return subscription;
    }

    private JsonObject resume(Call call) {
        JsonObject subscription = state.get(call.account(), "subscription", call.id());
        call.parameters().oneOf("billing_cycle_anchor", "now");
        call.parameters().oneOf("proration_behavior", "always_invoice", "create_prorations", "none");
        if (!SubscriptionObject.is(subscription, "paused")) {
            throw StripeError.invalid("Only subscriptions with a status of `paused` can be resumed. This one is "
                    + subscription.getString("status") + ".");
        }
        life.resume(call.account(), subscription);
        return subscription;
    }

    private static Predicate<JsonObject> listed(Parameters parameters) {
        String status = parameters.oneOf("status", STATUSES.toArray(String[]::new));
        String price = parameters.text("price");
        return subscription -> {
            String its = subscription.getString("status");
            boolean wanted = status == null ? !its.equals("canceled")
                    : status.equals("all") || status.equals(its)
                            || (status.equals("ended") && SubscriptionObject.hasEnded(subscription));
            return wanted && (price == null
                    || price.equals(SubscriptionObject.item(subscription).getJsonObject("price").getString("id")));
        };
    }
}
