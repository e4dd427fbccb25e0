package io.coachpay.sandbox;

import io.vertx.core.json.JsonObject;

/** Steps of a refund after its creation: it arrives, pends, or comes back long after it seemed done. */
final class RefundOutcomes {

    /** The seconds until a refund of the documented test cards succeeds or fails. */
    private static final long SLOW_SECONDS = 60 * 60;

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final BalanceTransactions transactions;
    private final PaymentMethods methods;
    private final RefundFunding funding;

    RefundOutcomes(State state, Ids ids, VirtualClock clock, Events events, BalanceTransactions transactions,
            PaymentMethods methods, RefundFunding funding) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.transactions = transactions;
        this.methods = methods;
        this.funding = funding;
        transactions.onArrival(this::payWhatWaits);
        // a test may have ended it by then
        clock.define("refund.succeeds", id -> {
            if (find(id).getString("status").equals("pending")) {
                succeed(id);
            }
        });
        clock.define("refund.fails", id -> {
            if (!find(id).getString("status").equals("failed")) {
                fail(id);
            }
        });
    }

    /** Completes a pending refund: it reaches the payer. */
    JsonObject succeed(String id) {
        JsonObject refund = find(id);
        if (!"pending".equals(refund.getString("status"))) {
            throw StripeError.invalid("Refund " + id + " is not pending but " + refund.getString("status") + ".");
        }
        JsonObject before = refund.copy();
        if (refund.getString("balance_transaction") == null) {
            funding.pay(owner(id), refund, clock.seconds());
        }
        refund.put("status", "succeeded").remove("pending_reason");
        tellUpdate(owner(id), refund, before);
        return refund;
    }

    /** Pays waiting refunds from new funds, the oldest first. */
    private void payWhatWaits(String account) {
        for (String id : funding.waiting(account)) {
            JsonObject refund = find(id);
            boolean waits = RefundFunding.WAITS.equals(refund.getString("pending_reason"));
            if (waits && !funding.covers(account, refund)) {
                return;
            }
            funding.waitsNoMore(account, id);
            if (waits) {
                succeed(id);
            }
        }
    }

    /** Fails a refund, possibly long after it succeeded. Stripe returns the amount to the platform, and nothing else. */
    JsonObject fail(String id) {
        JsonObject refund = find(id);
        if ("failed".equals(refund.getString("status"))) {
            throw StripeError.invalid("Refund " + id + " has failed already.");
        }
        String account = owner(id);
        JsonObject before = refund.copy();
        long amount = refund.getLong("amount");
        if (refund.getString("balance_transaction") != null) {
            Movement movement = transactions.move(refund.getString("currency"));
            refund.put("failure_balance_transaction",
                    movement.enter(account, Movement.Line.of("refund_failure", amount, id, clock.seconds())));
            movement.outside(Movement.Outside.PAYERS, -amount).close();
        }
        refund.put("status", "failed").put("failure_reason", "lost_or_stolen_card");
        refund.remove("pending_reason");
        JsonObject charge = state.get(account, "charge", refund.getString("charge"));
        charge.put("amount_refunded", charge.getLong("amount_refunded") - amount).put("refunded", false);
        tellUpdate(account, refund, before);
        events.sendUpdate(account, "refund.failed", refund, before);
        return refund;
    }

    /** Applies the steps after the answer: the card's network assigns a reference, or the test card reacts. */
    void follow(String account, JsonObject charge, JsonObject refund) {
        String id = refund.getString("id");
        if (RefundFunding.WAITS.equals(refund.getString("pending_reason"))) {
            return;
        }
        TestCard.Reaction reaction = reaction(account, charge);
        if (reaction == TestCard.Reaction.REFUND_PENDS) {
            clock.schedule(clock.seconds() + SLOW_SECONDS, "refund.succeeds", id);
            return;
        }
        if (reaction == TestCard.Reaction.REFUND_FAILS) {
            clock.schedule(clock.seconds() + SLOW_SECONDS, "refund.fails", id);
        }
        JsonObject details = refund.getJsonObject("destination_details");
        if (details != null && details.containsKey("card")) {
            JsonObject before = refund.copy();
            details.getJsonObject("card").put("reference", ids.random(16)).put("reference_status", "available");
            tellUpdate(account, refund, before);
        }
    }

    /** Sends the update of a card's refund, under the older name too, as Stripe does. */
    void tellUpdate(String account, JsonObject refund, JsonObject before) {
        events.sendUpdate(account, "refund.updated", refund, before);
        events.sendUpdate(account, "charge.refund.updated", refund, before);
    }

    TestCard.Reaction reaction(String account, JsonObject charge) {
        String method = charge.getString("payment_method");
        return method == null ? TestCard.Reaction.SUCCEEDS
                : methods.card(state.get(account, "payment_method", method)).reaction();
    }

    private JsonObject find(String id) {
        return state.get(owner(id), "refund", id);
    }

    private String owner(String id) {
        String owner = state.owner(id);
        if (owner == null) {
            throw StripeError.noSuch("refund", id);
        }
        return owner;
    }
}
