package io.coachpay.sandbox;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.vertx.core.json.JsonObject;

/** The acts of a customer in the billing portal, as far as its configuration allows them. */
final class Portal {

    private final State state;
    private final VirtualClock clock;
    private final Customers customers;
    private final PaymentMethods methods;
    private final SubscriptionChanges changes;
    private final SubscriptionLife life;
    private final PortalConfigurations configurations;

    Portal(State state, VirtualClock clock, Customers customers, PaymentMethods methods, SubscriptionChanges changes,
            SubscriptionLife life, PortalConfigurations configurations) {
        this.state = state;
        this.clock = clock;
        this.customers = customers;
        this.methods = methods;
        this.changes = changes;
        this.life = life;
        this.configurations = configurations;
    }

    /** A feature of the visit's configuration, with the prices that may be changed to. */
    boolean allows(String account, JsonObject session, String feature) {
        return feature(account, session, feature).getBoolean("enabled");
    }

    /** The prices that subscriptions may change to on this visit. */
    List<JsonObject> prices(String account, JsonObject session) {
        return Json.objects(configurations.products(configuration(account, session))).stream()
                .flatMap(product -> Json.strings(product.getJsonArray("prices")).stream())
                .map(id -> state.get(account, "price", id)).toList();
    }

    /** Does what one of the page's forms asks for. */
    void act(String account, JsonObject session, Parameters form) {
        switch (form.text("action", "")) {
            case "card" -> saveCard(account, session, methods.create(account, Pages.card(form)));
            case "default" -> makeDefault(account, session, form.need("method"));
            case "remove" -> remove(account, session, form.need("method"));
            case "details" -> changeDetails(account, session, form);
            case "cancel" -> cancel(account, session, form.need("subscription"));
            case "keep" -> keep(account, session, form.need("subscription"));
            case "change" -> change(account, session, form);
            default -> throw StripeError.invalid("The portal has no such action.", "action");
        }
    }

    private void saveCard(String account, JsonObject session, JsonObject method) {
        require(account, session, "payment_method_update");
        TestCard card = methods.card(method);
        if (card.declinesWhenAttached()) {
            throw Decline.of(card).error();
        }
        methods.use(method, "off_session");
        methods.attach(account, method, session.getString("customer"));
        makeDefault(account, session, method.getString("id"));
    }

    private void makeDefault(String account, JsonObject session, String method) {
        require(account, session, "payment_method_update");
        customers.requireHeld(account, session.getString("customer"), method, "method");
        JsonObject customer = customers.require(account, session.getString("customer"), "customer");
        customers.change(account, customer,
                it -> it.getJsonObject("invoice_settings").put("default_payment_method", method));
    }

    private void remove(String account, JsonObject session, String method) {
        require(account, session, "payment_method_update");
        customers.requireHeld(account, session.getString("customer"), method, "method");
        methods.detach(new Call(account, "/v1/payment_methods/" + method + "/detach", Map.of("id", method), Parameters.NONE, "",
                null));
    }

    private void changeDetails(String account, JsonObject session, Parameters form) {
        require(account, session, "customer_update");
        List<String> allowed = Json.strings(feature(account, session, "customer_update").getJsonArray("allowed_updates"));
        Addresses.check(form, "email");
        JsonObject customer = customers.require(account, session.getString("customer"), "customer");
        customers.change(account, customer, it -> {
            for (String name : new String[] { "name", "email" }) {
                if (form.has(name) && allowed.contains(name)) {
                    it.put(name, form.text(name));
                }
            }
        });
    }

    /** In flexible mode the end of a period is a moment, without the flag that the API sets. */
    private void cancel(String account, JsonObject session, String id) {
        require(account, session, "subscription_cancel");
        JsonObject subscription = subscription(account, session, id);
        if (feature(account, session, "subscription_cancel").getString("mode").equals("immediately")) {
            life.end(account, subscription, "cancellation_requested");
            return;
        }
        long end = SubscriptionObject.item(subscription).getLong("current_period_end");
        life.change(account, subscription, it -> SubscriptionRules.plan(it, end, false, clock.seconds()));
        life.schedule(subscription);
    }

    private void keep(String account, JsonObject session, String id) {
        require(account, session, "subscription_cancel");
        changes.update(account, subscription(account, session, id), new Parameters(Map.of("cancel_at", "")));
    }

    private void change(String account, JsonObject session, Parameters form) {
        require(account, session, "subscription_update");
        JsonObject subscription = subscription(account, session, form.need("subscription"));
        String price = form.need("price");
        if (prices(account, session).stream().noneMatch(each -> each.getString("id").equals(price))) {
            throw StripeError.invalid("The portal does not offer this price.", "price");
        }
        JsonObject feature = feature(account, session, "subscription_update");
        Map<String, Object> wish = new HashMap<>(Map.of("items",
                Map.of("0", Map.of("id", SubscriptionObject.item(subscription).getString("id"), "price", price)),
                "payment_behavior", "pending_if_incomplete", "proration_behavior", feature.getString("proration_behavior")));
        if (SubscriptionObject.is(subscription, "trialing")
                && "end_trial".equals(feature.getString("trial_update_behavior"))) {
            wish.put("trial_end", "now");
        }
        changes.update(account, subscription, new Parameters(wish));
    }

    private JsonObject subscription(String account, JsonObject session, String id) {
        JsonObject subscription = state.get(account, "subscription", id);
        if (!session.getString("customer").equals(subscription.getString("customer"))
                || SubscriptionObject.hasEnded(subscription)) {
            throw StripeError.noSuch("subscription", id);
        }
        if (subscription.getString("schedule") != null) {
            throw StripeError.invalid("The portal cannot change a subscription that has a schedule.", "subscription");
        }
        return subscription;
    }

    private void require(String account, JsonObject session, String feature) {
        if (!allows(account, session, feature)) {
            throw StripeError.invalid("The portal does not offer this.", feature);
        }
    }

    private JsonObject feature(String account, JsonObject session, String name) {
        return configuration(account, session).getJsonObject("features").getJsonObject(name);
    }

    private JsonObject configuration(String account, JsonObject session) {
        return state.get(account, "billing_portal.configuration", session.getString("configuration"));
    }
}
