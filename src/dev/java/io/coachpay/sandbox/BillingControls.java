package io.coachpay.sandbox;

import java.util.List;
import java.util.function.BiFunction;

import io.vertx.core.json.JsonObject;

/**
 * Controls that act as a bank, a card network or somebody at Stripe's dashboard on what is billed.
 *
 * <pre>
 * POST /sandbox/subscriptions/{sub}/next-charge              {"outcome": "decline"} or "ask": of the next automatic charge
 * POST /sandbox/subscriptions/{sub}/schedule                 {"scheduled": true}: a schedule manages it, or releases it
 * POST /sandbox/invoices/{in}/pay-outside                    {"tooMuch": 500}, optional: it is overpaid
 * POST /sandbox/invoices/{in}/void                           …/mark-uncollectible, …/overdue
 * POST /sandbox/payment_methods/{pm}/renew                   {"number": "5555555555554444"}, optional
 * PUT  /sandbox/billing                                      {"afterRetries": "cancel"}, "unpaid" or "past_due"; GET
 * </pre>
 */
final class BillingControls {

    private final State state;
    private final PaymentMethods methods;
    private final Billing billing;

    BillingControls(State state, PaymentMethods methods, Billing billing) {
        this.state = state;
        this.methods = methods;
        this.billing = billing;
    }

    /** The controls by method and path, each given the id of its path and the body. */
    void each(Adder adder) {
        adder.add("POST", "/sandbox/subscriptions/:id/next-charge", this::nextCharge);
        adder.add("POST", "/sandbox/subscriptions/:id/schedule", this::schedule);
        adder.add("POST", "/sandbox/invoices/:id/pay-outside", (id, body) -> onInvoice(id,
                (account, invoice) -> billing.ends().payOutside(account, invoice, body.getLong("tooMuch", 0L))));
        adder.add("POST", "/sandbox/invoices/:id/overdue", (id, body) -> onInvoice(id, billing.ends()::isOverdue));
        adder.add("POST", "/sandbox/invoices/:id/mark-uncollectible",
                (id, body) -> onInvoice(id, billing.ends()::giveUp));
        adder.add("POST", "/sandbox/invoices/:id/void", (id, body) -> onInvoice(id, billing.ends()::voidIt));
        adder.add("POST", "/sandbox/payment_methods/:id/renew", (id, body) -> methods.renew(id, body.getString("number")));
        adder.add("GET", "/sandbox/billing", (id, body) -> billing.life().afterRetries(null));
        adder.add("PUT", "/sandbox/billing", (id, body) -> billing.life().afterRetries(body.getString("afterRetries")));
    }

    private JsonObject nextCharge(String id, JsonObject body) {
        String account = owner(id, "subscription");
        JsonObject subscription = state.get(account, "subscription", id);
        String outcome = body.getString("outcome");
        if (!List.of("decline", "ask").contains(String.valueOf(outcome))) {
            throw StripeError.invalid("outcome must be decline or ask", "outcome");
        }
        state.notes(id).put("next_charge", outcome);
        return subscription;
    }

    private JsonObject schedule(String id, JsonObject body) {
        String account = owner(id, "subscription");
        JsonObject subscription = state.get(account, "subscription", id);
        String schedule = body.getBoolean("scheduled", true) ? "sub_sched_" + id.substring("sub_".length()) : null;
        billing.life().change(account, subscription, it -> it.put("schedule", schedule));
        return subscription;
    }

    private JsonObject onInvoice(String id, Effect effect) {
        String account = owner(id, "invoice");
        JsonObject invoice = state.get(account, "invoice", id);
        effect.on(account, invoice);
        return invoice;
    }

    private String owner(String id, String kind) {
        String owner = state.owner(id);
        if (owner == null) {
            throw StripeError.noSuch(kind, id);
        }
        return owner;
    }

    /** Takes each control by its method, path and effect. */
    interface Adder {
        void add(String method, String path, BiFunction<String, JsonObject, JsonObject> control);
    }

    private interface Effect {
        void on(String account, JsonObject invoice);
    }
}
