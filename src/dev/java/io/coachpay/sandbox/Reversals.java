package io.coachpay.sandbox;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Reversals of transfers.
 *
 * @see <a href="https://docs.stripe.com/api/transfer_reversals">Stripe: transfer reversals</a>
 */
final class Reversals {

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final BalanceTransactions transactions;
    private final Accounts accounts;
    private final ApplicationFees fees;

    Reversals(State state, Ids ids, VirtualClock clock, Events events, BalanceTransactions transactions, Accounts accounts,
            ApplicationFees fees) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.transactions = transactions;
        this.accounts = accounts;
        this.fees = fees;
    }

    /**
     * A reversal to be made, in minor units.
     *
     * @param fee the platform's fee to give back with it, zero if it keeps it
     * @param refund its cause, or null
     */
    record Wish(long amount, long fee, @Nullable JsonObject refund, Parameters parameters) {
    }

    void routes(Api api) {
        api.post("/v1/transfers/:id/reversals", "amount description metadata* refund_application_fee expand[]", this::create);
        api.get("/v1/transfers/:id/reversals", Lists.PARAMETERS,
                call -> Lists.page(call, state.all(call.account(), "transfer_reversal"),
                        reversal -> call.id().equals(reversal.getString("transfer"))));
        api.get("/v1/transfers/:id/reversals/:reversal", "expand[]",
                call -> state.get(call.account(), "transfer_reversal", call.variable("reversal")));
    }

    static long left(JsonObject transfer) {
        return transfer.getLong("amount") - transfer.getLong("amount_reversed");
    }

    /** The fee of the charge that made the transfer, or null. */
    @Nullable
    JsonObject feeOf(String account, JsonObject transfer) {
        String charge = transfer.getString("source_transaction");
        JsonObject paid = charge == null ? null : state.find(account, "charge", charge);
        String fee = paid == null ? null : paid.getString("application_fee");
        return fee == null ? null : state.find(account, "application_fee", fee);
    }

    private JsonObject create(Call call) {
        JsonObject transfer = state.get(call.account(), "transfer", call.id());
        requireReachable(transfer);
        Long asked = call.parameters().integer("amount");
        long amount = asked == null ? left(transfer) : asked;
        if (left(transfer) == 0) {
            throw StripeError.invalid("Transfer " + call.id() + " is already fully reversed.");
        }
        if (amount < 1 || amount > left(transfer)) {
            throw StripeError.invalid("Reversal amount (" + amount + ") is greater than unreversed amount on transfer ("
                    + left(transfer) + ")", "amount");
        }
        requireFunds(transfer, amount);
        JsonObject fee = call.parameters().flag("refund_application_fee") ? feeOf(call.account(), transfer) : null;
        long share = fee == null ? 0
                : Math.min(ApplicationFees.left(fee),
                        Rates.proportional(fee.getLong("amount"), amount, transfer.getLong("amount"),
                                transfer.getString("currency")));
        return reverse(call.account(), transfer, new Wish(amount, share, null, call.parameters()));
    }

    /** Refuses to take anything from an account that has left the platform. */
    void requireReachable(JsonObject transfer) {
        accounts.requireConnected(transfer.getString("destination"));
    }

    /**
     * Refuses a reversal that would put an account below zero that must not go into debt.
     *
     * @param amount less the fee that it gets back with it
     */
    void requireFunds(JsonObject transfer, long amount) {
        String destination = transfer.getString("destination");
        BalanceTransactions.Funds funds = transactions.funds(destination, transfer.getString("currency"));
        if (state.notes(destination).getBoolean("stays_positive", false) && funds.pending() + funds.available() < amount) {
            throw StripeError.balanceInsufficient("Insufficient funds in the connected account to reverse this transfer.");
        }
    }

    /** Moves the money back and sends the events; the caller has checked the amounts. */
    JsonObject reverse(String account, JsonObject transfer, Wish wish) {
        JsonObject transferBefore = transfer.copy();
        JsonObject fee = wish.fee == 0 ? null : feeOf(account, transfer);
        JsonObject feeBefore = fee == null ? new JsonObject() : fee.copy();
        JsonObject reversal = move(account, transfer, fee, wish);
        transfer.put("amount_reversed", transfer.getLong("amount_reversed") + wish.amount);
        transfer.put("reversed", left(transfer) == 0);
        JsonObject reversals = transfer.getJsonObject("reversals");
        reversals.getJsonArray("data").getList().add(0, reversal.copy());
        reversals.put("total_count", reversals.getJsonArray("data").size());
        events.sendUpdate(account, "transfer.reversed", transfer, transferBefore);
        if (fee != null) {
            fees.announce(account, fee, feeBefore);
        }
        return reversal;
    }

    private JsonObject move(String account, JsonObject transfer, @Nullable JsonObject fee, Wish wish) {
        String id = ids.next("trr_");
        String destination = transfer.getString("destination");
        String paymentId = transfer.getString("destination_payment");
        JsonObject payment = state.get(destination, "charge", paymentId);
        long available = transactions.availableWith(destination, payment.getString("balance_transaction"));
        Movement movement = transactions.move(transfer.getString("currency"));
        String in = movement.enter(account, Movement.Line.of("transfer_refund", wish.amount, id,
                transactions.availableWith(account, transfer.getString("balance_transaction"))));
        JsonObject paymentRefund = paymentRefund(ids.next("pyr_"), payment, wish.amount, id);
        String out = movement.enter(destination, Movement.Line
                .of("payment_refund", -wish.amount, paymentRefund.getString("id"), available)
                .lessFee(-wish.fee, "application_fee"));
        if (fee != null) {
            fees.giveBack(account, fee, wish.fee, Parameters.NONE, movement, available);
        }
        movement.close();
        state.add(destination, paymentRefund.put("balance_transaction", out));
        payment.put("amount_refunded", payment.getLong("amount_refunded") + wish.amount);
        payment.put("refunded", payment.getLong("amount_refunded").equals(payment.getLong("amount")));
        JsonObject reversal = Json.object("id", id, "object", "transfer_reversal", "amount", wish.amount, "balance_transaction",
                in,
                "created", clock.seconds(), "currency", transfer.getString("currency"), "destination_payment_refund",
                paymentRefund.getString("id"), "metadata", new JsonObject(), "source_refund",
                wish.refund == null ? null : wish.refund.getString("id"), "transfer", transfer.getString("id"));
        wish.parameters.metadata(reversal);
        state.add(account, reversal);
        return reversal;
    }

    private JsonObject paymentRefund(String id, JsonObject payment, long amount, String reversal) {
        return Json.object("id", id, "object", "refund", "amount", amount, "balance_transaction", null, "charge",
                payment.getString("id"), "created", clock.seconds(), "currency", payment.getString("currency"), "customer",
                null,
                "customer_account", null, "metadata", new JsonObject(), "payment_intent", null, "payment_method", null,
                "reason",
                null, "receipt_number", null, "source_transfer_reversal", reversal, "status", "succeeded", "transfer_reversal",
                null);
    }
}
