package io.coachpay.sandbox;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * A customer's credit, below zero, or debt, above it; the next invoice takes it into account.
 *
 * @see <a href="https://docs.stripe.com/api/customer_balance_transactions">Stripe: customer balance transactions</a>
 */
final class CustomerBalance {

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Customers customers;

    CustomerBalance(State state, Ids ids, VirtualClock clock, Customers customers) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.customers = customers;
    }

    void routes(Api api) {
        String path = "/v1/customers/:id/balance_transactions";
        api.post(path, "amount! currency! description expand[] metadata*", this::adjust);
        api.get(path, Lists.PARAMETERS + "invoice", call -> {
            customers.require(call.account(), call.id(), "id");
            return Lists.page(call, state.all(call.account(), "customer_balance_transaction"),
                    Lists.equal(call, "invoice").and(each -> call.id().equals(each.getString("customer"))));
        });
        api.get(path + "/:transaction", "expand[]", call -> state.get(call.account(), "customer_balance_transaction",
                call.variable("transaction")));
        api.post(path + "/:transaction", "description expand[] metadata*", call -> {
            JsonObject entry = state.get(call.account(), "customer_balance_transaction", call.variable("transaction"));
            if (call.parameters().has("description")) {
                entry.put("description", call.parameters().text("description"));
            }
            call.parameters().metadata(entry);
            return entry;
        });
    }

    /**
     * Moves the balance; the customer changes with it.
     *
     * @param amount above zero if the customer owes more afterwards
     * @param invoice that it was applied to or came from, or null
     */
    JsonObject move(String account, JsonObject customer, long amount, String type, @Nullable String invoice) {
        JsonObject entry = Json.object("id", ids.next("cbtxn_"), "object", "customer_balance_transaction", "amount", amount,
                "checkout_session", null, "created", clock.seconds(), "credit_note", null, "currency",
                customer.getString("currency"), "customer", customer.getString("id"), "customer_account", null, "description",
                null, "ending_balance", customer.getLong("balance") + amount, "invoice", invoice, "livemode", false,
                "metadata", new JsonObject(), "type", type);
        customers.change(account, customer, it -> it.put("balance", it.getLong("balance") + amount));
        state.add(account, entry);
        return entry;
    }

    private JsonObject adjust(Call call) {
        JsonObject customer = customers.require(call.account(), call.id(), "id");
        long amount = call.parameters().needInteger("amount");
        if (amount == 0) {
            throw StripeError.invalid("parameter_invalid_integer", "Invalid non-zero integer", "amount");
        }
        customers.bind(call.account(), customer, call.parameters().currency("currency"));
        JsonObject entry = move(call.account(), customer, amount, "adjustment", null);
        entry.put("description", call.parameters().text("description"));
        call.parameters().metadata(entry);
        return entry;
    }
}
