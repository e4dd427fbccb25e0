package io.coachpay.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/**
 * Moves the money of a successful charge: Stripe's fee, the transfer to the destination, and the platform's fee from it. Stripe
 * does this after it has announced the payment, which is why {@code charge.succeeded} knows no balance transaction yet and
 * {@code charge.updated} brings it.
 *
 * @see <a href="https://docs.stripe.com/payments/payment-intents/asynchronous-capture">Stripe: asynchronous capture</a>
 * @see <a href="https://docs.stripe.com/connect/destination-charges">Stripe: destination charges</a>
 */
final class Settlement {

    private final Vertx vertx;
    private final State state;
    private final VirtualClock clock;
    private final Events events;
    private final Faults faults;
    private final BalanceTransactions transactions;
    private final Transfers transfers;
    private final ApplicationFees fees;
    private final PaymentMethods methods;
    private Listener listener = (account, charge) -> {
    };

    private int underWay;

    /** Notified when a charge's money has moved. */
    interface Listener {
        void settled(String account, JsonObject charge);
    }

    Settlement(Vertx vertx, State state, VirtualClock clock, Events events, Faults faults, BalanceTransactions transactions,
            Transfers transfers, ApplicationFees fees, PaymentMethods methods) {
        this.vertx = vertx;
        this.state = state;
        this.clock = clock;
        this.events = events;
        this.faults = faults;
        this.transactions = transactions;
        this.transfers = transfers;
        this.fees = fees;
        this.methods = methods;
    }

    void onSettled(Listener told) {
        listener = told;
    }

    /** The number of charges whose settlement the fault plan delays. */
    int underWay() {
        return underWay;
    }

    /** Settles the charge, now or later by the fault plan. */
    void begin(String account, JsonObject charge) {
        long delay = faults.settlementDelay();
        if (delay == 0) {
            settle(account, charge);
            return;
        }
        underWay++;
        vertx.setTimer(delay, timer -> {
            underWay--;
            settle(account, charge);
        });
    }

    /** Settles the charge unless that is done; an operation that needs its money, such as a refund, calls this first. */
    void settle(String account, JsonObject charge) {
        if (charge.getString("balance_transaction") != null || !"succeeded".equals(charge.getString("status"))) {
            return;
        }
        JsonObject before = charge.copy();
        long amount = charge.getLong("amount");
        String currency = charge.getString("currency");
        long fee = Rates.processingFee(amount, currency);
        long available = availableOn(account, charge);
        Movement movement = transactions.move(currency);
        String transaction = movement.enter(account, Movement.Line
                .of(charge.getString("id").startsWith("py_") ? "payment" : "charge", amount, charge.getString("id"), available)
                .lessFee(fee, "stripe_fee"));
        movement.outside(Movement.Outside.PAYERS, -amount).outside(Movement.Outside.STRIPE_FEES, fee).close();
        charge.put("balance_transaction", transaction);
        transfer(account, charge, available);
        events.sendUpdate(account, "charge.updated", charge, before);
        listener.settled(account, charge);
    }

    /** Settles charges that an earlier run of the sandbox left unsettled. */
    void catchUp() {
        for (String account : state.accounts()) {
            state.all(account, "charge").stream().filter(charge -> charge.getString("source_transfer") == null).toList()
                    .forEach(charge -> settle(account, charge));
        }
    }

    private void transfer(String account, JsonObject charge, long available) {
        JsonObject data = charge.getJsonObject("transfer_data");
        if (data == null) {
            return;
        }
        String destination = data.getString("destination");
        Long part = data.getLong("amount");
        Long feeAmount = charge.getLong("application_fee_amount");
        long fee = feeAmount == null ? 0 : feeAmount;
        long amount = part == null ? charge.getLong("amount") : part;
        JsonObject transfer = transfers.forCharge(account, charge, destination, amount, fee, available);
        charge.put("transfer", transfer.getString("id")).put("transfer_group", transfer.getString("transfer_group"));
        if (fee > 0) {
            JsonObject taken = fees.take(account, charge, destination, transfer.getString("destination_payment"), fee,
                    state.notes(transfer.getString("id")).getString("fee_transaction"));
            charge.put("application_fee", taken.getString("id"));
        }
    }

    private long availableOn(String account, JsonObject charge) {
        String method = charge.getString("payment_method");
        JsonObject used = method == null ? null : state.find(account, "payment_method", method);
        boolean atOnce = used != null && methods.card(used).reaction() == TestCard.Reaction.SKIPS_PENDING;
        return clock.seconds() + (atOnce ? 0 : Rates.SETTLEMENT_SECONDS);
    }
}
