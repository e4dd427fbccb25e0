package io.coachpay.sandbox;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Visits to the billing portal.
 *
 * @see <a href="https://docs.stripe.com/api/customer_portal/sessions">Stripe: portal sessions</a>
 */
final class PortalSessions {

    private static final String KIND = "billing_portal.session";

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final Customers customers;
    private final PortalConfigurations configurations;
    private final String base;

    PortalSessions(State state, Ids ids, VirtualClock clock, Events events, Customers customers,
            PortalConfigurations configurations, String base) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.customers = customers;
        this.configurations = configurations;
        this.base = base;
    }

    void routes(Api api) {
        api.post("/v1/billing_portal/sessions", "configuration customer! expand[] flow_data{after_completion{type! "
                + "redirect{return_url!}} subscription_cancel{subscription!} subscription_update{subscription!} type!} locale "
                + "return_url", this::create);
    }

    private JsonObject create(Call call) {
        Parameters parameters = call.parameters();
        String customer = parameters.need("customer");
        customers.require(call.account(), customer, "customer");
        String named = parameters.text("configuration");
        if (named == null) {
            throw StripeError.invalid("No configuration provided and your test mode default configuration has not been created."
                    + " Provide a configuration or create your default by saving your customer portal settings in test mode at"
                    + " https://dashboard.stripe.com/test/settings/billing/portal.");
        }
        JsonObject configuration = configurations.require(call.account(), named);
        String back = parameters.text("return_url", configuration.getString("default_return_url"));
        if (back != null && !back.matches("https?://.+")) {
            throw StripeError.invalid("url_invalid", "Not a valid URL", "return_url");
        }
        String id = ids.next("bps_");
        String token = "test_" + ids.random(40);
        JsonObject session = Json.object("id", id, "object", KIND, "configuration", named, "created", clock.seconds(),
                "customer", customer, "customer_account", null, "flow",
                flow(call.account(), customer, configuration, parameters), "livemode", false, "locale",
                parameters.text("locale"), "on_behalf_of", null, "return_url", back, "url", base + "/p/" + id + "/" + token);
        state.notes(id).put("token", token);
        state.add(call.account(), session);
        events.send(call.account(), "billing_portal.session.created", session);
        return session;
    }

    private @Nullable JsonObject flow(String account, String customer, JsonObject configuration, Parameters parameters) {
        if (!parameters.has("flow_data")) {
            return null;
        }
        Parameters sent = parameters.nested("flow_data");
        String type = String
                .valueOf(sent.oneOf("type", "payment_method_update", "subscription_cancel", "subscription_update"));
        JsonObject feature = configuration.getJsonObject("features").getJsonObject(type);
        if (!feature.getBoolean("enabled")) {
            throw StripeError.invalid("This flow cannot be used because the " + type.replace('_', ' ')
                    + " feature in the portal configuration is disabled.", sent.name("type"));
        }
        JsonObject flow = Json.object("after_completion", after(sent.nested("after_completion")), "subscription_cancel", null,
                "subscription_update", null, "subscription_update_confirm", null, "type", type);
        if (!type.equals("payment_method_update")) {
            Parameters its = sent.nested(type);
            JsonObject subscription = state.get(account, "subscription", its.need("subscription"), its.name("subscription"));
            if (!customer.equals(subscription.getString("customer")) || SubscriptionObject.hasEnded(subscription)) {
                throw StripeError.invalid("The subscription is not a live one of this customer.", its.name("subscription"));
            }
            if (type.equals("subscription_cancel") && subscription.getLong("cancel_at") != null) {
                throw StripeError.invalid("The subscription is already set to be canceled.", its.name("subscription"));
            }
            JsonObject about = Json.object("subscription", subscription.getString("id"));
            flow.put(type, type.equals("subscription_cancel") ? about.put("retention", null) : about);
        }
        return flow;
    }

    private static JsonObject after(Parameters sent) {
        String type = sent.oneOf("type", "hosted_confirmation", "portal_homepage", "redirect");
        return Json.object("hosted_confirmation", null, "redirect",
                "redirect".equals(type) ? Json.object("return_url", sent.nested("redirect").need("return_url")) : null, "type",
                type == null ? "portal_homepage" : type);
    }
}
