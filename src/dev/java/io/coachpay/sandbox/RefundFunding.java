package io.coachpay.sandbox;

import java.util.List;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Finds the money of a refund: the balance of the account that took the payment, its pending part included, and the reversal's
 * amount. Without enough of it the refund waits for funds, or is refused if set so (verify which of the two Stripe does for
 * whom). Waiting refunds are paid in the order of their requests, and none overtakes another (verify).
 *
 * @see <a href="https://docs.stripe.com/refunds">Stripe: refunds</a>
 */
final class RefundFunding {

    static final String WAITS = "insufficient_funds";

    private static final String REFUSES = "refuses_unfunded_refunds";

    private static final String QUEUE = "refunds_without_funds";

    private final State state;
    private final BalanceTransactions transactions;

    RefundFunding(State state, BalanceTransactions transactions) {
        this.state = state;
        this.transactions = transactions;
    }

    /** Sets whether refunds without funds are refused from now on, as Stripe does with some accounts, or wait. */
    JsonObject refuse(boolean refuses) {
        state.notes(State.PLATFORM).put(REFUSES, refuses);
        return Json.object("refused", refuses);
    }

    /**
     * Whether a refund can be paid at once.
     *
     * @param back the reversal's amount, in minor units; the fee that goes back with it may drive the balance below zero
     * @throws StripeError when it cannot and must not wait
     */
    boolean covers(String account, String currency, long amount, long back) {
        if (has(account, currency) + back >= amount) {
            return true;
        }
        if (state.notes(State.PLATFORM).getBoolean(REFUSES, false)) {
            throw StripeError.balanceInsufficient(
                    "Insufficient funds in your Stripe balance to refund this amount. Add funds to your balance first.");
        }
        return false;
    }

    /** Whether a waiting refund can be paid now; its reversal has been made. */
    boolean covers(String account, JsonObject refund) {
        return has(account, refund.getString("currency")) >= refund.getLong("amount");
    }

    /** Takes the money out of the balance. Returns the balance transaction's id. */
    String pay(String account, JsonObject refund, long availableOn) {
        long amount = refund.getLong("amount");
        Movement movement = transactions.move(refund.getString("currency"));
        String transaction = movement.enter(account,
                Movement.Line.of("refund", -amount, refund.getString("id"), availableOn));
        movement.outside(Movement.Outside.PAYERS, amount).close();
        refund.put("balance_transaction", transaction);
        return transaction;
    }

    /** Records that a refund waits for funds. */
    void await(String account, JsonObject refund) {
        refund.put("pending_reason", WAITS);
        queue(account).add(refund.getString("id"));
    }

    /** Refunds that wait, the oldest first. */
    List<String> waiting(String account) {
        return Json.strings(queue(account).copy());
    }

    void waitsNoMore(String account, String id) {
        queue(account).remove(id);
    }

    private JsonArray queue(String account) {
        JsonObject notes = state.notes(account);
        if (!notes.containsKey(QUEUE)) {
            notes.put(QUEUE, new JsonArray());
        }
        return notes.getJsonArray(QUEUE);
    }

    private long has(String account, String currency) {
        BalanceTransactions.Funds funds = transactions.funds(account, currency);
        return funds.pending() + funds.available();
    }
}
