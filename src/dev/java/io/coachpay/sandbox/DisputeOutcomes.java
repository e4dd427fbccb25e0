package io.coachpay.sandbox;

import java.util.List;

import io.vertx.core.json.JsonObject;

/**
 * Steps of a dispute: funds leave the platform, evidence goes to the bank, and the bank decides.
 *
 * @see <a href="https://docs.stripe.com/disputes/how-disputes-work">Stripe: how disputes work</a>
 * @see <a href="https://docs.stripe.com/testing#disputes">Stripe: evidence that wins or loses in tests</a>
 */
final class DisputeOutcomes {

    private static final List<String> OPEN_FOR_EVIDENCE = List.of("needs_response", "warning_needs_response");
    private static final List<String> OPEN = List.of("needs_response", "under_review", "warning_needs_response",
            "warning_under_review");

    private final State state;
    private final VirtualClock clock;
    private final Events events;
    private final BalanceTransactions transactions;

    DisputeOutcomes(State state, VirtualClock clock, Events events, BalanceTransactions transactions) {
        this.state = state;
        this.clock = clock;
        this.events = events;
        this.transactions = transactions;
        clock.define("dispute.expires", id -> {
            if (OPEN_FOR_EVIDENCE.contains(find(id).getString("status"))) {
                expire(id);
            }
        });
        clock.define("dispute.decides", id -> {
            if (OPEN.contains(find(id).getString("status"))) {
                decide(id);
            }
        });
    }

    /** Takes the funds if the bank has, and waits for evidence. */
    void follow(JsonObject dispute) {
        Long dueBy = dispute.getJsonObject("evidence_details").getLong("due_by");
        if (dueBy != null) {
            clock.schedule(dueBy, "dispute.expires", dispute.getString("id"));
        }
        if (dispute.getString("status").equals("needs_response")) {
            withdraw(dispute);
        }
    }

    void requireOpenForEvidence(JsonObject dispute) {
        if (!OPEN_FOR_EVIDENCE.contains(dispute.getString("status"))) {
            throw StripeError.invalid("This dispute (" + dispute.getString("id") + ") takes no evidence, it is "
                    + dispute.getString("status") + ".");
        }
    }

    /** Sends evidence to the bank, which costs a fee for a dispute and nothing for an inquiry. */
    void submit(String account, JsonObject dispute) {
        boolean inquiry = dispute.getString("status").startsWith("warning");
        dispute.put("status", inquiry ? "warning_under_review" : "under_review");
        JsonObject details = dispute.getJsonObject("evidence_details");
        details.put("submission_count", details.getInteger("submission_count") + 1);
        if (!inquiry) {
            long fee = Rates.disputeFee(dispute.getString("currency"));
            Movement movement = transactions.move(dispute.getString("currency"));
            movement.enter(account, Movement.Line.of("stripe_fee", -fee, dispute.getString("id"), clock.seconds())
                    .describedAs("Dispute countered fee"));
            movement.outside(Movement.Outside.STRIPE_FEES, fee).close();
        }
        clock.schedule(clock.seconds(), "dispute.decides", dispute.getString("id"));
    }

    /** Accepts the dispute, as the platform. */
    JsonObject accept(String id) {
        JsonObject dispute = find(id);
        requireOpenForEvidence(dispute);
        return close(id, dispute.getString("status").startsWith("warning") ? "warning_closed" : "lost", false);
    }

    /**
     * Decides the dispute, as the bank.
     *
     * @param status {@code won} or {@code lost}; {@code warning_closed} or {@code prevented} where no funds were taken
     * @param feeReturned whether winning brings the dispute's fee back too
     */
    JsonObject close(String id, String status, boolean feeReturned) {
        JsonObject dispute = find(id);
        String now = dispute.getString("status");
        boolean inquiry = now.startsWith("warning");
        List<String> possible = inquiry ? List.of("warning_closed", "prevented") : List.of("won", "lost");
        if (!OPEN.contains(now) || !possible.contains(status)) {
            throw StripeError.invalid("A dispute that is " + now + " cannot become " + status + ".", "status");
        }
        String account = owner(id);
        JsonObject before = dispute.copy();
        dispute.put("status", status);
        if (status.equals("won") && !dispute.getJsonArray("balance_transactions").isEmpty()) {
            reinstate(account, dispute, feeReturned);
        }
        events.sendUpdate(account, "charge.dispute.updated", dispute, before);
        events.send(account, "charge.dispute.closed", dispute);
        return dispute;
    }

    /** Turns the inquiry into a dispute. */
    JsonObject escalate(String id) {
        JsonObject dispute = find(id);
        if (!dispute.getString("status").startsWith("warning") || !OPEN.contains(dispute.getString("status"))) {
            throw StripeError.invalid("Only an open inquiry can be escalated; " + id + " is " + dispute.getString("status"));
        }
        JsonObject before = dispute.copy();
        dispute.put("status", "needs_response").put("is_charge_refundable", false);
        JsonObject how = dispute.getJsonObject("payment_method_details");
        if (how != null) {
            how.getJsonObject("card").put("case_type", "chargeback");
        }
        events.sendUpdate(owner(id), "charge.dispute.updated", dispute, before);
        // If the whole payment was refunded meanwhile, there is nothing left for the bank to take.
        if (!state.get(owner(id), "charge", dispute.getString("charge")).getBoolean("refunded")) {
            withdraw(dispute);
        }
        return dispute;
    }

    private void expire(String id) {
        JsonObject dispute = find(id);
        dispute.getJsonObject("evidence_details").put("past_due", true);
        close(id, dispute.getString("status").startsWith("warning") ? "warning_closed" : "lost", false);
    }

    private void decide(String id) {
        String told = find(id).getJsonObject("evidence").getString("uncategorized_text");
        boolean inquiry = find(id).getString("status").startsWith("warning");
        if ("winning_evidence".equals(told)) {
            close(id, inquiry ? "warning_closed" : "won", false);
        }
        if ("losing_evidence".equals(told)) {
            close(id, inquiry ? "warning_closed" : "lost", false);
        }
        if ("escalate_inquiry_evidence".equals(told) && inquiry) {
            escalate(id);
        }
    }

    private void withdraw(JsonObject dispute) {
        String account = owner(dispute.getString("id"));
        long fee = Rates.disputeFee(dispute.getString("currency"));
        book(account, dispute, -dispute.getLong("amount"), fee, "dispute");
        events.send(account, "charge.dispute.funds_withdrawn", dispute);
    }

    private void reinstate(String account, JsonObject dispute, boolean feeReturned) {
        long fee = feeReturned ? -Rates.disputeFee(dispute.getString("currency")) : 0;
        book(account, dispute, dispute.getLong("amount"), fee, "dispute_reversal");
        events.send(account, "charge.dispute.funds_reinstated", dispute);
    }

    private void book(String account, JsonObject dispute, long amount, long fee, String category) {
        String word = amount < 0 ? "withdrawal" : "reversal";
        Movement movement = transactions.move(dispute.getString("currency"));
        String id = movement.enter(account,
                Movement.Line.of("adjustment", amount, dispute.getString("id"), clock.seconds()).lessFee(fee, "stripe_fee")
                        .describedAs("Chargeback " + word + " for " + dispute.getString("charge")).in(category));
        movement.outside(Movement.Outside.PAYERS, -amount).outside(Movement.Outside.STRIPE_FEES, fee).close();
        dispute.getJsonArray("balance_transactions").add(state.get(account, "balance_transaction", id).copy());
    }

    private JsonObject find(String id) {
        return state.get(owner(id), "dispute", id);
    }

    private String owner(String id) {
        String owner = state.owner(id);
        if (owner == null) {
            throw StripeError.noSuch("dispute", id);
        }
        return owner;
    }
}
