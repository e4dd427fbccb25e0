package io.coachpay.sandbox;

import io.vertx.core.json.JsonObject;

/**
 * Money from the platform's own bank into its balance, so that transfers have funds.
 *
 * @see <a href="https://docs.stripe.com/api/topups">Stripe: top-ups</a>
 */
final class TopUps {

    private static final long BANK_SECONDS = 24 * 60 * 60;

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final BalanceTransactions transactions;

    TopUps(State state, Ids ids, VirtualClock clock, Events events, BalanceTransactions transactions) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.transactions = transactions;
        clock.define("topup.arrives", id -> {
            if (find(id).getString("status").equals("pending")) {
                succeed(id);
            }
        });
    }

    void routes(Api api) {
        api.post("/v1/topups", "amount! currency! description metadata* payment_method payment_method_options* source "
                + "statement_descriptor transfer_group expand[]", this::create);
        api.get("/v1/topups", Lists.PARAMETERS + "amount* status",
                call -> Lists.page(call, state.all(call.account(), "topup"), Lists.equal(call, "status")
                        .and(call.parameters().has("amount") ? Lists.within(call.parameters(), "amount") : topUp -> true)));
        api.get("/v1/topups/:id", "expand[]", call -> state.get(call.account(), "topup", call.id()));
        api.post("/v1/topups/:id/cancel", "expand[]", call -> {
            state.get(call.account(), "topup", call.id());
            return end(call.id(), "canceled");
        });
    }

    /** Completes the top-up: the bank has paid, and the money can be used at once. */
    JsonObject succeed(String id) {
        JsonObject topUp = pending(id);
        long amount = topUp.getLong("amount");
        Movement movement = transactions.move(topUp.getString("currency"));
        topUp.put("balance_transaction",
                movement.enter(State.PLATFORM, Movement.Line.of("topup", amount, id, clock.seconds())));
        movement.outside(Movement.Outside.BANKS, -amount).close();
        return end(id, "succeeded");
    }

    JsonObject fail(String id) {
        pending(id).put("failure_code", "insufficient_funds").put("failure_message",
                "The bank account has insufficient funds to cover the top-up.");
        return end(id, "failed");
    }

    private JsonObject create(Call call) {
        Parameters parameters = call.parameters();
        if (!call.asPlatform()) {
            throw StripeError.invalid("Only the platform's own balance can be topped up here.");
        }
        String currency = parameters.currency("currency");
        long amount = parameters.needInteger("amount");
        Currencies.checkChargeable(amount, currency, "amount");
        String id = ids.next("tu_");
        JsonObject topUp = Json.object("id", id, "object", "topup", "amount", amount, "balance_transaction", null, "created",
                clock.seconds(), "currency", currency, "description", parameters.text("description"),
                "expected_availability_date", clock.seconds() + BANK_SECONDS, "failure_code", null, "failure_message", null,
                "initiated_by", "user", "livemode", false, "metadata", new JsonObject(), "payment_method", null,
                "payment_method_options", null, "source", null, "statement_descriptor",
                parameters.text("statement_descriptor"), "status", "pending", "transfer_group",
                parameters.text("transfer_group"));
        parameters.metadata(topUp);
        state.add(State.PLATFORM, topUp);
        events.send(State.PLATFORM, "topup.created", topUp);
        clock.schedule(clock.seconds() + BANK_SECONDS, "topup.arrives", id);
        return topUp;
    }

    private JsonObject end(String id, String status) {
        JsonObject topUp = pending(id).put("status", status);
        events.send(State.PLATFORM, "topup." + status, topUp);
        return topUp;
    }

    private JsonObject pending(String id) {
        JsonObject topUp = find(id);
        if (!topUp.getString("status").equals("pending")) {
            throw StripeError.invalid("Top-up " + id + " is not pending but " + topUp.getString("status") + ".");
        }
        return topUp;
    }

    private JsonObject find(String id) {
        return state.get(State.PLATFORM, "topup", id);
    }
}
