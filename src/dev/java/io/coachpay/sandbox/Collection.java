package io.coachpay.sandbox;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Collects what open invoices ask for: charged at once, and again after three, five and seven days. {@link InvoiceEnds} is for
 * those that are paid elsewhere, voided or given up.
 *
 * @see <a href="https://docs.stripe.com/billing/revenue-recovery/smart-retries">Stripe: retries</a>
 */
final class Collection implements Confirmation.Follower {

    private static final List<Long> PAUSES = List.of(3L, 5L, 7L);
    private static final long DAY = 24 * 60 * 60;

    private final State state;
    private final VirtualClock clock;
    private final Events events;
    private final Customers customers;
    private final Confirmation confirmation;
    private final InvoicePayments payments;
    private final Finalization finalization;
    private Follower follower = new Follower() {
    };
    /** Whether the attempt under way is one of the schedule's own. */
    private boolean scheduled;

    /** Notified of an invoice's end or of a failed attempt; so subscriptions follow their invoices. */
    interface Follower {
        default void paid(String account, JsonObject invoice) {
        }

        default void failed(String account, JsonObject invoice) {
        }

        /** The invoice was voided, or is given up as uncollectible. */
        default void closed(String account, JsonObject invoice) {
        }

        /** Whether the schedule tries again to have this invoice paid. */
        default boolean retries(String account, JsonObject invoice) {
            return false;
        }
    }

    Collection(State state, VirtualClock clock, Events events, Customers customers, Confirmation confirmation,
            InvoicePayments payments, Finalization finalization) {
        this.state = state;
        this.clock = clock;
        this.events = events;
        this.customers = customers;
        this.confirmation = confirmation;
        this.payments = payments;
        this.finalization = finalization;
        confirmation.follow(this);
        clock.define("invoice.retries", this::retry);
    }

    void follow(Follower told) {
        follower = told;
    }

    /** Tells that an invoice was voided or given up. */
    void closed(String account, JsonObject invoice) {
        follower.closed(account, invoice);
    }

    /** Finalizes a draft and, if {@code charge}, tries at once to have it paid. */
    void start(String account, JsonObject invoice, boolean charge) {
        if (!finalization.run(account, invoice, null)) {
            return;
        }
        if (invoice.getLong("amount_due") == 0) {
            conclude(account, invoice, 0);
        } else if (charge) {
            collect(account, invoice);
        }
    }

    /** An attempt of the schedule; a refusal is told by events alone. */
    void collect(String account, JsonObject invoice) {
        JsonObject method = finalization.chosen(account, invoice);
        scheduled = true;
        try {
            if (method == null) {
                fail(account, invoice, false);
            } else {
                charge(account, invoice, method);
            }
        } catch (StripeError refused) {
            // the intent and the invoice say why, and events have reported it
        } finally {
            scheduled = false;
        }
    }

    /** Charges a method for an open invoice; a card error if that fails or needs its holder. */
    void charge(String account, JsonObject invoice, JsonObject method) {
        JsonObject intent = payments.intent(account, invoice);
        if (intent == null) {
            throw new IllegalStateException("Nothing is due on " + invoice.getString("id"));
        }
        force(invoice, intent);
        confirmation.confirm(account, intent, method, Confirmation.Circumstances.onPage(null));
        if ("requires_action".equals(intent.getString("status"))) {
            throw StripeError.status(402, "card_error", "invoice_payment_intent_requires_action",
                    "This payment requires additional user action before it can be completed successfully. Payment can be"
                            + " completed using the PaymentIntent associated with the invoice.");
        }
    }

    /** A control may have decided how the next charge of the subscription ends. */
    private void force(JsonObject invoice, JsonObject intent) {
        String id = InvoiceObject.subscription(invoice);
        Object outcome = id == null ? null : state.notes(id).remove("next_charge");
        if (outcome != null) {
            state.notes(intent.getString("id")).put("forced", outcome);
        }
    }

    @Override
    public void concluded(String account, JsonObject intent) {
        JsonObject invoice = invoiceOf(account, intent);
        if (invoice != null && "succeeded".equals(intent.getString("status")) && payable(invoice)) {
            pay(account, invoice);
        }
    }

    @Override
    public void attempted(String account, JsonObject intent) {
        JsonObject invoice = invoiceOf(account, intent);
        if (invoice != null && payable(invoice)) {
            fail(account, invoice, "requires_action".equals(intent.getString("status")));
        }
    }

    /** Concludes an invoice whose intent has succeeded. */
    void pay(String account, JsonObject invoice) {
        JsonObject payment = payments.of(account, invoice);
        if (payment != null) {
            payments.pay(account, payment);
        }
        conclude(account, invoice, 0);
    }

    /**
     * Concludes an invoice as paid.
     *
     * @param outside the part of it that did not come by Stripe
     */
    void conclude(String account, JsonObject invoice, long outside) {
        JsonObject before = invoice.copy();
        long paid = invoice.getLong("amount_paid") + invoice.getLong("amount_remaining");
        invoice.put("status", "paid").put("amount_paid", paid).put("amount_remaining", 0).put("amount_paid_off_stripe", outside)
                .put("attempted", true).put("auto_advance", false).put("next_payment_attempt", null);
        long count = invoice.getLong("attempt_count");
        if (paid > 0 && outside == 0 && (scheduled || count == 0)) {
            invoice.put("attempt_count", count + 1);
        }
        invoice.getJsonObject("status_transitions").put("paid_at", clock.seconds());
        delinquent(account, invoice, false);
        events.sendUpdate(account, "invoice.updated", invoice, before);
        events.send(account, "invoice.paid", invoice);
        if (outside == 0) {
            events.send(account, "invoice.payment_succeeded", invoice);
        }
        follower.paid(account, invoice);
    }

    private void fail(String account, JsonObject invoice, boolean asked) {
        JsonObject before = invoice.copy();
        long count = invoice.getLong("attempt_count");
        boolean counts = scheduled || count == 0;
        invoice.put("attempted", true).put("attempt_count", counts ? count + 1 : count);
        if (counts && "open".equals(invoice.getString("status")) && follower.retries(account, invoice)) {
            schedule(invoice);
        }
        delinquent(account, invoice, true);
        events.send(account, "invoice.payment_failed", invoice);
        if (asked) {
            events.send(account, "invoice.payment_action_required", invoice);
        }
        events.sendUpdate(account, "invoice.updated", invoice, before);
        follower.failed(account, invoice);
    }

    private void schedule(JsonObject invoice) {
        int attempts = invoice.getInteger("attempt_count");
        if (attempts > PAUSES.size()) {
            invoice.put("next_payment_attempt", null);
            return;
        }
        long next = clock.seconds() + PAUSES.get(attempts - 1) * DAY;
        invoice.put("next_payment_attempt", next);
        clock.schedule(next, "invoice.retries", invoice.getString("id"));
    }

    private void retry(String id) {
        String account = state.owner(id);
        JsonObject invoice = account == null ? null : state.find(account, "invoice", id);
        if (account == null || invoice == null || !"open".equals(invoice.getString("status"))) {
            return;
        }
        Long next = invoice.getLong("next_payment_attempt");
        if (next != null && next <= clock.seconds()) {
            collect(account, invoice);
        }
    }

    /** Whether there is a method to charge for the subscription. */
    boolean canPay(String account, JsonObject subscription) {
        return finalization.chosen(account, state.get(account, "invoice", subscription.getString("latest_invoice"))) != null;
    }

    /** The method that paid the invoice, or null if nothing did. */
    @Nullable
    String methodOf(String account, JsonObject invoice) {
        JsonObject intent = payments.intent(account, invoice);
        return intent == null ? null : intent.getString("payment_method");
    }

    private void delinquent(String account, JsonObject invoice, boolean delinquent) {
        JsonObject customer = state.find(account, "customer", invoice.getString("customer"));
        if (customer != null && !customer.containsKey("deleted")) {
            customers.change(account, customer, it -> it.put("delinquent", delinquent));
        }
    }

    private @Nullable JsonObject invoiceOf(String account, JsonObject intent) {
        String id = state.notes(intent.getString("id")).getString("invoice");
        return id == null ? null : state.find(account, "invoice", id);
    }

    static boolean payable(JsonObject invoice) {
        return List.of("open", "uncollectible").contains(invoice.getString("status"));
    }

    static void requirePayable(JsonObject invoice) {
        if ("paid".equals(invoice.getString("status"))) {
            throw StripeError.invalid("Invoice is already paid");
        }
        if (!payable(invoice)) {
            throw StripeError.invalid("This invoice is " + invoice.getString("status") + " and can no longer be paid.");
        }
    }
}
