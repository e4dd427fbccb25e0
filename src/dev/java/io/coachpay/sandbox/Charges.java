package io.coachpay.sandbox;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Attempts to take money from a payer.
 *
 * @see <a href="https://docs.stripe.com/api/charges">Stripe: charges</a>
 */
final class Charges {

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final PaymentMethods methods;

    Charges(State state, Ids ids, VirtualClock clock, Events events, PaymentMethods methods) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.methods = methods;
    }

    void routes(Api api) {
        api.get("/v1/charges", Lists.PARAMETERS + "customer payment_intent transfer_group", call -> Lists.page(call,
                state.all(call.account(), "charge"), Lists.equal(call, "customer", "payment_intent", "transfer_group")));
        api.get("/v1/charges/search", Search.PARAMETERS, call -> Search.run(call, state.all(call.account(), "charge")));
        api.get("/v1/charges/:id", "expand[]", call -> state.get(call.account(), "charge", call.id()));
        api.post("/v1/charges/:id", "description metadata* receipt_email transfer_group expand[]", this::update);
    }

    JsonObject succeed(String account, JsonObject intent, JsonObject method, boolean authenticated) {
        JsonObject charge = create(account, intent, method, "succeeded", null, authenticated);
        events.send(account, "charge.succeeded", charge);
        return charge;
    }

    JsonObject decline(String account, JsonObject intent, JsonObject method, Decline decline, boolean authenticated) {
        JsonObject charge = create(account, intent, method, "failed", decline, authenticated);
        events.send(account, "charge.failed", charge);
        return charge;
    }

    JsonObject pend(String account, JsonObject intent, JsonObject method) {
        JsonObject charge = create(account, intent, method, "pending", null, false);
        events.send(account, "charge.pending", charge);
        return charge;
    }

    /** Ends a pending charge. */
    void conclude(String account, JsonObject charge, @Nullable Decline decline) {
        charge.put("status", decline == null ? "succeeded" : "failed").put("paid", decline == null);
        if (decline != null) {
            charge.put("failure_code", decline.code()).put("failure_message", decline.message());
        }
        charge.put("outcome", outcome(decline));
        events.send(account, decline == null ? "charge.succeeded" : "charge.failed", charge);
    }

    /** The charge by which a transfer appears on the account that receives it. */
    JsonObject createDestinationPayment(String account, String transfer, long amount, String currency) {
        JsonObject charge = blank(ids.next("py_"), amount, currency);
        charge.put("source_transfer", transfer).put("amount_captured", amount).put("captured", true).put("paid", true)
                .put("status", "succeeded").put("outcome", null)
                .put("payment_method_details", Json.object("stripe_account", new JsonObject(), "type", "stripe_account"));
        state.add(account, charge);
        return charge;
    }

    /** The refunds of a charge, which Stripe includes when asked to expand them. */
    JsonObject refundsOf(String account, JsonObject charge) {
        JsonArray data = new JsonArray();
        state.all(account, "refund").stream().filter(refund -> charge.getString("id").equals(refund.getString("charge")))
                .forEach(refund -> data.add(refund.copy()));
        return Json.list("/v1/charges/" + charge.getString("id") + "/refunds", data);
    }

    private JsonObject update(Call call) {
        JsonObject charge = state.get(call.account(), "charge", call.id());
        JsonObject before = charge.copy();
        Addresses.check(call.parameters(), "receipt_email");
        for (String name : new String[] { "description", "receipt_email", "transfer_group" }) {
            if (call.parameters().has(name)) {
                charge.put(name, call.parameters().text(name));
            }
        }
        call.parameters().metadata(charge);
        events.sendUpdate(call.account(), "charge.updated", charge, before);
        return charge;
    }

    private JsonObject create(String account, JsonObject intent, JsonObject method, String status, @Nullable Decline decline,
            boolean authenticated) {
        TestCard card = methods.card(method);
        long amount = intent.getLong("amount");
        JsonObject charge = blank(ids.next(card.isBankAccount() ? "py_" : "ch_"), amount, intent.getString("currency"));
        boolean failed = status.equals("failed");
        charge.put("amount_captured", failed ? 0 : amount).put("captured", !failed).put("paid", status.equals("succeeded"))
                .put("status", status).put("billing_details", method.getJsonObject("billing_details").copy())
                .put("failure_code", decline == null ? null : decline.code())
                .put("failure_message", decline == null ? null : decline.message()).put("outcome", outcome(decline))
                .put("payment_intent", intent.getString("id")).put("payment_method", method.getString("id"))
                .put("payment_method_details", details(method, card, amount, authenticated))
                .put("metadata", intent.getJsonObject("metadata").copy()).put("transfer_data", transferData(intent));
        for (String name : new String[] { "application_fee_amount", "customer", "description", "on_behalf_of", "receipt_email",
                "statement_descriptor", "statement_descriptor_suffix", "transfer_group" }) {
            charge.put(name, intent.getValue(name));
        }
        charge.put("calculated_statement_descriptor", "COACHPAY");
        state.add(account, charge);
        return charge;
    }

    private JsonObject blank(String id, long amount, String currency) {
        return Json.object("id", id, "object", "charge", "amount", amount, "amount_captured", 0, "amount_refunded", 0,
                "application",
                null, "application_fee", null, "application_fee_amount", null, "balance_transaction", null, "billing_details",
                Json.object("address", Json.noAddress(), "email", null, "name", null, "phone", null, "tax_id", null),
                "calculated_statement_descriptor", null, "captured", false, "created", clock.seconds(), "currency", currency,
                "customer", null, "description", null, "disputed", false, "failure_balance_transaction", null, "failure_code",
                null,
                "failure_message", null, "fraud_details", new JsonObject(), "livemode", false, "metadata", new JsonObject(),
                "on_behalf_of", null, "outcome", null, "paid", false, "payment_intent", null, "payment_method", null,
                "payment_method_details", null, "radar_options", new JsonObject(), "receipt_email",
                null, "receipt_number", null, "receipt_url", null, "refunded", false, "review", null, "shipping", null,
                "source",
                null, "source_transfer", null, "statement_descriptor", null, "statement_descriptor_suffix", null, "status",
                "pending", "transfer_data", null, "transfer_group", null);
    }

    private static @Nullable JsonObject transferData(JsonObject intent) {
        JsonObject data = intent.getJsonObject("transfer_data");
        return data == null ? null
                : Json.object("amount", data.getValue("amount"), "destination", data.getString("destination"));
    }

    private static JsonObject outcome(@Nullable Decline decline) {
        return Json.object("advice_code", decline == null ? null : "try_again_later", "network_advice_code", null,
                "network_decline_code", decline == null ? null : "01", "network_status",
                decline == null ? "approved_by_network" : "declined_by_network", "reason",
                decline == null || decline.declineCode().isEmpty() ? null : decline.declineCode(), "risk_level", "normal",
                "risk_score", 8, "seller_message",
                decline == null ? "Payment complete." : "The bank did not return any further details with this decline.",
                "type",
                decline == null ? "authorized" : "issuer_declined");
    }

    private static JsonObject details(JsonObject method, TestCard card, long amount, boolean authenticated) {
        if (card.isBankAccount()) {
            return Json.object("type", "us_bank_account", "us_bank_account", Json.object("account_holder_type", "individual",
                    "account_type", "checking", "bank_name", "STRIPE TEST BANK", "fingerprint",
                    CardNumbers.fingerprint(card.number()), "last4", card.last4(), "payment_reference", null, "routing_number",
                    "110000000"));
        }
        JsonObject held = method.getJsonObject("card");
        JsonObject secured = !authenticated ? null
                : Json.object("authentication_flow", "challenge", "electronic_commerce_indicator", "05", "exemption_indicator",
                        null,
                        "result", "authenticated", "result_reason", null, "transaction_id",
                        "5f62c5a0-e86e-4e5d-a1a6-6a5a8e2e3f4d",
                        "version", "2.2.0");
        return Json.object("card", Json.object("amount_authorized", amount, "authorization_code", null, "brand", card.brand(),
                "checks", held.getJsonObject("checks").copy(), "country", card.country(), "exp_month",
                held.getLong("exp_month"),
                "exp_year", held.getLong("exp_year"), "extended_authorization", Json.object("status", "disabled"),
                "fingerprint",
                held.getString("fingerprint"), "funding", held.getString("funding"), "incremental_authorization",
                Json.object("status", "unavailable"), "installments", null, "last4", card.last4(), "mandate", null,
                "multicapture",
                Json.object("status", "unavailable"), "network", card.brand(), "network_token", Json.object("used", false),
                "network_transaction_id", "104102978678771", "overcapture",
                Json.object("maximum_amount_capturable", amount, "status", "unavailable"), "regulated_status", "unregulated",
                "three_d_secure", secured, "transaction_link_id", null, "wallet", null), "type", "card");
    }
}
