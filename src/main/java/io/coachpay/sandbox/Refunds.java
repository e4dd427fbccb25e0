package io.coachpay.sandbox;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Money back to the payer, in whole or in part, alone or together with the transfer and the platform's fee.
 *
 * @see <a href="https://docs.stripe.com/api/refunds">Stripe: refunds</a>
 */
final class Refunds {

    /** How long a refund of the documented test cards takes to succeed or to fail. */
    private static final long SLOW_SECONDS = 60 * 60;

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final BalanceTransactions transactions;
    private final Reversals reversals;
    private final Settlement settlement;
    private final PaymentMethods methods;

    Refunds(State state, Ids ids, VirtualClock clock, Events events, BalanceTransactions transactions, Reversals reversals,
            Settlement settlement, PaymentMethods methods) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.transactions = transactions;
        this.reversals = reversals;
        this.settlement = settlement;
        this.methods = methods;
        // a person may have ended it by then
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

    void routes(Api api) {
        api.post("/v1/refunds", "amount charge payment_intent metadata* reason refund_application_fee reverse_transfer "
                + "instructions_email expand[]", this::create);
        api.get("/v1/refunds", Lists.PARAMETERS + "charge payment_intent",
                call -> Lists.page(call, state.all(call.account(), "refund"), Lists.equal(call, "charge", "payment_intent")));
        api.get("/v1/refunds/:id", "expand[]", call -> state.get(call.account(), "refund", call.id()));
        api.post("/v1/refunds/:id", "metadata* expand[]", this::update);
    }

    /** A pending refund reaches the payer. */
    JsonObject succeed(String id) {
        JsonObject refund = find(id);
        if (!"pending".equals(refund.getString("status"))) {
            throw StripeError.invalid("Refund " + id + " is not pending but " + refund.getString("status") + ".");
        }
        JsonObject before = refund.copy();
        refund.put("status", "succeeded").remove("pending_reason");
        events.sendUpdate(owner(id), "refund.updated", refund, before);
        return refund;
    }

    /** A refund comes back, possibly long after it succeeded. Stripe returns the amount to the platform, and nothing else. */
    JsonObject fail(String id) {
        JsonObject refund = find(id);
        if ("failed".equals(refund.getString("status"))) {
            throw StripeError.invalid("Refund " + id + " has failed already.");
        }
        String account = owner(id);
        JsonObject before = refund.copy();
        long amount = refund.getLong("amount");
        Movement movement = transactions.move(refund.getString("currency"));
        String transaction = movement.enter(account, Movement.Line.of("refund_failure", amount, id, clock.seconds()));
        movement.outside(Movement.Outside.PAYERS, -amount).close();
        refund.put("status", "failed").put("failure_reason", "lost_or_stolen_card").put("failure_balance_transaction",
                transaction);
        JsonObject charge = state.get(account, "charge", refund.getString("charge"));
        charge.put("amount_refunded", charge.getLong("amount_refunded") - amount).put("refunded", false);
        events.sendUpdate(account, "refund.updated", refund, before);
        events.sendUpdate(account, "refund.failed", refund, before);
        return refund;
    }

    private JsonObject create(Call call) {
        Parameters parameters = call.parameters();
        JsonObject charge = charge(call);
        settlement.settle(call.account(), charge);
        long left = charge.getLong("amount") - charge.getLong("amount_refunded");
        if (left == 0) {
            throw StripeError.invalid("charge_already_refunded",
                    "Charge " + charge.getString("id") + " has already been refunded.",
                    null);
        }
        Long asked = parameters.integer("amount");
        long amount = asked == null ? left : asked;
        check(charge, amount, left);
        parameters.oneOf("reason", "duplicate", "fraudulent", "requested_by_customer");
        JsonObject transfer = transferToReverse(call, charge);
        long fee = feeToReturn(call, charge, transfer, amount);
        return refund(call, charge, amount, transfer, fee);
    }

    private JsonObject refund(Call call, JsonObject charge, long amount, @Nullable JsonObject transfer, long fee) {
        String account = call.account();
        JsonObject chargeBefore = charge.copy();
        JsonObject refund = record(call, charge, amount);
        charge.put("amount_refunded", charge.getLong("amount_refunded") + amount);
        charge.put("refunded", charge.getLong("amount_refunded").equals(charge.getLong("amount")));
        JsonObject reversal = null;
        if (transfer != null) {
            long back = Math.min(Reversals.left(transfer),
                    Rates.proportional(transfer.getLong("amount"), amount, charge.getLong("amount"),
                            charge.getString("currency")));
            reversal = back == 0 ? null
                    : reversals.reverse(account, transfer,
                            new Reversals.Wish(back, fee, refund, new Parameters(java.util.Map.of())));
        }
        refund.put("transfer_reversal", reversal == null ? null : reversal.getString("id"));
        events.send(account, "refund.created", refund);
        events.sendUpdate(account, "charge.refunded", charge, chargeBefore);
        follow(account, charge, refund);
        return refund;
    }

    /** What happens to the refund after the answer: the card's network names it, or the test card's fate unfolds. */
    private void follow(String account, JsonObject charge, JsonObject refund) {
        String id = refund.getString("id");
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
            events.sendUpdate(account, "refund.updated", refund, before);
        }
    }

    private JsonObject record(Call call, JsonObject charge, long amount) {
        boolean pends = reaction(call.account(), charge) == TestCard.Reaction.REFUND_PENDS;
        String id = ids.next("re_");
        String currency = charge.getString("currency");
        Movement movement = transactions.move(currency);
        String transaction = movement.enter(call.account(), Movement.Line.of("refund", -amount, id,
                transactions.availableWith(call.account(), charge.getString("balance_transaction"))));
        movement.outside(Movement.Outside.PAYERS, amount).close();
        JsonObject refund = Json.object("id", id, "object", "refund", "amount", amount, "balance_transaction", transaction,
                "charge",
                charge.getString("id"), "created", clock.seconds(), "currency", currency, "customer",
                charge.getString("customer"),
                "customer_account", null, "destination_details", destination(charge), "metadata", new JsonObject(),
                "payment_intent", charge.getString("payment_intent"), "payment_method", charge.getString("payment_method"),
                "reason", call.parameters().text("reason"), "receipt_number", null, "source_transfer_reversal", null, "status",
                pends ? "pending" : "succeeded", "transfer_reversal", null);
        if (pends) {
            refund.put("pending_reason", "processing");
        }
        call.parameters().metadata(refund);
        state.add(call.account(), refund);
        return refund;
    }

    private static JsonObject destination(JsonObject charge) {
        String type = charge.getJsonObject("payment_method_details").getString("type");
        if (!type.equals("card")) {
            return Json.object("type", "us_bank_transfer", "us_bank_transfer",
                    Json.object("reference", null, "reference_status", null));
        }
        return Json.object("card",
                Json.object("reference_status", "pending", "reference_type", "acquirer_reference_number", "type",
                        "refund"),
                "type", "card");
    }

    private JsonObject charge(Call call) {
        Parameters parameters = call.parameters();
        String chargeId = parameters.text("charge");
        String intentId = parameters.text("payment_intent");
        if (chargeId == null && intentId == null) {
            throw StripeError.invalid("parameter_missing",
                    "One of the following params should be provided for this request: payment_intent or charge.", null);
        }
        if (chargeId == null && intentId != null) {
            JsonObject intent = state.get(call.account(), "payment_intent", intentId, "payment_intent");
            chargeId = intent.getString("latest_charge");
            if (chargeId == null || !"succeeded".equals(intent.getString("status"))) {
                throw StripeError.invalid("This PaymentIntent (" + intentId + ") does not have a successful charge to refund.",
                        "payment_intent");
            }
        }
        JsonObject charge = state.get(call.account(), "charge", String.valueOf(chargeId), "charge");
        if (!"succeeded".equals(charge.getString("status"))) {
            throw StripeError.invalid("charge_not_refundable", "This charge has not succeeded and cannot be refunded.",
                    "charge");
        }
        return charge;
    }

    private static void check(JsonObject charge, long amount, long left) {
        String currency = charge.getString("currency");
        if (amount < 1 || amount % Currencies.unit(currency) != 0) {
            throw StripeError.invalid("parameter_invalid_integer", "Invalid positive integer", "amount");
        }
        if (amount > left) {
            throw StripeError.invalid("Refund amount (" + Currencies.decimal(amount, currency)
                    + ") is greater than unrefunded amount on charge (" + Currencies.decimal(left, currency) + ")", "amount");
        }
    }

    private @Nullable JsonObject transferToReverse(Call call, JsonObject charge) {
        if (!call.parameters().flag("reverse_transfer")) {
            return null;
        }
        String transfer = charge.getString("transfer");
        if (transfer == null) {
            throw StripeError.invalid("Cannot reverse transfer on charge " + charge.getString("id")
                    + " because it does not have an associated transfer.", "reverse_transfer");
        }
        return state.get(call.account(), "transfer", transfer);
    }

    /** The fee's share, and with the last part of a charge whatever rounding has left of it. */
    private long feeToReturn(Call call, JsonObject charge, @Nullable JsonObject transfer, long amount) {
        JsonObject notes = state.notes(charge.getString("id"));
        String feeId = charge.getString("application_fee");
        if (!call.parameters().flag("refund_application_fee")) {
            notes.put("fee_kept", true);
            return 0;
        }
        if (feeId == null) {
            throw StripeError.invalid("Cannot refund the application fee of a charge that has none.", "refund_application_fee");
        }
        if (transfer == null) {
            throw StripeError
                    .invalid("The sandbox returns an application fee together with the transfer: set reverse_transfer too,"
                            + " or refund the fee itself.", "refund_application_fee");
        }
        JsonObject fee = state.get(call.account(), "application_fee", feeId);
        boolean last = charge.getLong("amount_refunded") + amount == charge.getLong("amount");
        if (last && !notes.getBoolean("fee_kept", false)) {
            return ApplicationFees.left(fee);
        }
        return Math.min(ApplicationFees.left(fee),
                Rates.proportional(fee.getLong("amount"), amount, charge.getLong("amount"), charge.getString("currency")));
    }

    private JsonObject update(Call call) {
        JsonObject refund = state.get(call.account(), "refund", call.id());
        JsonObject before = refund.copy();
        call.parameters().metadata(refund);
        events.sendUpdate(call.account(), "refund.updated", refund, before);
        return refund;
    }

    private TestCard.Reaction reaction(String account, JsonObject charge) {
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
