package io.coachpay.sandbox;

import java.util.Locale;

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
            + "business_name ";

    private static final int LONGEST_NAME = 256;

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;

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
        apply(call.account(), customer, call.parameters());
        events.sendUpdate(call.account(), "customer.updated", customer, before);
        return customer;
    }

    private JsonObject delete(Call call) {
        JsonObject customer = require(call.account(), call.id(), "id");
        events.send(call.account(), "customer.deleted", customer);
        state.all(call.account(), "payment_method").stream()
                .filter(method -> call.id().equals(method.getString("customer")))
                .forEach(method -> {
                    method.put("customer", null);
                    state.notes(method.getString("id")).put("used", true);
                });
        customer.clear();
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
        String method = parameters.nested("invoice_settings").text("default_payment_method");
        if (method != null) {
            String parameter = "invoice_settings[default_payment_method]";
            String holder = state.get(account, "payment_method", method, parameter).getString("customer");
            if (!customer.getString("id").equals(holder)) {
                throw StripeError.invalid("The customer does not have a payment method with the ID " + method
                        + ". The payment method must be attached to the customer.", parameter);
            }
            customer.getJsonObject("invoice_settings").put("default_payment_method", method);
        }
        if (parameters.has("preferred_locales")) {
            customer.put("preferred_locales", new JsonArray(parameters.texts("preferred_locales")));
        }
        parameters.metadata(customer);
    }

    private static JsonObject address(Parameters sent) {
        JsonObject address = Json.noAddress();
        sent.json().forEach(entry -> address.put(entry.getKey(), "".equals(entry.getValue()) ? null : entry.getValue()));
        return address;
    }
}
