package io.coachpay.sandbox;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Payments from their creation to their success: created, changed, cancelled and found here. {@link Confirmation} attempts
 * them.
 *
 * @see <a href="https://docs.stripe.com/api/payment_intents">Stripe: payment intents</a>
 */
final class PaymentIntents {

    private static final String CHANGES = "application_fee_amount customer description expand[] metadata* payment_method "
            + "receipt_email setup_future_usage statement_descriptor_suffix transfer_group ";
    private static final String DATA = "payment_method_data{type " + PaymentMethods.CARD + PaymentMethods.BILLING + "} ";
    private static final List<String> OPEN = List.of("requires_payment_method", "requires_confirmation", "requires_action");

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final Accounts accounts;
    private final Customers customers;
    private final PaymentMethods methods;
    private final Confirmation confirmation;

    PaymentIntents(State state, Ids ids, VirtualClock clock, Events events, Accounts accounts, Customers customers,
            PaymentMethods methods, Confirmation confirmation) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.accounts = accounts;
        this.customers = customers;
        this.methods = methods;
        this.confirmation = confirmation;
    }

    void routes(Api api) {
        api.post("/v1/payment_intents", CHANGES + DATA + "amount! currency! automatic_payment_methods{enabled allow_redirects} "
                + "capture_method confirm confirmation_method error_on_requires_action excluded_payment_method_types[] off_session "
                + "on_behalf_of payment_method_options* payment_method_types[] return_url statement_descriptor "
                + "transfer_data{destination! amount} use_stripe_sdk", this::create);
        api.get("/v1/payment_intents", Lists.PARAMETERS + "customer",
                call -> Lists.page(call, state.all(call.account(), "payment_intent"), Lists.equal(call, "customer")));
        api.get("/v1/payment_intents/search", Search.PARAMETERS,
                call -> Search.run(call, state.all(call.account(), "payment_intent")));
        api.get("/v1/payment_intents/:id", "client_secret expand[]",
                call -> state.get(call.account(), "payment_intent", call.id()));
        api.post("/v1/payment_intents/:id", CHANGES + "amount currency", this::update);
        api.post("/v1/payment_intents/:id/confirm", DATA + "payment_method off_session return_url setup_future_usage "
                + "receipt_email error_on_requires_action use_stripe_sdk expand[]", this::confirm);
        api.post("/v1/payment_intents/:id/cancel", "cancellation_reason expand[]", this::cancel);
    }

    /** Creates an intent; {@code parameters} are those of the API or the {@code payment_intent_data} of a Checkout Session. */
    JsonObject create(String account, long amount, String currency, Parameters parameters) {
        Currencies.checkChargeable(amount, currency, "amount");
        Addresses.check(parameters, "receipt_email");
        checkUnsupported(parameters);
        checkDestination(parameters, amount);
        String customer = parameters.text("customer");
        if (customer != null) {
            customers.require(account, customer, "customer");
        }
        JsonObject intent = PaymentIntentObject.create(ids, clock.seconds(), amount, currency, parameters);
        intent.put("customer", customer);
        parameters.metadata(intent);
        state.add(account, intent);
        events.send(account, "payment_intent.created", intent);
        return intent;
    }

    /** Cancels an intent that has not succeeded, for a reason of Stripe's list. */
    void cancel(String account, JsonObject intent, @Nullable String reason) {
        if (!OPEN.contains(intent.getString("status"))) {
            throw unexpected(intent, "cancel");
        }
        intent.put("status", "canceled").put("canceled_at", clock.seconds()).put("cancellation_reason", reason)
                .put("next_action", null).put("amount_capturable", 0);
        events.send(account, "payment_intent.canceled", intent);
    }

    static boolean isOpen(JsonObject intent) {
        return OPEN.contains(intent.getString("status"));
    }

    static StripeError unexpected(JsonObject intent, String verb) {
        return StripeError
                .invalid("payment_intent_unexpected_state", "You cannot " + verb + " this PaymentIntent because it has a"
                        + " status of " + intent.getString("status") + ".", null)
                .with("payment_intent", intent.copy());
    }

    private JsonObject create(Call call) {
        Parameters parameters = call.parameters();
        String currency = parameters.currency("currency");
        JsonObject intent;
        String named = parameters.text("payment_method");
        JsonObject method = named != null ? methods.resolve(call.account(), named, "payment_method")
                : parameters.has("payment_method_data")
                        ? methods.create(call.account(), parameters.nested("payment_method_data"))
                        : null;
        if (method != null) {
            PaymentMethods.checkHolder(method, parameters.text("customer"));
        }
        intent = create(call.account(), parameters.needInteger("amount"), currency, parameters);
        if (method != null) {
            intent.put("payment_method", method.getString("id")).put("status", "requires_confirmation");
        }
        if (parameters.flag("confirm")) {
            return confirmation.confirm(call.account(), intent, method, Confirmation.Circumstances.of(parameters));
        }
        return intent;
    }

    private JsonObject confirm(Call call) {
        JsonObject intent = state.get(call.account(), "payment_intent", call.id());
        refuseIfCheckout(intent, "confirm");
        Parameters parameters = call.parameters();
        if (parameters.has("setup_future_usage")) {
            intent.put("setup_future_usage", parameters.text("setup_future_usage"));
        }
        if (parameters.has("receipt_email")) {
            Addresses.check(parameters, "receipt_email");
            intent.put("receipt_email", parameters.text("receipt_email"));
        }
        String named = parameters.text("payment_method");
        JsonObject method = named != null ? methods.resolve(call.account(), named, "payment_method")
                : parameters.has("payment_method_data")
                        ? methods.create(call.account(), parameters.nested("payment_method_data"))
                        : null;
        return confirmation.confirm(call.account(), intent, method, Confirmation.Circumstances.of(parameters));
    }

    private JsonObject cancel(Call call) {
        JsonObject intent = state.get(call.account(), "payment_intent", call.id());
        refuseIfCheckout(intent, "cancel");
        refuseIfInvoice(intent, "cancel");
        cancel(call.account(), intent,
                call.parameters().oneOf("cancellation_reason", "abandoned", "duplicate", "fraudulent",
                        "requested_by_customer"));
        return intent;
    }

    private JsonObject update(Call call) {
        JsonObject intent = state.get(call.account(), "payment_intent", call.id());
        Parameters parameters = call.parameters();
        Addresses.check(parameters, "receipt_email");
        boolean money = parameters.has("amount") || parameters.has("currency") || parameters.has("application_fee_amount")
                || parameters.has("payment_method") || parameters.has("customer");
        if (money && !isOpen(intent)) {
            throw unexpected(intent, "update");
        }
        if (parameters.has("amount") || parameters.has("currency") || parameters.has("customer")) {
            refuseIfInvoice(intent, "update");
        }
        checkUnsupported(parameters);
        updateMoney(intent, parameters);
        String named = parameters.text("payment_method");
        if (named != null) {
            JsonObject method = methods.resolve(call.account(), named, "payment_method");
            intent.put("payment_method", method.getString("id")).put("status", "requires_confirmation");
        }
        String customer = parameters.text("customer");
        if (customer != null) {
            intent.put("customer", customers.require(call.account(), customer, "customer").getString("id"));
        }
        for (String name : new String[] { "description", "receipt_email", "setup_future_usage", "transfer_group",
                "statement_descriptor_suffix" }) {
            if (parameters.has(name)) {
                intent.put(name, parameters.text(name));
            }
        }
        parameters.metadata(intent);
        return intent;
    }

    private static void updateMoney(JsonObject intent, Parameters parameters) {
        String currency = parameters.has("currency") ? parameters.currency("currency") : intent.getString("currency");
        long amount = parameters.has("amount") ? parameters.needInteger("amount") : intent.getLong("amount");
        Currencies.checkChargeable(amount, currency, "amount");
        Long fee = parameters.has("application_fee_amount") ? parameters.integer("application_fee_amount")
                : intent.getLong("application_fee_amount");
        checkFee(fee, amount);
        intent.put("amount", amount).put("currency", currency).put("application_fee_amount", fee);
    }

    private void refuseIfInvoice(JsonObject intent, String verb) {
        if (state.notes(intent.getString("id")).containsKey("invoice")) {
            throw StripeError.invalid("payment_intent_unexpected_state", "You cannot " + verb + " this PaymentIntent because it"
                    + " was created by an invoice. Void or change the invoice instead.", null);
        }
    }

    private void refuseIfCheckout(JsonObject intent, String verb) {
        if (state.notes(intent.getString("id")).containsKey("checkout")) {
            throw StripeError.invalid("payment_intent_unexpected_state",
                    "You cannot " + verb + " this PaymentIntent because it was created by a Checkout Session.", null);
        }
    }

    private void checkDestination(Parameters parameters, long amount) {
        String destination = parameters.nested("transfer_data").text("destination");
        Long fee = parameters.integer("application_fee_amount");
        if (destination != null) {
            accounts.requirePayable(parameters, destination, "transfer_data[destination]");
            Long part = parameters.nested("transfer_data").integer("amount");
            if (part != null && (part < 1 || part > amount || fee != null)) {
                throw StripeError.invalid("transfer_data[amount] must be between 1 and the amount, without an application fee.",
                        "transfer_data[amount]");
            }
        }
        if (fee != null && destination == null) {
            throw StripeError
                    .invalid("Can only apply an application_fee_amount when the PaymentIntent is attempting a direct payment"
                            + " or destination payment (using `transfer_data[destination]`).", "application_fee_amount");
        }
        String behalf = parameters.text("on_behalf_of");
        if (behalf != null) {
            accounts.requireDestination(behalf, "on_behalf_of");
        }
        checkFee(fee, amount);
    }

    private static void checkFee(@Nullable Long fee, long amount) {
        if (fee != null && fee < 0) {
            throw StripeError.invalid("parameter_invalid_integer", "Invalid non-negative integer", "application_fee_amount");
        }
        if (fee != null && fee > amount) {
            throw StripeError.invalid("The application fee cannot be greater than the total charge amount.",
                    "application_fee_amount");
        }
    }

    /** Refuses parameters that would change the money's course at Stripe but not in the sandbox. */
    private static void checkUnsupported(Parameters parameters) {
        parameters.oneOf("capture_method", "automatic", "automatic_async");
        parameters.oneOf("confirmation_method", "automatic");
        parameters.oneOf("setup_future_usage", "on_session", "off_session");
        for (String type : parameters.texts("payment_method_types")) {
            if (!type.equals("card")) {
                throw StripeError.invalid("The sandbox knows payment_method_types[]=card alone.", "payment_method_types");
            }
        }
    }
}
