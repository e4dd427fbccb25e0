package io.coachpay.sandbox;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/** Rules for the parameters of a Checkout Session. */
final class CheckoutRules {

    private CheckoutRules() {
    }

    /** Refuses contradictions, and parameters that would change amounts at Stripe but not in the sandbox. */
    static void check(Parameters parameters) {
        parameters.oneOf("ui_mode", "hosted_page", "hosted");
        if (!parameters.has("success_url")) {
            throw StripeError.missing("success_url");
        }
        for (String name : new String[] { "success_url", "cancel_url" }) {
            String url = parameters.text(name);
            if (url != null && !url.matches("https?://.+")) {
                throw StripeError.invalid("url_invalid", "Not a valid URL", name);
            }
        }
        if (parameters.has("customer") && (parameters.has("customer_email") || parameters.has("customer_creation"))) {
            throw StripeError.invalid(
                    "You may only specify one of these parameters: customer, customer_email, customer_creation.",
                    "customer");
        }
        if (parameters.flag("allow_promotion_codes") || parameters.nested("adaptive_pricing").flag("enabled")) {
            throw StripeError.invalid("The sandbox has no promotion codes or adaptive pricing.");
        }
        checkMode(parameters);
        parameters.oneOf("customer_creation", "always", "if_required");
        parameters.oneOf("submit_type", "auto", "book", "donate", "pay", "subscribe");
        for (String type : parameters.texts("payment_method_types")) {
            if (!type.equals("card")) {
                throw StripeError.invalid("The sandbox knows payment_method_types[]=card alone.", "payment_method_types");
            }
        }
    }

    /** Refuses what belongs to another mode. */
    private static void checkMode(Parameters parameters) {
        String mode = parameters.text("mode", "");
        boolean subscription = mode.equals("subscription");
        for (String name : new String[] { "payment_intent_data", "setup_intent_data", "subscription_data" }) {
            String its = name.equals("payment_intent_data") ? "payment"
                    : name.equals("setup_intent_data") ? "setup" : "subscription";
            if (parameters.has(name) && !mode.equals(its)) {
                throw StripeError.invalid("You can not pass `" + name + "` in `" + mode + "` mode.", name);
            }
        }
        for (String name : new String[] { "customer_creation", "invoice_creation", "submit_type" }) {
            if (subscription && parameters.has(name)) {
                throw StripeError.invalid("You can not pass `" + name + "` in `subscription` mode.", name);
            }
        }
        if (parameters.has("payment_method_collection") && !subscription) {
            throw StripeError.invalid("You can only pass `payment_method_collection` in `subscription` mode.",
                    "payment_method_collection");
        }
        if ("if_required".equals(parameters.oneOf("payment_method_collection", "always", "if_required"))) {
            throw StripeError.invalid("The sandbox's pages collect a payment method always.", "payment_method_collection");
        }
        for (String name : new String[] { "address", "name", "shipping" }) {
            parameters.nested("customer_update").oneOf(name, "auto", "never");
        }
        if (parameters.has("customer_update") && !parameters.has("customer")) {
            throw StripeError.invalid("`customer_update` can only be used with `customer`.", "customer_update");
        }
    }

    /** Refuses to work out tax for a customer whose place is not known, and may not be asked for. */
    static void checkTax(Parameters parameters, @Nullable JsonObject customer) {
        boolean asks = "auto".equals(parameters.nested("customer_update").text("address"));
        if (parameters.nested("automatic_tax").flag("enabled") && customer != null && !asks
                && !Taxes.knowsLocation(customer.getJsonObject("address"))) {
            throw StripeError.invalid("customer_tax_location_invalid", "Automatic tax calculation in Checkout requires a valid"
                    + " address on the Customer. Add a valid address to the Customer or set either `customer_update[address]`"
                    + " to 'auto' or `customer_update[shipping]` to 'auto' to save the address entered in Checkout to the"
                    + " Customer.", "automatic_tax");
        }
    }

    static long expiry(Parameters parameters, long now, long shortest, long longest) {
        Long asked = parameters.integer("expires_at");
        if (asked == null) {
            return now + longest;
        }
        if (asked < now + shortest || asked > now + longest) {
            throw StripeError.invalid(asked < now + shortest
                    ? "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
                    : "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.", "expires_at");
        }
        return asked;
    }

    /** The parameters of the SetupIntent of a session in setup mode. */
    static Parameters setupData(Parameters parameters) {
        Map<String, Object> data = new LinkedHashMap<>(parameters.nested("setup_intent_data").json().getMap());
        String customer = parameters.text("customer");
        if (customer != null) {
            data.put("customer", customer);
        }
        for (String types : new String[] { "payment_method_types", "excluded_payment_method_types" }) {
            if (parameters.has(types)) {
                data.put(types, parameters.nested(types).json().getMap());
            }
        }
        return new Parameters(data);
    }

    /** Encodes the data of a later intent as the form it was sent in. */
    static String encode(Parameters data) {
        StringBuilder form = new StringBuilder();
        encode("", data.json(), form);
        return form.toString();
    }

    private static void encode(String at, JsonObject tree, StringBuilder form) {
        for (String key : tree.fieldNames()) {
            String name = at.isEmpty() ? key : at + "[" + key + "]";
            if (tree.getValue(key) instanceof JsonObject below) {
                encode(name, below, form);
            } else {
                form.append(form.isEmpty() ? "" : "&").append(URLEncoder.encode(name, StandardCharsets.UTF_8)).append('=')
                        .append(URLEncoder.encode(String.valueOf(tree.getValue(key)), StandardCharsets.UTF_8));
            }
        }
    }
}
