package io.coachpay.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * The work of a page in subscription mode: it takes the first payment, or saves the card for a trial, and only then makes the
 * subscription, with an invoice that this payment has paid.
 *
 * @see <a href="https://docs.stripe.com/changelog/basil/2025-03-31/checkout-legacy-subscription-upgrade">Stripe: when the
 *      subscription is made</a>
 */
final class SubscriptionCheckout {

    private final State state;
    private final Customers customers;
    private final PaymentIntents intents;
    private final SetupIntents setups;
    private final Confirmation confirmation;
    private final Subscriptions subscriptions;

    SubscriptionCheckout(State state, Customers customers, PaymentIntents intents, SetupIntents setups,
            Confirmation confirmation, Subscriptions subscriptions) {
        this.state = state;
        this.customers = customers;
        this.intents = intents;
        this.setups = setups;
        this.confirmation = confirmation;
        this.subscriptions = subscriptions;
    }

    /** Pays on the page, or saves the card for the end of the trial. */
    void pay(String account, JsonObject session, JsonObject method, String returnUrl) {
        JsonObject customer = customers.require(account, session.getString("customer"), "customer");
        customers.requireCurrency(customer, session.getString("currency"));
        if ("unspecified".equals(method.getString("allow_redisplay"))) {
            method.put("allow_redisplay", "limited");
        }
        JsonObject intent = intent(account, session);
        if (intent.getString("object").equals("setup_intent")) {
            setups.confirm(account, intent, method, returnUrl);
        } else if (PaymentIntents.isOpen(intent)) {
            confirmation.confirm(account, intent, method, Confirmation.Circumstances.onPage(returnUrl));
        }
    }

    /** The intent of the page's first attempt, or null before it. */
    @Nullable
    JsonObject attempted(String account, JsonObject session) {
        String id = state.notes(session.getString("id")).getString("intent");
        return id == null ? null : state.find(account, id);
    }

    /** Makes the subscription, and names it and its invoice in the session. */
    void conclude(String account, JsonObject session, JsonObject intent) {
        JsonObject notes = state.notes(session.getString("id"));
        JsonObject item = notes.getJsonArray("line_items").getJsonObject(0);
        Map<String, Object> data = new LinkedHashMap<>(Form.parse(notes.getString("subscription_data", "")));
        data.put("customer", session.getString("customer"));
        String method = intent.getString("payment_method");
        // One that was detached since it was charged is no default.
        if (customers.held(account, session.getString("customer"), method) != null) {
            data.put("default_payment_method", method);
        }
        data.put("items", Map.of("0", Map.of("price", item.getJsonObject("price").getString("id"), "quantity",
                item.getLong("quantity").toString())));
        data.put("automatic_tax", Map.of("enabled", session.getJsonObject("automatic_tax").getBoolean("enabled").toString()));
        boolean paid = intent.getString("object").equals("payment_intent");
        JsonObject subscription = subscriptions.afterCheckout(account, new Parameters(data), paid ? intent : null);
        session.put("subscription", subscription.getString("id")).put("invoice", subscription.getString("latest_invoice"));
    }

    private JsonObject intent(String account, JsonObject session) {
        JsonObject attempted = attempted(account, session);
        if (attempted != null) {
            return attempted;
        }
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("customer", session.getString("customer"));
        JsonObject made;
        if (session.getLong("amount_total") == 0) {
            made = setups.create(account, new Parameters(data));
        } else {
            data.put("description", "Subscription creation");
            data.put("payment_method_types", Map.of("0", "card"));
            data.put("setup_future_usage", "off_session");
            made = intents.create(account, session.getLong("amount_total"), session.getString("currency"),
                    new Parameters(data));
        }
        state.notes(session.getString("id")).put("intent", made.getString("id"));
        state.notes(made.getString("id")).put("checkout", session.getString("id"));
        return made;
    }
}
