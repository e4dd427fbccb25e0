package io.coachpay.sandbox;

import org.jspecify.annotations.Nullable;

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
    private final Prices prices;
    private final String base;

    /** @param base the address of the hosted pages, without a slash at its end */
    CheckoutCreation(State state, Ids ids, VirtualClock clock, Customers customers, Accounts accounts, SetupIntents setups,
            Products products, Prices prices, String base) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.customers = customers;
        this.accounts = accounts;
        this.setups = setups;
        this.products = products;
        this.prices = prices;
        this.base = base;
    }

    void routes(Api api) {
        api.post("/v1/checkout/sessions", LineItems.PARAMETERS + "mode! success_url cancel_url customer customer_email "
                + "customer_creation client_reference_id currency expires_at metadata* locale submit_type ui_mode return_url "
                + "payment_intent_data{" + INTENT_DATA + "} setup_intent_data{description metadata* on_behalf_of} "
                + "excluded_payment_method_types[] payment_method_types[] payment_method_options* billing_address_collection "
                + "adaptive_pricing{enabled} allow_promotion_codes automatic_tax{enabled} custom_text* customer_update* "
                + "invoice_creation{enabled} phone_number_collection{enabled} saved_payment_method_options* "
                + "payment_method_collection subscription_data{" + Subscriptions.DATA + "} tax_id_collection{enabled} "
                + "expand[]", this::create);
    }

    private JsonObject create(Call call) {
        Parameters parameters = call.parameters();
        String mode = parameters.oneOf("mode", "payment", "setup", "subscription");
        CheckoutRules.check(parameters);
        Addresses.check(parameters, "customer_email");
        Addresses.check(parameters.nested("payment_intent_data"), "receipt_email");
        String customer = parameters.text("customer");
        JsonObject known = customer == null ? null : customers.require(call.account(), customer, "customer");
        CheckoutRules.checkTax(parameters, known);
        long expires = CheckoutRules.expiry(parameters, clock.seconds(), SHORTEST_SECONDS, LONGEST_SECONDS);
        String id = ids.next("cs_test_");
        JsonObject session = CheckoutObject.create(id, String.valueOf(mode), clock.seconds(), expires, parameters);
        session.put("url", base + "/c/pay/" + id);
        if ("payment".equals(mode)) {
            sell(call.account(), session, parameters);
        } else if ("subscription".equals(mode)) {
            subscribe(call.account(), session, parameters, known);
        } else {
            JsonObject setup = setups.create(call.account(), CheckoutRules.setupData(parameters));
            state.notes(setup.getString("id")).put("checkout", id);
            session.put("setup_intent", setup.getString("id")).put("payment_status", "no_payment_required");
        }
        state.add(call.account(), session);
        clock.schedule(expires, "checkout.expires", id);
        return session;
    }

    private void subscribe(String account, JsonObject session, Parameters parameters, @Nullable JsonObject customer) {
        JsonArray items = LineItems.create(account, parameters, products, prices, ids, clock.seconds());
        if (items.size() != 1 || Json.objects(items).get(0).getJsonObject("price").getJsonObject("recurring") == null) {
            throw StripeError.invalid("You must provide one recurring price in `subscription` mode.", "line_items");
        }
        Parameters data = parameters.nested("subscription_data");
        SubscriptionRules.check(data);
        boolean trial = data.has("trial_end") || data.has("trial_period_days");
        if (customer != null) {
            customers.requireCurrency(customer, items.getJsonObject(0).getString("currency"));
        }
        if (trial) {
            Json.objects(items).forEach(item -> item.put("amount_subtotal", 0).put("amount_total", 0));
        }
        price(session, items, parameters, customer);
        if (!trial) {
            Currencies.checkChargeable(session.getLong("amount_total"), session.getString("currency"), "line_items");
        }
        state.notes(session.getString("id")).put("line_items", items).put("subscription_data", CheckoutRules.encode(data));
    }

    /** Adds up the items, with tax if that is asked for. */
    private static void price(JsonObject session, JsonArray items, Parameters parameters, @Nullable JsonObject customer) {
        long subtotal = LineItems.total(items);
        boolean taxed = parameters.nested("automatic_tax").flag("enabled");
        long tax = 0;
        long added = 0;
        for (JsonObject item : Json.objects(items)) {
            Taxes.Tax its = Taxes.on(taxed ? item.getLong("amount_total") : 0,
                    item.getString("currency"),
                    item.getJsonObject("price").getString("tax_behavior"),
                    customer == null ? "none" : customer.getString("tax_exempt"));
            item.put("amount_tax", its.amount()).put("amount_total", item.getLong("amount_total") + its.added());
            tax += its.amount();
            added += its.added();
        }
        session.put("amount_subtotal", subtotal).put("amount_total", subtotal + added)
                .put("currency", Json.objects(items).get(0).getString("currency"))
                .put("automatic_tax", Json.object("enabled", taxed, "liability", taxed ? Json.object("type", "self") : null,
                        "provider", taxed ? "stripe" : null, "status", taxed ? "complete" : null))
                .put("total_details", Json.object("amount_discount", 0, "amount_shipping", 0, "amount_tax", tax));
    }

    private void sell(String account, JsonObject session, Parameters parameters) {
        JsonArray items = LineItems.create(account, parameters, products, prices, ids, clock.seconds());
        if (Json.objects(items).stream().anyMatch(item -> item.getJsonObject("price").getJsonObject("recurring") != null)) {
            throw StripeError.invalid("You specified `payment` mode but passed a recurring price. Either switch to"
                    + " `subscription` mode or use only one-time prices.", "line_items");
        }
        JsonObject customer = session.getString("customer") == null ? null
                : state.get(account, "customer", session.getString("customer"));
        price(session, items, parameters, customer);
        String currency = session.getString("currency");
        long total = session.getLong("amount_total");
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
        boolean debits = currency.equals("usd") && !parameters.has("payment_method_types")
                && !parameters.texts("excluded_payment_method_types").contains("us_bank_account");
        if (debits) {
            session.getJsonArray("payment_method_types").add("us_bank_account");
        }
        state.notes(session.getString("id")).put("line_items", items).put("intent_data", CheckoutRules.encode(data)).put(
                "bank_debits",
                debits);
    }
}
