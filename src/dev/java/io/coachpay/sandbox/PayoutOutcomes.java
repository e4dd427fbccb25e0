package io.coachpay.sandbox;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Steps of a payout: it leaves, arrives, is canceled before it leaves, or comes back, possibly days after it arrived.
 *
 * @see <a href="https://docs.stripe.com/payouts">Stripe: receive payouts</a>
 */
final class PayoutOutcomes {

    /** The time until a standard payout arrives, and the time it waits for its batch first, in which it can be canceled. */
    static final long STANDARD_SECONDS = 2 * 24 * 60 * 60;
    static final long BATCH_SECONDS = 12 * 60 * 60;
    static final long INSTANT_SECONDS = 30 * 60;

    private static final Map<String, String> FAILURES = Map.of("account_closed", "The bank account has been closed.",
            "account_frozen", "The bank account has been frozen.", "no_account",
            "The bank account details on file are probably incorrect. No bank account could be located with those details.",
            "could_not_process", "The bank could not process this payout.", "debit_not_authorized",
            "Debit transactions are not approved on your bank account.", "invalid_currency",
            "The bank was unable to process this payout because of its currency.", "declined",
            "The bank has declined this transfer.");

    private final State state;
    private final VirtualClock clock;
    private final Events events;
    private final BalanceTransactions transactions;
    private final ExternalAccounts banks;

    PayoutOutcomes(State state, VirtualClock clock, Events events, BalanceTransactions transactions, ExternalAccounts banks) {
        this.state = state;
        this.clock = clock;
        this.events = events;
        this.transactions = transactions;
        this.banks = banks;
        // a test may have concluded it by then
        clock.define("payout.leaves", id -> {
            if (find(id).getString("status").equals("pending")) {
                leave(id);
            }
        });
        clock.define("payout.arrives", id -> {
            if (Payouts.underWay(find(id))) {
                arrive(id);
            }
        });
    }

    void follow(JsonObject payout) {
        String id = payout.getString("id");
        if (payout.getString("status").equals("pending")) {
            clock.schedule(payout.getLong("created") + BATCH_SECONDS, "payout.leaves", id);
        }
        clock.schedule(payout.getLong("arrival_date"), "payout.arrives", id);
    }

    /** Completes the payout: the bank has the money. */
    JsonObject pay(String id) {
        JsonObject payout = find(id);
        if (!Payouts.underWay(payout)) {
            throw StripeError.invalid("Payout " + id + " is not under way but " + payout.getString("status") + ".");
        }
        JsonObject before = payout.copy();
        payout.put("status", "paid").put("trace_id",
                Json.object("status", "supported", "value", "TRACE" + id.substring(3, 15)));
        tell(payout, before, "payout.paid");
        return payout;
    }

    /**
     * Returns the payout, as the bank: the money is in the balance again.
     *
     * @param code the reason, as Stripe names it; null for a closed account
     */
    JsonObject fail(String id, @Nullable String code) {
        JsonObject payout = find(id);
        if (!Payouts.underWay(payout) && !payout.getString("status").equals("paid")) {
            throw StripeError.invalid("Payout " + id + " cannot fail, it is " + payout.getString("status") + ".");
        }
        String reason = code == null ? "account_closed" : code;
        String message = FAILURES.get(reason);
        if (message == null) {
            throw StripeError.invalid("code must be one of " + String.join(", ", FAILURES.keySet()), "code");
        }
        JsonObject before = payout.copy();
        payout.put("status", "failed").put("failure_code", reason).put("failure_message", message)
                .put("failure_balance_transaction", comeBack(payout, "payout_failure"));
        tell(payout, before, "payout.failed");
        banks.returned(owner(id), payout.getString("destination"));
        return payout;
    }

    JsonObject cancel(String id) {
        JsonObject payout = find(id);
        if (!payout.getString("status").equals("pending")) {
            throw StripeError.invalid("Payouts can only be canceled while they are pending; " + id + " is "
                    + payout.getString("status") + ".");
        }
        JsonObject before = payout.copy();
        payout.put("status", "canceled").put("failure_balance_transaction", comeBack(payout, "payout_cancel"));
        tell(payout, before, "payout.canceled");
        return payout;
    }

    private void leave(String id) {
        JsonObject payout = find(id);
        JsonObject before = payout.copy();
        payout.put("status", "in_transit");
        events.sendUpdate(owner(id), "payout.updated", payout, before);
    }

    private void arrive(String id) {
        String failure = banks.failure(find(id).getString("destination"));
        if (failure == null) {
            pay(id);
            return;
        }
        fail(id, failure);
    }

    private String comeBack(JsonObject payout, String type) {
        String id = payout.getString("id");
        long amount = payout.getLong("amount");
        Movement movement = transactions.move(payout.getString("currency"));
        String transaction = movement.enter(owner(id), Movement.Line.of(type, amount, id, clock.seconds()));
        movement.outside(Movement.Outside.BANKS, -amount).close();
        return transaction;
    }

    private void tell(JsonObject payout, JsonObject before, String type) {
        String account = owner(payout.getString("id"));
        events.sendUpdate(account, "payout.updated", payout, before);
        events.send(account, type, payout);
    }

    private JsonObject find(String id) {
        return state.get(owner(id), "payout", id);
    }

    private String owner(String id) {
        String owner = state.owner(id);
        if (owner == null) {
            throw StripeError.noSuch("payout", id);
        }
        return owner;
    }
}
