package io.coachpay.sandbox;

import java.util.List;
import java.util.function.Predicate;

import io.vertx.core.json.JsonObject;

/**
 * Money from a balance to its owner's bank, on the platform and on connected accounts.
 *
 * @see <a href="https://docs.stripe.com/api/payouts">Stripe: payouts</a>
 */
final class Payouts {

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final BalanceTransactions transactions;
    private final ExternalAccounts banks;
    private final PayoutOutcomes outcomes;

    Payouts(State state, Ids ids, VirtualClock clock, Events events, BalanceTransactions transactions, ExternalAccounts banks,
            PayoutOutcomes outcomes) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.transactions = transactions;
        this.banks = banks;
        this.outcomes = outcomes;
    }

    void routes(Api api) {
        api.post("/v1/payouts", "amount! currency! description destination metadata* method payout_method source_type "
                + "statement_descriptor expand[]", this::create);
        api.get("/v1/payouts", Lists.PARAMETERS + "arrival_date* destination status", call -> Lists.page(call,
                state.all(call.account(), "payout"), Lists.equal(call, "destination", "status").and(arrival(call))));
        api.get("/v1/payouts/:id", "expand[]", call -> state.get(call.account(), "payout", call.id()));
        api.post("/v1/payouts/:id", "metadata* expand[]", this::update);
        api.post("/v1/payouts/:id/cancel", "expand[]", call -> {
            state.get(call.account(), "payout", call.id());
            return outcomes.cancel(call.id());
        });
    }

    private static Predicate<JsonObject> arrival(Call call) {
        return call.parameters().has("arrival_date") ? Lists.within(call.parameters(), "arrival_date") : payout -> true;
    }

    private JsonObject create(Call call) {
        Parameters parameters = call.parameters();
        String account = call.account();
        String currency = parameters.currency("currency");
        long amount = parameters.needInteger("amount");
        String method = parameters.oneOf("method", "standard", "instant");
        parameters.oneOf("source_type", "bank_account", "card", "fpx");
        requireEnabled(account);
        checkAmount(amount, currency);
        JsonObject bank = bank(account, currency, parameters);
        boolean instant = "instant".equals(method);
        if (instant && !ExternalAccounts.takesInstantly(bank)) {
            throw StripeError.invalid("instant_payouts_unsupported",
                    "The bank account or debit card you provided is not eligible for Instant Payouts.", "method");
        }
        if (instant && banks.instantly(bank, amount) < amount) {
            throw StripeError.invalid("instant_payouts_limit_exceeded",
                    "You have exceeded the limit of Instant Payouts for this account.", "amount");
        }
        if (transactions.funds(account, currency).available() < amount) {
            throw StripeError.balanceInsufficient("You have insufficient funds in your Stripe account for this transfer. Your"
                    + " card balance is too low. You can use the the /v1/balance endpoint to view your Stripe balance.");
        }
        JsonObject payout = blank(amount, currency, instant).put("destination", bank.getString("id"))
                .put("description", parameters.text("description"))
                .put("statement_descriptor", parameters.text("statement_descriptor"));
        parameters.metadata(payout);
        payout.put("balance_transaction", leaveBalance(account, payout));
        state.add(account, payout);
        events.send(account, "payout.created", payout);
        outcomes.follow(payout);
        return payout;
    }

    private void requireEnabled(String account) {
        JsonObject connected = state.find(State.PLATFORM, "account", account);
        if (connected != null && !connected.getBoolean("payouts_enabled")) {
            throw StripeError.invalid("payouts_not_allowed", "Cannot create payouts: this account has payouts disabled. Its"
                    + " outstanding requirements must be met first.", null);
        }
    }

    private static void checkAmount(long amount, String currency) {
        if (amount < 1) {
            throw StripeError.invalid("parameter_invalid_integer", "Invalid positive integer", "amount");
        }
        long unit = Currencies.payoutUnit(currency);
        if (amount % unit != 0) {
            throw StripeError.invalid("parameter_invalid_integer", "Invalid amount " + amount + " for payouts in " + currency
                    + ": it must be divisible by " + unit + ".", "amount");
        }
    }

    private JsonObject bank(String account, String currency, Parameters parameters) {
        String wanted = parameters.text("destination");
        JsonObject bank = wanted == null ? banks.inCurrency(account, currency) : banks.find(account, wanted);
        if (bank == null && wanted != null) {
            throw StripeError.noSuch("external account", wanted, "destination");
        }
        if (bank == null || !currency.equals(bank.getString("currency"))) {
            throw StripeError.invalid("Sorry, you don't have any external accounts in that currency (" + currency + ").",
                    "currency");
        }
        if (ExternalAccounts.isErrored(bank)) {
            throw StripeError.invalid("bank_account_unusable",
                    "The bank account provided cannot be used for payouts. A different bank account must be used.",
                    "destination");
        }
        return bank;
    }

    /** Takes the amount out of the balance at once; the fee of an instant payout is always billed to the platform. */
    private String leaveBalance(String account, JsonObject payout) {
        String currency = payout.getString("currency");
        long amount = payout.getLong("amount");
        String id = payout.getString("id");
        Movement out = transactions.move(currency);
        String transaction = out.enter(account, Movement.Line.of("payout", -amount, id, clock.seconds()).describedAs(
                "STRIPE PAYOUT"));
        out.outside(Movement.Outside.BANKS, amount).close();
        if (payout.getString("method").equals("instant")) {
            long fee = Rates.instantPayoutFee(amount, currency);
            Movement billed = transactions.move(currency);
            billed.enter(State.PLATFORM,
                    Movement.Line.of("stripe_fee", -fee, null, clock.seconds()).describedAs("Instant Payouts fee: " + id));
            billed.outside(Movement.Outside.STRIPE_FEES, fee).close();
        }
        return transaction;
    }

    private JsonObject update(Call call) {
        JsonObject payout = state.get(call.account(), "payout", call.id());
        JsonObject before = payout.copy();
        call.parameters().metadata(payout);
        events.sendUpdate(call.account(), "payout.updated", payout, before);
        return payout;
    }

    private JsonObject blank(long amount, String currency, boolean instant) {
        long now = clock.seconds();
        return Json.object("id", ids.next("po_"), "object", "payout", "amount", amount, "application_fee", null,
                "application_fee_amount", null, "arrival_date",
                now + (instant ? PayoutOutcomes.INSTANT_SECONDS : PayoutOutcomes.STANDARD_SECONDS), "automatic", false,
                "balance_transaction", null, "created", now, "currency", currency, "description", null, "destination", null,
                "failure_balance_transaction", null, "failure_code", null, "failure_message", null, "livemode", false,
                "metadata", new JsonObject(), "method", instant ? "instant" : "standard", "original_payout", null,
                "payout_method", null, "reconciliation_status", "not_applicable", "reversed_by", null, "source_type", "card",
                "statement_descriptor", null, "status", instant ? "in_transit" : "pending", "trace_id", null, "type",
                "bank_account");
    }

    /** Whether the money is on its way. */
    static boolean underWay(JsonObject payout) {
        return List.of("pending", "in_transit").contains(payout.getString("status"));
    }
}
