package io.coachpay.sandbox;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Disputes and inquiries, opened by payers at their bank. The platform is always debited, even for another account's payment.
 *
 * @see <a href="https://docs.stripe.com/api/disputes">Stripe: disputes</a>
 */
final class Disputes {

    private static final long EVIDENCE_SECONDS = 7 * 24 * 60 * 60;
    /** The states in which the payer has the money, at least for now. */
    private static final List<String> WITHDRAWN = List.of("needs_response", "under_review", "lost");

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final Settlement settlement;
    private final RefundOutcomes refunds;
    private final DisputeOutcomes outcomes;

    Disputes(State state, Ids ids, VirtualClock clock, Events events, Settlement settlement, RefundOutcomes refunds,
            DisputeOutcomes outcomes) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.settlement = settlement;
        this.refunds = refunds;
        this.outcomes = outcomes;
        clock.define("dispute.opens", this::openAsCardSays);
        // after the answer to the payer, as a bank is never that quick
        settlement.onSettled((account, charge) -> {
            if (reaction(account, charge) != null) {
                clock.schedule(clock.seconds(), "dispute.opens", charge.getString("id"));
            }
        });
    }

    /** The kind of dispute that a test card's holder opens. */
    private record Complaint(String status, String reason) {
    }

    void routes(Api api) {
        api.get("/v1/disputes", Lists.PARAMETERS + "charge payment_intent", call -> Lists.page(call,
                state.all(call.account(), "dispute"), Lists.equal(call, "charge", "payment_intent")));
        api.get("/v1/disputes/:id", "expand[]", call -> state.get(call.account(), "dispute", call.id()));
        api.post("/v1/disputes/:id", DisputeObject.evidenceParameters() + " submit metadata* expand[]", this::update);
        api.post("/v1/disputes/:id/close", "expand[]", call -> {
            state.get(call.account(), "dispute", call.id());
            return outcomes.accept(call.id());
        });
    }

    /** The amount of a charge that its payer got back through disputes, in minor units. */
    static long withdrawn(State state, String account, JsonObject charge) {
        return state.all(account, "dispute").stream()
                .filter(dispute -> charge.getString("id").equals(dispute.getString("charge")))
                .filter(dispute -> WITHDRAWN.contains(dispute.getString("status")))
                .mapToLong(dispute -> dispute.getLong("amount")).sum();
    }

    /**
     * Disputes a charge, as its payer.
     *
     * @param asked the disputed amount in minor units; null for the part that is not disputed yet
     * @param status {@code needs_response}, {@code warning_needs_response} for an inquiry, or {@code prevented}
     */
    JsonObject open(String chargeId, @Nullable Long asked, String status, String reason) {
        if (!List.of("needs_response", "warning_needs_response", "prevented").contains(status)) {
            throw StripeError.invalid("status must be one of needs_response, warning_needs_response, prevented", "status");
        }
        String account = state.owner(chargeId);
        JsonObject charge = account == null ? null : state.find(account, "charge", chargeId);
        if (account == null || charge == null || !"succeeded".equals(charge.getString("status"))
                || charge.getValue("source_transfer") != null) {
            throw StripeError.invalid("Only a charge that has succeeded can be disputed: " + chargeId, "charge");
        }
        settlement.settle(account, charge);
        long left = charge.getLong("amount") - withdrawn(state, account, charge);
        long amount = asked == null ? left : asked;
        // More than the charge is possible: the bank computes in the payer's currency, whose worth has changed.
        if (amount < 1 || left < 1) {
            throw StripeError.invalid("The amount must be at least 1, and something of the charge not disputed yet.", "amount");
        }
        Long dueBy = status.equals("prevented") ? null : Long.valueOf(clock.seconds() + EVIDENCE_SECONDS);
        JsonObject dispute = DisputeObject.create(ids.next("dp_"), charge, amount, status, reason, clock.seconds(), dueBy);
        charge.put("disputed", true);
        state.add(account, dispute);
        events.send(account, "charge.dispute.created", dispute);
        outcomes.follow(dispute);
        return dispute;
    }

    private void openAsCardSays(String chargeId) {
        String account = String.valueOf(state.owner(chargeId));
        JsonObject charge = state.get(account, "charge", chargeId);
        Complaint complaint = reaction(account, charge);
        if (complaint != null && !charge.getBoolean("disputed")) {
            open(chargeId, null, complaint.status, complaint.reason);
        }
    }

    private @Nullable Complaint reaction(String account, JsonObject charge) {
        return switch (refunds.reaction(account, charge)) {
            case DISPUTED_AS_FRAUDULENT -> new Complaint("needs_response", "fraudulent");
            case DISPUTED_AS_NOT_RECEIVED -> new Complaint("needs_response", "product_not_received");
            case INQUIRED -> new Complaint("warning_needs_response", "general");
            case SUCCEEDS, DECLINES, DECLINES_WHEN_CHARGED, AUTHENTICATES, AUTHENTICATES_UNLESS_SET_UP,
                    AUTHENTICATES_THEN_DECLINES, SKIPS_PENDING, REFUND_PENDS, REFUND_FAILS, PROCESSES, DEBITS, DEBITS_FOREVER ->
                null;
        };
    }

    private JsonObject update(Call call) {
        Parameters parameters = call.parameters();
        JsonObject dispute = state.get(call.account(), "dispute", call.id());
        boolean evidence = parameters.has("evidence");
        boolean submit = parameters.flag("submit", evidence);
        if (evidence || submit) {
            outcomes.requireOpenForEvidence(dispute);
        }
        JsonObject before = dispute.copy();
        parameters.metadata(dispute);
        DisputeObject.apply(dispute, parameters.nested("evidence"));
        if (submit) {
            outcomes.submit(call.account(), dispute);
        }
        events.sendUpdate(call.account(), "charge.dispute.updated", dispute, before);
        return dispute;
    }
}
