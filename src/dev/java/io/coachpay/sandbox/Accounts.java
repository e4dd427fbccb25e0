package io.coachpay.sandbox;

import java.util.List;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Connected accounts: created by the platform, onboarded by their owners, and left by them too.
 *
 * @see <a href="https://docs.stripe.com/api/accounts">Stripe: accounts</a>
 */
final class Accounts {

    private static final String FIELDS = "business_profile{annual_revenue* mcc monthly_estimated_revenue* name "
            + "product_description support_address* support_email support_phone support_url url estimated_worker_count} "
            + "business_type capabilities* default_currency email expand[] metadata* ";

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final Balances balances;
    private final BalanceTransactions transactions;
    private final ExternalAccounts banks;

    Accounts(State state, Ids ids, VirtualClock clock, Events events, Balances balances, BalanceTransactions transactions,
            ExternalAccounts banks) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.balances = balances;
        this.transactions = transactions;
        this.banks = banks;
    }

    void routes(Api api) {
        api.post("/v1/accounts", FIELDS + "country type controller{fees{payer} losses{payments} requirement_collection "
                + "stripe_dashboard{type}}", this::create);
        api.get("/v1/accounts", Lists.PARAMETERS, call -> Lists.page(call, state.all(State.PLATFORM, "account"),
                account -> !deauthorized(account.getString("id"))));
        api.get("/v1/account", "expand[]", call -> call.asPlatform() ? AccountObject.platform(clock.seconds())
                : get(call.account()));
        api.get("/v1/accounts/:id", "expand[]", call -> get(call.id()));
        api.post("/v1/accounts/:id", FIELDS, this::update);
        api.delete("/v1/accounts/:id", this::delete);
        api.post("/v1/accounts/:id/reject", "reason! expand[]", this::reject);
        api.get("/v1/accounts/:id/capabilities", "expand[]", this::capabilities);
        api.get("/v1/accounts/:id/capabilities/:capability", "expand[]",
                call -> capability(get(call.id()), call.variable("capability")));
        api.get("/v1/accounts/:id/external_accounts", "limit starting_after ending_before object expand[]",
                call -> get(call.id()).getJsonObject("external_accounts"));
    }

    /** The account, if it exists and has not left the platform. */
    JsonObject get(String id) {
        requireConnected(id);
        return state.get(State.PLATFORM, "account", id);
    }

    /** Refuses what Stripe refuses for an account that does not exist or has disconnected. */
    void requireConnected(String id) {
        if (state.find(State.PLATFORM, "account", id) == null || deauthorized(id)) {
            throw StripeError.status(403, "invalid_request_error", "account_invalid", "The provided key does not have access to"
                    + " account '" + id + "' (or that account does not exist). Application access may have been revoked.");
        }
    }

    boolean deauthorized(String id) {
        return state.notes(id).getBoolean("deauthorized", false);
    }

    /**
     * The account that is to receive money; refused unless its transfers capability is active.
     *
     * @param param that names it, for the error
     */
    JsonObject requireDestination(String id, String param) {
        JsonObject account = state.find(State.PLATFORM, "account", id);
        if (account == null || deauthorized(id)) {
            throw StripeError.invalid("resource_missing", "No such destination: '" + id + "'", param);
        }
        if (!"active".equals(account.getJsonObject("capabilities").getString("transfers"))) {
            throw StripeError.invalid("insufficient_capabilities_for_transfer",
                    "Your destination account needs to have at least"
                            + " one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments",
                    param);
        }
        return account;
    }

    /**
     * The account that a payment is for: its country must be in reach of its fee, and of the platform unless the payment is
     * made on behalf of the account.
     *
     * @param payment the payment's parameters
     * @param param that names the account, for the error
     */
    void requirePayable(Parameters payment, String id, String param) {
        JsonObject account = requireDestination(id, param);
        Long fee = payment.integer("application_fee_amount");
        if (fee != null && fee > 0) {
            Countries.checkFee(account);
        }
        if (!id.equals(payment.text("on_behalf_of"))) {
            Countries.checkTransfer(account, param);
        }
    }

    /** Completes the hosted onboarding: everything required is given, and the account can be paid. */
    JsonObject completeOnboarding(String id) {
        JsonObject account = get(id);
        JsonObject before = account.copy();
        account.put("details_submitted", true).put("charges_enabled", true).put("payouts_enabled", true);
        account.put("requirements", AccountObject.requirements(List.of(), List.of(), null));
        account.put("business_type", "individual");
        boolean firstTime = account.getJsonObject("external_accounts").getJsonArray("data").isEmpty();
        if (firstTime) {
            banks.add(account, account.getString("default_currency"));
        }
        setCapabilities(account, "active");
        events.sendUpdate(id, "account.updated", account, before);
        return account;
    }

    /**
     * Makes requirements due again.
     *
     * @param disabled whether they are overdue already, so that the account can neither be charged for nor paid out
     */
    JsonObject require(String id, List<String> currentlyDue, boolean disabled) {
        JsonObject account = get(id);
        JsonObject before = account.copy();
        account.put("requirements", AccountObject.requirements(currentlyDue, disabled ? currentlyDue : List.of(),
                disabled ? null : clock.seconds() + 14L * 24 * 60 * 60));
        if (disabled) {
            account.put("charges_enabled", false).put("payouts_enabled", false);
            setCapabilities(account, "inactive");
        }
        events.sendUpdate(id, "account.updated", account, before);
        return account;
    }

    /** Sets whether reversals may leave the account in debt; they may by default. */
    JsonObject allowDebt(String id, boolean allowed) {
        get(id);
        state.notes(id).put("stays_positive", !allowed);
        return Json.object("id", id, "allowed", allowed);
    }

    /** Adds, changes or removes the account's bank account of a currency, as its owner. */
    JsonObject changeBank(String id, JsonObject wanted) {
        JsonObject account = get(id);
        JsonObject before = account.copy();
        String currency = wanted.getString("currency", account.getString("default_currency"));
        JsonObject bank = wanted.getBoolean("remove", false) ? banks.remove(account, currency)
                : banks.change(account, currency, wanted);
        events.sendUpdate(id, "account.updated", account, before);
        return bank;
    }

    /**
     * Disconnects the account, as its owner in their own dashboard. From then on the platform can neither act for it, nor take
     * anything back from it, nor give it anything.
     */
    JsonObject deauthorize(String id) {
        get(id);
        state.notes(id).put("deauthorized", true);
        JsonObject application = Json.object("id", transactions.application(), "object", "application", "name", "coachpay");
        events.send(id, "account.application.deauthorized", application);
        return Json.object("id", id, "deauthorized", true);
    }

    /**
     * Connects the account again, as its owner or Stripe.
     *
     * @param told whether an event reports it
     */
    JsonObject reconnect(String id, boolean told) {
        JsonObject account = state.get(State.PLATFORM, "account", id);
        if (state.notes(id).getBoolean("deleted", false)) {
            throw StripeError.invalid("Account " + id + " was deleted.", "id");
        }
        state.notes(id).put("deauthorized", false);
        if (told) {
            events.send(id, "account.updated", account);
        }
        return Json.object("id", id, "deauthorized", false);
    }

    private JsonObject create(Call call) {
        Parameters parameters = call.parameters();
        parameters.oneOf("type", "custom", "express", "standard");
        if (parameters.has("type") && parameters.has("controller")) {
            throw StripeError.invalid("You may not provide the `type` and `controller` parameters together.", "type");
        }
        JsonObject account = AccountObject.create(ids.next("acct_"), clock.seconds(), parameters);
        state.add(State.PLATFORM, account);
        String id = account.getString("id");
        requestCapabilities(account, parameters);
        balances.settings(id);
        return account;
    }

    private JsonObject update(Call call) {
        JsonObject account = get(call.id());
        JsonObject before = account.copy();
        AccountObject.apply(account, call.parameters());
        requestCapabilities(account, call.parameters());
        events.sendUpdate(call.id(), "account.updated", account, before);
        return account;
    }

    private JsonObject delete(Call call) {
        get(call.id());
        for (String currency : transactions.currencies(call.id())) {
            BalanceTransactions.Funds funds = transactions.funds(call.id(), currency);
            if (funds.pending() != 0 || funds.available() != 0) {
                throw StripeError.invalid("This account cannot be deleted because its balance is not zero.");
            }
        }
        state.notes(call.id()).put("deauthorized", true).put("deleted", true);
        return Json.object("id", call.id(), "object", "account", "deleted", true);
    }

    private JsonObject reject(Call call) {
        JsonObject account = get(call.id());
        JsonObject before = account.copy();
        String reason = call.parameters().oneOf("reason", "fraud", "other", "terms_of_service");
        account.put("charges_enabled", false).put("payouts_enabled", false);
        account.getJsonObject("requirements").put("disabled_reason",
                "rejected." + (reason == null || reason.equals("fraud") ? "fraud" : reason));
        setCapabilities(account, "inactive");
        events.sendUpdate(call.id(), "account.updated", account, before);
        return account;
    }

    private void requestCapabilities(JsonObject account, Parameters parameters) {
        JsonObject requested = parameters.nested("capabilities").json();
        for (String name : requested.fieldNames()) {
            boolean wanted = parameters.nested("capabilities").nested(name).flag("requested");
            JsonObject capabilities = account.getJsonObject("capabilities");
            if (wanted && !capabilities.containsKey(name)) {
                capabilities.put(name, account.getBoolean("charges_enabled") ? "active" : "inactive");
                state.notes(account.getString("id")).put("requested:" + name, clock.seconds());
            }
            if (!wanted) {
                capabilities.remove(name);
            }
        }
    }

    private void setCapabilities(JsonObject account, String status) {
        JsonObject capabilities = account.getJsonObject("capabilities");
        for (String name : List.copyOf(capabilities.fieldNames())) {
            if (!status.equals(capabilities.getString(name))) {
                JsonObject before = capability(account, name);
                capabilities.put(name, status);
                events.sendUpdate(account.getString("id"), "capability.updated", capability(account, name), before);
            }
        }
    }

    private JsonObject capabilities(Call call) {
        JsonObject account = get(call.id());
        JsonArray all = new JsonArray();
        account.getJsonObject("capabilities").fieldNames().forEach(name -> all.add(capability(account, name)));
        return Json.list(call.path(), all);
    }

    private JsonObject capability(JsonObject account, String name) {
        String status = account.getJsonObject("capabilities").getString(name);
        if (status == null) {
            throw StripeError.noSuch("capability", name);
        }
        JsonObject requirements = account.getJsonObject("requirements").copy();
        if (requirements.getValue("disabled_reason") != null) {
            requirements.put("disabled_reason", "requirements.fields_needed");
        }
        return Json.object("id", name, "object", "capability", "account", account.getString("id"), "future_requirements",
                AccountObject.requirements(List.of(), List.of(), null), "requested", true, "requested_at",
                state.notes(account.getString("id")).getLong("requested:" + name), "requirements",
                requirements, "status", status);
    }
}
