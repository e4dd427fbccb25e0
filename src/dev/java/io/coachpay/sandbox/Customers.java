package io.coachpay.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Customers, to whom payment methods are attached.
 *
 * @see <a href="https://docs.stripe.com/api/customers">Stripe: customers</a>
 */
final class Customers {

    private static final String ADDRESS = "address{city country line1 line2 postal_code state} ";
    private static final String FIELDS = ADDRESS + "description email expand[] invoice_settings{default_payment_method footer} "
            + "metadata* name phone preferred_locales[] shipping{" + ADDRESS + "name phone} tax_exempt individual_name "
            + "business_name tax{validate_location ip_address} ";

    private static final int LONGEST_NAME = 256;

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    /** Actions on an account and its customer when that is deleted. */
    private final List<BiConsumer<String, String>> before = new ArrayList<>();
    private final List<BiConsumer<String, String>> after = new ArrayList<>();

    Customers(State state, Ids ids, VirtualClock clock, Events events) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
    }

    void routes(Api api) {
        api.post("/v1/customers", FIELDS, call -> create(call.account(), call.parameters()));
        api.get("/v1/customers", Lists.PARAMETERS + "email", call -> Lists.page(call, state.all(call.account(), "customer"),
                Lists.equal(call, "email").and(customer -> !customer.containsKey("deleted"))));
        api.get("/v1/customers/search", Search.PARAMETERS, call -> Search.run(call, state.all(call.account(), "customer")));
        api.get("/v1/customers/:id", "expand[]", call -> state.get(call.account(), "customer", call.id()));
        api.post("/v1/customers/:id", FIELDS, this::update);
        api.delete("/v1/customers/:id", this::delete);
    }

    /** The customer of a parameter, who must not have been deleted. */
    JsonObject require(String account, String id, String param) {
        JsonObject customer = state.get(account, "customer", id, param);
        if (customer.containsKey("deleted")) {
            throw StripeError.noSuch("customer", id, param);
        }
        return customer;
    }

    /** Adds an action on an account and its customer before that is deleted. */
    void beforeDeletion(BiConsumer<String, String> action) {
        before.add(action);
    }

    /** Adds an action on an account and its customer when that has been deleted. */
    void afterDeletion(BiConsumer<String, String> action) {
        after.add(action);
    }

    /** Binds the customer to a currency, or refuses it: a customer of Billing has one for ever. */
    void bind(String account, JsonObject customer, String currency) {
        requireCurrency(customer, currency);
        change(account, customer, it -> it.put("currency", currency));
    }

    /** Refuses another currency than the customer's own. */
    void requireCurrency(JsonObject customer, String currency) {
        String bound = customer.getString("currency");
        if (bound != null && !bound.equals(currency)) {
            throw StripeError.invalid("You cannot combine currencies on a single customer. This customer has an active"
                    + " subscription, subscription schedule, discount, quote, or invoice item with currency " + bound + ".",
                    "currency");
        }
    }

    /** Changes a customer as Stripe itself does, and reports it. */
    void change(String account, JsonObject customer, Consumer<JsonObject> effect) {
        JsonObject before = customer.copy();
        effect.accept(customer);
        events.sendUpdate(account, "customer.updated", customer, before);
    }

    /** Forgets a default that is no longer the customer's. */
    void forget(String account, String customer, String method) {
        JsonObject holder = state.get(account, "customer", customer);
        if (method.equals(holder.getJsonObject("invoice_settings").getString("default_payment_method"))) {
            change(account, holder, it -> it.getJsonObject("invoice_settings").put("default_payment_method", null));
        }
    }

    JsonObject create(String account, Parameters parameters) {
        String id = ids.next("cus_");
        JsonObject customer = Json.object("id", id, "object", "customer", "address", null, "balance", 0, "created",
                clock.seconds(), "currency", null, "customer_account", null, "default_source", null, "delinquent", false,
                "description", null, "discount", null, "email", null, "invoice_prefix",
                id.substring(4, 12).toUpperCase(Locale.ROOT),
                "invoice_settings",
                Json.object("custom_fields", null, "default_payment_method", null, "footer", null, "rendering_options", null),
                "livemode", false, "metadata", new JsonObject(), "name", null, "next_invoice_sequence", 1, "phone", null,
                "preferred_locales", new JsonArray(), "shipping", null, "tax_exempt", "none", "test_clock", null);
        apply(account, customer, parameters);
        state.add(account, customer);
        events.send(account, "customer.created", customer);
        return customer;
    }

    private JsonObject update(Call call) {
        JsonObject customer = require(call.account(), call.id(), "id");
        JsonObject before = customer.copy();
        try {
            apply(call.account(), customer, call.parameters());
        } catch (StripeError refused) {
            // Nothing of a refused change is kept.
            customer.clear().mergeIn(before);
            throw refused;
        }
        events.sendUpdate(call.account(), "customer.updated", customer, before);
        return customer;
    }

    private JsonObject delete(Call call) {
        JsonObject customer = require(call.account(), call.id(), "id");
        before.forEach(action -> action.accept(call.account(), call.id()));
        events.send(call.account(), "customer.deleted", customer);
        state.all(call.account(), "payment_method").stream()
                .filter(method -> call.id().equals(method.getString("customer")))
                .forEach(method -> {
                    method.put("customer", null);
                    state.notes(method.getString("id")).put("used", true);
                });
        customer.clear();
        after.forEach(action -> action.accept(call.account(), call.id()));
        return customer.mergeIn(Json.object("id", call.id(), "object", "customer", "deleted", true));
    }

    private void apply(String account, JsonObject customer, Parameters parameters) {
        Addresses.check(parameters, "email");
        String called = parameters.text("name");
        if (called != null && called.length() > LONGEST_NAME) {
            throw StripeError.invalid("Invalid string: " + called.substring(0, 10) + "...; must be at most " + LONGEST_NAME
                    + " characters", "name");
        }
        for (String name : new String[] { "description", "email", "name", "phone" }) {
            if (parameters.has(name)) {
                customer.put(name, parameters.text(name));
            }
        }
        if (parameters.has("address")) {
            customer.put("address", parameters.nested("address").isEmpty() ? null : address(parameters.nested("address")));
        }
        if (parameters.has("shipping")) {
            Parameters shipping = parameters.nested("shipping");
            customer.put("shipping", shipping.isEmpty() ? null
                    : Json.object("address", address(shipping.nested("address")), "name", shipping.text("name"), "phone",
                            shipping.text("phone")));
        }
        String exemption = parameters.oneOf("tax_exempt", "exempt", "none", "reverse");
        if (exemption != null) {
            customer.put("tax_exempt", exemption);
        }
        if ("immediately".equals(parameters.nested("tax").oneOf("validate_location", "auto", "deferred", "immediately"))) {
            Taxes.requireLocation(customer, "address");
        }
        applyDefault(account, customer, parameters.nested("invoice_settings"));
        if (parameters.has("preferred_locales")) {
            customer.put("preferred_locales", new JsonArray(parameters.texts("preferred_locales")));
        }
        parameters.metadata(customer);
    }

    private void applyDefault(String account, JsonObject customer, Parameters settings) {
        if (settings.has("footer")) {
            customer.getJsonObject("invoice_settings").put("footer", settings.text("footer"));
        }
        if (!settings.has("default_payment_method")) {
            return;
        }
        String method = settings.text("default_payment_method");
        if (method != null) {
            requireHeld(account, customer.getString("id"), method, settings.name("default_payment_method"));
        }
        customer.getJsonObject("invoice_settings").put("default_payment_method", method);
    }

    /** The method of a parameter, which must be attached to the customer. */
    JsonObject requireHeld(String account, String customer, String method, String param) {
        JsonObject held = held(account, customer, method);
        if (held == null) {
            throw StripeError.invalid("resource_missing", "The customer does not have a payment method with the ID " + method
                    + ". The payment method must be attached to the customer.", param);
        }
        return held;
    }

    /** The method, or null where it is not attached to the customer. */
    @Nullable
    JsonObject held(String account, String customer, String method) {
        JsonObject known = state.find(account, "payment_method", method);
        return known != null && customer.equals(known.getString("customer")) ? known : null;
    }

    private static JsonObject address(Parameters sent) {
        JsonObject address = Json.noAddress();
        sent.json().forEach(entry -> address.put(entry.getKey(), "".equals(entry.getValue()) ? null : entry.getValue()));
        return address;
    }
}
