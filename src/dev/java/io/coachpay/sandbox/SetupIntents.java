package io.coachpay.sandbox;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Setups that save a card for later payments, without a payment now.
 *
 * @see <a href="https://docs.stripe.com/api/setup_intents">Stripe: setup intents</a>
 */
final class SetupIntents {

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final Customers customers;
    private final PaymentMethods methods;
    private final String base;
    private Follower follower = (account, intent) -> {
    };

    /** Notified when a card has been saved; so Checkout follows its setups. */
    interface Follower {
        void concluded(String account, JsonObject intent);
    }

    SetupIntents(State state, Ids ids, VirtualClock clock, Events events, Customers customers, PaymentMethods methods,
            String base) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.customers = customers;
        this.methods = methods;
        this.base = base;
    }

    void routes(Api api) {
        api.post("/v1/setup_intents", "customer payment_method usage confirm description metadata* return_url on_behalf_of "
                + "automatic_payment_methods{enabled allow_redirects} payment_method_types[] excluded_payment_method_types[] "
                + "use_stripe_sdk expand[]", this::create);
        api.get("/v1/setup_intents", Lists.PARAMETERS + "customer payment_method", call -> Lists.page(call,
                state.all(call.account(), "setup_intent"), Lists.equal(call, "customer", "payment_method")));
        api.get("/v1/setup_intents/:id", "client_secret expand[]",
                call -> state.get(call.account(), "setup_intent", call.id()));
        api.post("/v1/setup_intents/:id/confirm", "payment_method return_url use_stripe_sdk expand[]",
                call -> confirm(call.account(), state.get(call.account(), "setup_intent", call.id()), call.parameters()));
        api.post("/v1/setup_intents/:id/cancel", "cancellation_reason expand[]", this::cancel);
    }

    void follow(Follower told) {
        follower = told;
    }

    JsonObject create(String account, Parameters parameters) {
        String customer = parameters.text("customer");
        if (customer != null) {
            customers.require(account, customer, "customer");
        }
        String id = ids.next("seti_");
        List<String> excluded = parameters.texts("excluded_payment_method_types");
        JsonObject intent = Json.object("id", id, "object", "setup_intent", "allowed_payment_method_types", null, "application",
                null,
                "automatic_payment_methods", Json.object("allow_redirects", "always", "enabled", true), "cancellation_reason",
                null,
                "client_secret", id + "_secret_" + ids.random(25), "created", clock.seconds(), "customer", customer,
                "customer_account", null, "description", parameters.text("description"), "excluded_payment_method_types",
                excluded.isEmpty() ? null : new JsonArray(excluded),
                "flow_directions", null, "last_setup_error", null, "latest_attempt", null, "livemode", false,
                "managed_payments",
                null, "mandate", null, "metadata", new JsonObject(), "next_action", null, "on_behalf_of",
                parameters.text("on_behalf_of"), "payment_method", null, "payment_method_configuration_details", null,
                "payment_method_options",
                Json.object("card",
                        Json.object("mandate_options", null, "network", null, "request_three_d_secure", "automatic")),
                "payment_method_types", types(parameters, excluded), "single_use_mandate", null, "status",
                "requires_payment_method", "usage", parameters.text("usage", "off_session"));
        parameters.metadata(intent);
        state.add(account, intent);
        events.send(account, "setup_intent.created", intent);
        return intent;
    }

    /** The types of payment methods that it may save: bank debits among them, unless they are excluded. */
    private static JsonArray types(Parameters parameters, List<String> excluded) {
        JsonArray types = Json.array("card");
        return parameters.has("payment_method_types") || excluded.contains("us_bank_account") ? types
                : types.add("us_bank_account");
    }

    /** Has Stripe work on it, as on one of a bank account: nobody can end it meanwhile. */
    JsonObject process(String id) {
        String account = state.owner(id);
        JsonObject intent = account == null ? null : state.find(account, "setup_intent", id);
        if (intent == null) {
            throw StripeError.noSuch("setup_intent", id);
        }
        return intent.put("status", "processing").put("next_action", null);
    }

    /** Saves the card, unless it is declined or requires authentication first. */
    JsonObject confirm(String account, JsonObject intent, JsonObject method, @Nullable String returnUrl) {
        PaymentMethods.checkHolder(method, intent.getString("customer"));
        TestCard card = methods.card(method);
        intent.put("payment_method", method.getString("id")).put("next_action", null);
        if (card.declinesWhenAttached()) {
            throw fail(account, intent, method, Decline.of(card));
        }
        if (card.authenticates(false)) {
            return challenge(account, intent, returnUrl);
        }
        return succeed(account, intent, method);
    }

    /** Answers the bank's challenge, as the card's holder. */
    JsonObject authenticate(String id, boolean success) {
        String account = state.owner(id);
        JsonObject intent = account == null ? null : state.find(account, "setup_intent", id);
        if (account == null || intent == null) {
            throw StripeError.noSuch("setup_intent", id);
        }
        if (!"requires_action".equals(intent.getString("status"))) {
            throw unexpected(intent);
        }
        JsonObject method = state.get(account, "payment_method", intent.getString("payment_method"));
        intent.put("next_action", null);
        if (!success) {
            fail(account, intent, method, Decline.authenticationFailed("setup_intent"));
            return intent;
        }
        return succeed(account, intent, method);
    }

    private JsonObject create(Call call) {
        JsonObject intent = create(call.account(), call.parameters());
        String named = call.parameters().text("payment_method");
        if (named != null) {
            JsonObject method = methods.resolve(call.account(), named, "payment_method");
            intent.put("payment_method", method.getString("id")).put("status", "requires_confirmation");
        }
        return call.parameters().flag("confirm") ? confirm(call.account(), intent, call.parameters()) : intent;
    }

    private JsonObject confirm(String account, JsonObject intent, Parameters parameters) {
        if (!intent.getString("status").startsWith("requires_")) {
            throw unexpected(intent);
        }
        String named = parameters.text("payment_method", String.valueOf(intent.getString("payment_method")));
        return confirm(account, intent, methods.resolve(account, named, "payment_method"), parameters.text("return_url"));
    }

    private JsonObject cancel(Call call) {
        JsonObject intent = state.get(call.account(), "setup_intent", call.id());
        if (!intent.getString("status").startsWith("requires_")) {
            throw unexpected(intent);
        }
        intent.put("status", "canceled").put("next_action", null).put("cancellation_reason",
                call.parameters().oneOf("cancellation_reason", "abandoned", "duplicate", "requested_by_customer"));
        events.send(call.account(), "setup_intent.canceled", intent);
        return intent;
    }

    private JsonObject challenge(String account, JsonObject intent, @Nullable String returnUrl) {
        String url = base + "/challenge/" + intent.getString("id");
        intent.put("status", "requires_action").put("next_action", returnUrl == null
                ? Json.object("type", "use_stripe_sdk", "use_stripe_sdk", Json.object("stripe_js", url))
                : Json.object("redirect_to_url", Json.object("return_url", returnUrl, "url", url), "type", "redirect_to_url"));
        events.send(account, "setup_intent.requires_action", intent);
        return intent;
    }

    private JsonObject succeed(String account, JsonObject intent, JsonObject method) {
        methods.use(method, "off_session");
        String customer = intent.getString("customer");
        if (customer != null) {
            methods.attach(account, method, customer);
        }
        intent.put("status", "succeeded").put("last_setup_error", null);
        events.send(account, "setup_intent.succeeded", intent);
        follower.concluded(account, intent);
        return intent;
    }

    private StripeError fail(String account, JsonObject intent, JsonObject method, Decline decline) {
        intent.put("status", "requires_payment_method").put("payment_method", null).put("last_setup_error",
                decline.json(method));
        events.send(account, "setup_intent.setup_failed", intent);
        return decline.error().with("setup_intent", intent.copy()).with("payment_method", method.copy());
    }

    private static StripeError unexpected(JsonObject intent) {
        return StripeError.invalid("setup_intent_unexpected_state",
                "This SetupIntent has a status of " + intent.getString("status") + ".", null)
                .with("setup_intent", intent.copy());
    }
}
