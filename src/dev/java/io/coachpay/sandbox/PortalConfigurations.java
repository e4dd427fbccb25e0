package io.coachpay.sandbox;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The acts that are allowed in the billing portal.
 *
 * @see <a href="https://docs.stripe.com/api/customer_portal/configurations">Stripe: portal configurations</a>
 */
final class PortalConfigurations {

    private static final String KIND = "billing_portal.configuration";
    private static final String FIELDS = "business_profile{headline privacy_policy_url terms_of_service_url} default_return_url "
            + "expand[] login_page{enabled!} metadata* name ";
    private static final String FEATURES = "features{customer_update{allowed_updates[] enabled} invoice_history{enabled!} "
            + "payment_method_update{enabled!} subscription_cancel{cancellation_reason{enabled! options[]} enabled mode "
            + "proration_behavior} subscription_update{default_allowed_updates[] enabled products[]{prices[]! product!} "
            + "proration_behavior schedule_at_period_end{conditions[]{type!}} trial_update_behavior}}";
    private static final List<String> UPDATES = List.of("address", "email", "name", "phone", "shipping", "tax_id");
    private static final int MOST_PRODUCTS = 10;

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;

    PortalConfigurations(State state, Ids ids, VirtualClock clock, Events events) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
    }

    void routes(Api api) {
        String path = "/v1/billing_portal/configurations";
        api.post(path, FIELDS + FEATURES + "!", this::create);
        api.get(path, Lists.PARAMETERS + "active is_default", call -> Lists.page(call, state.all(call.account(), KIND),
                each -> isAsked(call, each, "active") && isAsked(call, each, "is_default")));
        api.get(path + "/:id", "expand[]", call -> state.get(call.account(), KIND, call.id()));
        api.post(path + "/:id", FIELDS + FEATURES + " active", this::update);
    }

    JsonObject require(String account, String id) {
        JsonObject configuration = state.get(account, KIND, id, "configuration");
        if (!configuration.getBoolean("active")) {
            throw StripeError.invalid("The configuration " + id + " is inactive.", "configuration");
        }
        return configuration;
    }

    /** The products and prices that subscriptions may change to, which a configuration shows only when asked to. */
    JsonArray products(JsonObject configuration) {
        return state.notes(configuration.getString("id")).getJsonArray("products", new JsonArray());
    }

    private static boolean isAsked(Call call, JsonObject configuration, String flag) {
        return !call.parameters().has(flag) || configuration.getBoolean(flag) == call.parameters().flag(flag);
    }

    private JsonObject create(Call call) {
        long now = clock.seconds();
        JsonObject made = Json.object("id", ids.next("bpc_"), "object", KIND, "active", true, "application", null,
                "business_profile",
                Json.object("headline", null, "privacy_policy_url", null, "terms_of_service_url", null), "created", now,
                "default_return_url", null, "features",
                Json.object("customer_update", Json.object("allowed_updates", new JsonArray(), "enabled", false),
                        "invoice_history", Json.object("enabled", false), "payment_method_update",
                        Json.object("enabled", false, "payment_method_configuration", null), "subscription_cancel",
                        Json.object("cancellation_reason", Json.object("enabled", false, "options", new JsonArray()), "enabled",
                                false, "mode", "at_period_end", "proration_behavior", "none"),
                        "subscription_update",
                        Json.object("billing_cycle_anchor", null, "default_allowed_updates", new JsonArray(), "enabled", false,
                                "proration_behavior", "none", "schedule_at_period_end",
                                Json.object("conditions", new JsonArray()), "trial_update_behavior", "end_trial")),
                "is_default", false, "livemode", false, "login_page", Json.object("enabled", false, "url", null), "metadata",
                new JsonObject(), "name", null, "updated", now);
        apply(call, made);
        state.add(call.account(), made);
        events.send(call.account(), "billing_portal.configuration.created", made);
        return made;
    }

    private JsonObject update(Call call) {
        JsonObject configuration = state.get(call.account(), KIND, call.id());
        JsonObject before = configuration.copy();
        JsonObject changed = configuration.copy();
        changed.put("active", call.parameters().flag("active", changed.getBoolean("active")));
        apply(call, changed);
        if (!changed.equals(before) || call.parameters().nested("features").nested("subscription_update").has("products")) {
            configuration.mergeIn(changed.put("updated", clock.seconds()));
            events.sendUpdate(call.account(), "billing_portal.configuration.updated", configuration, before);
        }
        return configuration;
    }

    private void apply(Call call, JsonObject configuration) {
        Parameters parameters = call.parameters();
        for (String name : new String[] { "default_return_url", "name" }) {
            if (parameters.has(name)) {
                configuration.put(name, parameters.text(name));
            }
        }
        Parameters profile = parameters.nested("business_profile");
        profile.json().forEach(entry -> configuration.getJsonObject("business_profile").put(entry.getKey(),
                "".equals(entry.getValue()) ? null : entry.getValue()));
        if (parameters.nested("login_page").flag("enabled")) {
            throw StripeError.invalid("The sandbox's portal has no login page.", "login_page[enabled]");
        }
        Parameters features = parameters.nested("features");
        JsonObject present = configuration.getJsonObject("features");
        enable(features, present, "invoice_history");
        enable(features, present, "payment_method_update");
        applyCustomer(features.nested("customer_update"), enable(features, present, "customer_update"));
        applyCancellation(features.nested("subscription_cancel"), enable(features, present, "subscription_cancel"));
        applyUpdate(call, configuration, features.nested("subscription_update"),
                enable(features, present, "subscription_update"));
        parameters.metadata(configuration);
    }

    private static JsonObject enable(Parameters features, JsonObject present, String name) {
        JsonObject feature = present.getJsonObject(name);
        return feature.put("enabled", features.nested(name).flag("enabled", feature.getBoolean("enabled")));
    }

    private static void applyCustomer(Parameters sent, JsonObject feature) {
        for (String update : sent.texts("allowed_updates")) {
            if (!UPDATES.contains(update)) {
                throw StripeError.malformed("parameter_invalid_string_enum",
                        "Invalid allowed_updates: must be one of " + String.join(", ", UPDATES), sent.name("allowed_updates"));
            }
        }
        if (sent.has("allowed_updates")) {
            feature.put("allowed_updates", new JsonArray(sent.texts("allowed_updates")));
        }
        if (feature.getBoolean("enabled") && feature.getJsonArray("allowed_updates").isEmpty()) {
            throw StripeError.missing(sent.name("allowed_updates"));
        }
    }

    private static void applyCancellation(Parameters sent, JsonObject feature) {
        String mode = sent.oneOf("mode", "at_period_end", "immediately");
        if (mode != null) {
            feature.put("mode", mode);
        }
        sent.oneOf("proration_behavior", "none");
        Parameters reason = sent.nested("cancellation_reason");
        if (sent.has("cancellation_reason")) {
            feature.put("cancellation_reason", Json.object("enabled", reason.flag("enabled"), "options",
                    new JsonArray(reason.texts("options"))));
        }
    }

    private void applyUpdate(Call call, JsonObject configuration, Parameters sent, JsonObject feature) {
        String behavior = sent.oneOf("proration_behavior", "always_invoice", "none");
        if (behavior != null) {
            feature.put("proration_behavior", behavior);
        }
        String trials = sent.oneOf("trial_update_behavior", "continue_trial", "end_trial");
        if (trials != null) {
            feature.put("trial_update_behavior", trials);
        }
        if (sent.has("default_allowed_updates")) {
            feature.put("default_allowed_updates", new JsonArray(sent.texts("default_allowed_updates")));
        }
        if (!sent.nested("schedule_at_period_end").items("conditions").isEmpty()) {
            throw StripeError.invalid("The sandbox's portal changes plans at once.", sent.name("schedule_at_period_end"));
        }
        JsonArray products = sent.has("products") ? new JsonArray() : products(configuration);
        for (Parameters product : sent.items("products")) {
            products.add(product(call.account(), product));
        }
        if (products.size() > MOST_PRODUCTS) {
            throw StripeError.invalid("A configuration has at most " + MOST_PRODUCTS + " products.", sent.name("products"));
        }
        if (feature.getBoolean("enabled") && products.isEmpty()) {
            throw StripeError.missing(sent.name("products"));
        }
        if (feature.getBoolean("enabled") && feature.getJsonArray("default_allowed_updates").isEmpty()) {
            throw StripeError.missing(sent.name("default_allowed_updates"));
        }
        state.notes(configuration.getString("id")).put("products", products);
    }

    private JsonObject product(String account, Parameters sent) {
        String product = sent.need("product");
        state.get(account, "product", product, sent.name("product"));
        Set<String> intervals = new HashSet<>();
        for (String id : sent.texts("prices")) {
            JsonObject price = state.get(account, "price", id, sent.name("prices"));
            JsonObject recurring = price.getJsonObject("recurring");
            if (!product.equals(price.getString("product")) || recurring == null || !price.getBoolean("active")) {
                throw StripeError.invalid("The price " + id + " is not an active recurring price of the product " + product
                        + ".", sent.name("prices"));
            }
            // (verify)
            if (!intervals.add(recurring.getString("interval") + recurring.getLong("interval_count")
                    + price.getString("currency"))) {
                throw StripeError.invalid("Each price of a product must have an interval of its own.", sent.name("prices"));
            }
        }
        return Json.object("adjustable_quantity", Json.object("enabled", false, "maximum", null, "minimum", 1), "prices",
                new JsonArray(sent.texts("prices")), "product", product);
    }
}
