package io.coachpay.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * An account's balance, and its settings: the schedule of payouts, and whether a negative balance is debited.
 *
 * @see <a href="https://docs.stripe.com/api/balance-settings">Stripe: balance settings</a>
 */
final class Balances {

    private final State state;
    private final Events events;
    private final BalanceTransactions transactions;
    private final ExternalAccounts banks;

    Balances(State state, Events events, BalanceTransactions transactions, ExternalAccounts banks) {
        this.state = state;
        this.events = events;
        this.transactions = transactions;
        this.banks = banks;
        transactions.onArrival(account -> events.send(account, "balance.available", balance(account)));
    }

    void routes(Api api) {
        api.get("/v1/balance", "expand[]", call -> balance(call.account()));
        api.get("/v1/balance_settings", "expand[]", call -> settings(call.account()));
        api.post("/v1/balance_settings", "expand[] payments{debit_negative_balances payouts{schedule{interval "
                + "monthly_payout_days[] weekly_payout_days[]} statement_descriptor minimum_balance_by_currency*} "
                + "settlement_timing{delay_days_override}}", this::updateSettings);
    }

    JsonObject balance(String account) {
        JsonArray available = new JsonArray();
        JsonArray pending = new JsonArray();
        JsonArray instant = new JsonArray();
        for (String currency : transactions.currencies(account)) {
            BalanceTransactions.Funds funds = transactions.funds(account, currency);
            available.add(amount(currency, funds.available()));
            pending.add(amount(currency, funds.pending()));
            JsonObject bank = banks.inCurrency(account, currency);
            if (bank != null && ExternalAccounts.takesInstantly(bank)) {
                instant.add(amount(currency, banks.instantly(bank, Math.max(0, funds.available()))));
            }
        }
        if (available.isEmpty()) {
            // Stripe never answers an empty list, but a zero in the account's own currency
            available.add(amount(defaultCurrency(account), 0));
            pending.add(amount(defaultCurrency(account), 0));
        }
        JsonObject balance = Json.object("object", "balance", "available", available);
        if (account.equals(State.PLATFORM)) {
            JsonArray reserved = new JsonArray();
            Json.objects(available)
                    .forEach(each -> reserved.add(Json.object("amount",
                            transactions.reserved(account, each.getString("currency")), "currency",
                            each.getString("currency"))));
            balance.put("connect_reserved", reserved);
        }
        if (!instant.isEmpty()) {
            balance.put("instant_available", instant);
        }
        return balance.put("livemode", false).put("pending", pending)
                .put("refund_and_dispute_prefunding", Json.object("available", new JsonArray(), "pending", new JsonArray()));
    }

    JsonObject settings(String account) {
        JsonObject notes = state.notes(account);
        if (!notes.containsKey("balance_settings")) {
            notes.put("balance_settings", Json.object("object", "balance_settings", "payments",
                    Json.object("debit_negative_balances", true, "payouts",
                            Json.object("automatic_transfer_rules_by_currency", null, "minimum_balance_by_currency", null,
                                    "schedule", Json.object("interval", "daily"), "statement_descriptor", null, "status",
                                    "enabled"),
                            "settlement_timing", Json.object("delay_days", 2, "start_of_day", null))));
        }
        return notes.getJsonObject("balance_settings");
    }

    private JsonObject updateSettings(Call call) {
        JsonObject settings = settings(call.account());
        JsonObject before = settings.copy();
        Parameters sent = call.parameters().nested("payments");
        JsonObject payments = settings.getJsonObject("payments");
        if (sent.has("debit_negative_balances")) {
            payments.put("debit_negative_balances", sent.flag("debit_negative_balances"));
        }
        Parameters payouts = sent.nested("payouts");
        if (payouts.has("statement_descriptor")) {
            payments.getJsonObject("payouts").put("statement_descriptor", payouts.text("statement_descriptor"));
        }
        if (payouts.has("schedule")) {
            payments.getJsonObject("payouts").put("schedule", schedule(payouts.nested("schedule")));
        }
        Long delay = sent.nested("settlement_timing").integer("delay_days_override");
        if (delay != null) {
            payments.getJsonObject("settlement_timing").put("delay_days", delay).put("delay_days_override", delay);
        }
        mirror(call.account(), payments);
        events.sendUpdate(call.account(), "balance_settings.updated", settings, before);
        return settings;
    }

    private static JsonObject schedule(Parameters sent) {
        String interval = sent.oneOf("interval", "manual", "daily", "weekly", "monthly");
        JsonObject schedule = Json.object("interval", interval == null ? "daily" : interval);
        if ("weekly".equals(interval)) {
            schedule.put("weekly_payout_days", new JsonArray(sent.texts("weekly_payout_days")));
        }
        if ("monthly".equals(interval)) {
            schedule.put("monthly_payout_days",
                    new JsonArray(sent.texts("monthly_payout_days").stream().map(Integer::valueOf).toList()));
        }
        return schedule;
    }

    /** Copies the settings into the account object, their older place. */
    private void mirror(String account, JsonObject payments) {
        JsonObject object = state.find(State.PLATFORM, "account", account);
        if (object == null) {
            return;
        }
        JsonObject payouts = object.getJsonObject("settings").getJsonObject("payouts");
        payouts.put("debit_negative_balances", payments.getBoolean("debit_negative_balances"));
        payouts.getJsonObject("schedule").put("interval",
                payments.getJsonObject("payouts").getJsonObject("schedule").getString("interval"));
    }

    private String defaultCurrency(String account) {
        JsonObject object = state.find(State.PLATFORM, "account", account);
        return object == null ? "usd" : object.getString("default_currency");
    }

    private static JsonObject amount(String currency, long amount) {
        return Json.object("amount", amount, "currency", currency, "source_types", Json.object("card", amount));
    }
}
