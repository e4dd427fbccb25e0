package io.coachpay.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Opens Checkout Sessions. */
final class CheckoutCreation {

    private static final long SHORTEST_SECONDS = 30 * 60;
    private static final long LONGEST_SECONDS = 24 * 60 * 60;
    private static final String INTENT_DATA = "application_fee_amount description metadata* on_behalf_of receipt_email "
            + "setup_future_usage statement_descriptor statement_descriptor_suffix transfer_group capture_method "
            + "transfer_data{destination! amount} ";

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Customers customers;
    private final Accounts accounts;
    private final SetupIntents setups;
    private final Products products;
    private final String base;

    /** @param base the address of the hosted pages, without a slash at its end */
    CheckoutCreation(State state, Ids ids, VirtualClock clock, Customers customers, Accounts accounts, SetupIntents setups,
            Products products, String base) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.customers = customers;
        this.accounts = accounts;
        this.setups = setups;
        this.products = products;
        this.base = base;
    }

    void routes(Api api) {
        api.post("/v1/checkout/sessions", LineItems.PARAMETERS + "mode! success_url cancel_url customer customer_email "
                + "customer_creation client_reference_id currency expires_at metadata* locale submit_type ui_mode return_url "
                + "payment_intent_data{" + INTENT_DATA + "} setup_intent_data{description metadata* on_behalf_of} "
                + "excluded_payment_method_types[] payment_method_types[] payment_method_options* billing_address_collection "
                + "adaptive_pricing{enabled} allow_promotion_codes automatic_tax{enabled} custom_text* customer_update* "
                + "invoice_creation{enabled} phone_number_collection{enabled} saved_payment_method_options* "
                + "payment_method_collection expand[]", this::create);
    }

    private JsonObject create(Call call) {
        Parameters parameters = call.parameters();
        String mode = parameters.oneOf("mode", "payment", "setup");
        CheckoutRules.check(parameters);
        Addresses.check(parameters, "customer_email");
        Addresses.check(parameters.nested("payment_intent_data"), "receipt_email");
        String customer = parameters.text("customer");
        if (customer != null) {
            customers.require(call.account(), customer, "customer");
        }
        long expires = CheckoutRules.expiry(parameters, clock.seconds(), SHORTEST_SECONDS, LONGEST_SECONDS);
        String id = ids.next("cs_test_");
        JsonObject session = CheckoutObject.create(id, String.valueOf(mode), clock.seconds(), expires, parameters);
        session.put("url", base + "/c/pay/" + id);
        if ("payment".equals(mode)) {
            sell(call.account(), session, parameters);
        } else {
            JsonObject setup = setups.create(call.account(), CheckoutRules.setupData(parameters));
            state.notes(setup.getString("id")).put("checkout", id);
            session.put("setup_intent", setup.getString("id")).put("payment_status", "no_payment_required");
        }
        state.add(call.account(), session);
        clock.schedule(expires, "checkout.expires", id);
        return session;
    }

    private void sell(String account, JsonObject session, Parameters parameters) {
        JsonArray items = LineItems.create(account, parameters, products, ids, clock.seconds());
        String currency = Json.objects(items).get(0).getString("currency");
        long total = LineItems.total(items);
        Currencies.checkChargeable(total, currency, "line_items");
        Parameters data = parameters.nested("payment_intent_data");
        String destination = data.nested("transfer_data").text("destination");
        if (destination != null) {
            accounts.requirePayable(data, destination, "payment_intent_data[transfer_data][destination]");
        }
        Long fee = data.integer("application_fee_amount");
        if (fee != null && (fee < 0 || fee > total)) {
            throw StripeError.invalid("The application fee cannot be greater than the total charge amount.",
                    "payment_intent_data[application_fee_amount]");
        }
        session.put("amount_subtotal", total).put("amount_total", total).put("currency", currency).put("total_details",
                Json.object("amount_discount", 0, "amount_shipping", 0, "amount_tax", 0));
        boolean debits = currency.equals("usd") && !parameters.has("payment_method_types")
                && !parameters.texts("excluded_payment_method_types").contains("us_bank_account");
        if (debits) {
            session.getJsonArray("payment_method_types").add("us_bank_account");
        }
        if ("enabled".equals(parameters.nested("saved_payment_method_options").text("payment_method_save"))) {
            session.put("saved_payment_method_options",
                    Json.object("allow_redisplay_filters", Json.array("always"), "payment_method_save", "enabled"));
        }
        state.notes(session.getString("id")).put("line_items", items).put("intent_data", CheckoutRules.encode(data)).put(
                "bank_debits",
                debits);
    }
}
