package io.coachpay.sandbox;

import io.vertx.core.json.JsonObject;

/**
 * The platform's fees, and their refunds.
 *
 * @see <a href="https://docs.stripe.com/api/application_fees">Stripe: application fees</a>
 */
final class ApplicationFees {

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final BalanceTransactions transactions;
    private final Accounts accounts;

    ApplicationFees(State state, Ids ids, VirtualClock clock, Events events, BalanceTransactions transactions,
            Accounts accounts) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.transactions = transactions;
        this.accounts = accounts;
    }

    void routes(Api api) {
        api.get("/v1/application_fees", Lists.PARAMETERS + "charge", call -> Lists.page(call,
                state.all(call.account(), "application_fee"), Lists.equal(call, "charge")));
        api.get("/v1/application_fees/:id", "expand[]", call -> state.get(call.account(), "application_fee", call.id()));
        api.get("/v1/application_fees/:id/refunds", Lists.PARAMETERS, call -> Lists.page(call,
                state.all(call.account(), "fee_refund"), refund -> call.id().equals(refund.getString("fee"))));
        api.get("/v1/application_fees/:id/refunds/:refund", "expand[]",
                call -> state.get(call.account(), "fee_refund", call.variable("refund")));
        api.post("/v1/application_fees/:id/refunds", "amount metadata* expand[]", this::refund);
    }

    /** Records a fee whose balance transaction exists already. */
    JsonObject take(String account, JsonObject charge, String payer, String payment, long amount, String transaction) {
        String id = state.notes(transaction).getString("fee");
        JsonObject fee = Json.object("id", id, "object", "application_fee", "account", payer, "amount", amount,
                "amount_refunded", 0,
                "application", transactions.application(), "balance_transaction", transaction, "charge", payment, "created",
                clock.seconds(), "currency", charge.getString("currency"), "fee_source",
                Json.object("charge", payment, "type", "charge"), "livemode", false, "originating_transaction",
                charge.getString("id"), "refunded", false, "refunds",
                Json.list("/v1/application_fees/" + id + "/refunds").put("total_count", 0));
        state.add(account, fee);
        events.send(account, "application_fee.created", fee);
        return fee;
    }

    static long left(JsonObject fee) {
        return fee.getLong("amount") - fee.getLong("amount_refunded");
    }

    /**
     * Records a fee refund as a part of the caller's movement: the platform gives here, the caller's line lets the account
     * receive.
     *
     * @return the refund; {@link #announce} follows when the movement is closed
     */
    JsonObject giveBack(String account, JsonObject fee, long amount, Parameters parameters, Movement movement, long available) {
        String id = ids.next("fr_");
        String transaction = movement.enter(account, Movement.Line.of("application_fee_refund", -amount, id, available));
        JsonObject refund = Json.object("id", id, "object", "fee_refund", "amount", amount, "balance_transaction", transaction,
                "created", clock.seconds(), "currency", fee.getString("currency"), "fee", fee.getString("id"), "metadata",
                new JsonObject());
        parameters.metadata(refund);
        state.add(account, refund);
        fee.put("amount_refunded", fee.getLong("amount_refunded") + amount);
        fee.put("refunded", left(fee) == 0);
        JsonObject refunds = fee.getJsonObject("refunds");
        refunds.getJsonArray("data").getList().add(0, refund.copy());
        refunds.put("total_count", refunds.getJsonArray("data").size());
        return refund;
    }

    /** Refuses to give anything to an account that has left the platform. */
    void requireReachable(JsonObject fee) {
        accounts.requireConnected(fee.getString("account"));
    }

    void announce(String account, JsonObject fee, JsonObject before) {
        events.sendUpdate(account, "application_fee.refunded", fee, before);
    }

    private JsonObject refund(Call call) {
        JsonObject fee = state.get(call.account(), "application_fee", call.id());
        requireReachable(fee);
        Long asked = call.parameters().integer("amount");
        long amount = asked == null ? left(fee) : asked;
        if (left(fee) == 0) {
            throw StripeError.invalid("Application fee " + call.id() + " has already been refunded.");
        }
        if (amount < 1 || amount > left(fee)) {
            throw StripeError.invalid(
                    "Refund amount (" + amount + ") is greater than unrefunded amount on fee (" + left(fee) + ")",
                    "amount");
        }
        return refund(call.account(), fee, amount, call.parameters());
    }

    /** Gives a fee back by itself: the account keeps what was transferred and gets this on top. */
    JsonObject refund(String account, JsonObject fee, long amount, Parameters parameters) {
        JsonObject before = fee.copy();
        long available = transactions.availableWith(account, fee.getString("balance_transaction"));
        Movement movement = transactions.move(fee.getString("currency"));
        JsonObject refund = giveBack(account, fee, amount, parameters, movement, available);
        movement.enter(fee.getString("account"),
                Movement.Line.of("application_fee_refund", amount, refund.getString("id"), available));
        movement.close();
        announce(account, fee, before);
        return refund;
    }
}
