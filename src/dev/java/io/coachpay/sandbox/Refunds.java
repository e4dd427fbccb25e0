package io.coachpay.sandbox;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Money back to the payer, in whole or in part, alone or together with the transfer and the platform's fee.
 *
 * @see <a href="https://docs.stripe.com/api/refunds">Stripe: refunds</a>
 */
final class Refunds {

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final BalanceTransactions transactions;
    private final Reversals reversals;
    private final Settlement settlement;
    private final ApplicationFees fees;
    private final RefundOutcomes outcomes;
    private final RefundFunding funding;

    Refunds(State state, Ids ids, VirtualClock clock, Events events, BalanceTransactions transactions, Reversals reversals,
            Settlement settlement, ApplicationFees fees, RefundOutcomes outcomes, RefundFunding funding) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.transactions = transactions;
        this.reversals = reversals;
        this.settlement = settlement;
        this.fees = fees;
        this.outcomes = outcomes;
        this.funding = funding;
    }

    void routes(Api api) {
        api.post("/v1/refunds", "amount charge payment_intent metadata* reason refund_application_fee reverse_transfer "
                + "instructions_email expand[]", this::create);
        api.get("/v1/refunds", Lists.PARAMETERS + "charge payment_intent",
                call -> Lists.page(call, state.all(call.account(), "refund"), Lists.equal(call, "charge", "payment_intent")));
        api.get("/v1/refunds/:id", "expand[]", call -> state.get(call.account(), "refund", call.id()));
        api.post("/v1/refunds/:id", "metadata* expand[]", this::update);
    }

    JsonObject create(Call call) {
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
        requireUndisputed(call.account(), charge, amount, left);
        parameters.oneOf("reason", "duplicate", "fraudulent", "requested_by_customer");
        JsonObject transfer = transferToReverse(call, charge);
        long fee = feeToReturn(call, charge, amount);
        return refund(call, charge, amount, transfer, fee);
    }

    private JsonObject refund(Call call, JsonObject charge, long amount, @Nullable JsonObject transfer, long fee) {
        String account = call.account();
        long back = transfer == null ? 0 : share(charge, transfer, amount);
        if (transfer != null && back > 0) {
            reversals.requireFunds(transfer, back - fee);
        }
        boolean funded = funding.covers(account, charge.getString("currency"), amount, back);
        JsonObject chargeBefore = charge.copy();
        JsonObject refund = record(call, charge, amount, funded);
        charge.put("amount_refunded", charge.getLong("amount_refunded") + amount);
        charge.put("refunded", charge.getLong("amount_refunded").equals(charge.getLong("amount")));
        JsonObject reversal = transfer == null || back == 0 ? null
                : reversals.reverse(account, transfer, new Reversals.Wish(back, fee, refund, Parameters.NONE));
        if (reversal == null && fee > 0) {
            fees.refund(account, state.get(account, "application_fee", charge.getString("application_fee")), fee,
                    Parameters.NONE);
        }
        refund.put("transfer_reversal", reversal == null ? null : reversal.getString("id"));
        events.send(account, "refund.created", refund);
        events.sendUpdate(account, "charge.refunded", charge, chargeBefore);
        outcomes.follow(account, charge, refund);
        return refund;
    }

    /** The transfer's share of the refund; zero if nothing is left of the transfer. */
    private static long share(JsonObject charge, JsonObject transfer, long amount) {
        return Math.min(Reversals.left(transfer),
                Rates.proportional(transfer.getLong("amount"), amount, charge.getLong("amount"),
                        charge.getString("currency")));
    }

    private JsonObject record(Call call, JsonObject charge, long amount, boolean funded) {
        boolean pends = outcomes.reaction(call.account(), charge) == TestCard.Reaction.REFUND_PENDS;
        String id = ids.next("re_");
        String currency = charge.getString("currency");
        JsonObject refund = Json.object("id", id, "object", "refund", "amount", amount, "balance_transaction", null,
                "charge",
                charge.getString("id"), "created", clock.seconds(), "currency", currency, "customer",
                charge.getString("customer"),
                "customer_account", null, "destination_details", destination(charge), "metadata", new JsonObject(),
                "payment_intent", charge.getString("payment_intent"), "payment_method", charge.getString("payment_method"),
                "reason", call.parameters().text("reason"), "receipt_number", null, "source_transfer_reversal", null, "status",
                pends || !funded ? "pending" : "succeeded", "transfer_reversal", null);
        if (funded) {
            funding.pay(call.account(), refund,
                    transactions.availableWith(call.account(), charge.getString("balance_transaction")));
        }
        if (!funded) {
            funding.await(call.account(), refund);
        } else if (pends) {
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

    /** Refuses to refund money that the payer got back through a dispute. */
    private void requireUndisputed(String account, JsonObject charge, long amount, long left) {
        if (amount > left - Disputes.withdrawn(state, account, charge)) {
            throw StripeError.invalid("charge_disputed",
                    "Charge " + charge.getString("id") + " has been charged back; cannot issue a refund.", null);
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
        JsonObject made = state.get(call.account(), "transfer", transfer);
        reversals.requireReachable(made);
        return made;
    }

    /** The fee's share; with the last part of a charge, all that rounding has left of the fee. */
    private long feeToReturn(Call call, JsonObject charge, long amount) {
        JsonObject notes = state.notes(charge.getString("id"));
        String feeId = charge.getString("application_fee");
        if (!call.parameters().flag("refund_application_fee")) {
            notes.put("fee_kept", true);
            return 0;
        }
        if (feeId == null) {
            throw StripeError.invalid("Cannot refund the application fee of a charge that has none.", "refund_application_fee");
        }
        JsonObject fee = state.get(call.account(), "application_fee", feeId);
        fees.requireReachable(fee);
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
        outcomes.tellUpdate(call.account(), refund, before);
        return refund;
    }
}
