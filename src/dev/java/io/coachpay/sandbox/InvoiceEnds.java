package io.coachpay.sandbox;

import io.vertx.core.json.JsonObject;

/** Other ends of an invoice than a payment at Stripe: paid elsewhere, voided, given up, or left alone. */
final class InvoiceEnds {

    private final State state;
    private final VirtualClock clock;
    private final Events events;
    private final PaymentIntents intents;
    private final CustomerBalance balance;
    private final InvoicePayments payments;
    private final Collection collection;

    InvoiceEnds(State state, VirtualClock clock, Events events, PaymentIntents intents, CustomerBalance balance,
            InvoicePayments payments, Collection collection) {
        this.state = state;
        this.clock = clock;
        this.events = events;
        this.intents = intents;
        this.balance = balance;
        this.payments = payments;
        this.collection = collection;
    }

    /** Takes an invoice as paid to the platform outside of Stripe. */
    void payOutside(String account, JsonObject invoice, long tooMuch) {
        Collection.requirePayable(invoice);
        requireNoPayment(account, invoice, "pay");
        cancelPayment(account, invoice, "void_invoice");
        long remaining = invoice.getLong("amount_remaining");
        payments.outside(account, invoice);
        collection.conclude(account, invoice, remaining);
        if (tooMuch > 0) {
            JsonObject before = invoice.copy();
            invoice.put("amount_overpaid", tooMuch);
            events.send(account, "invoice.overpaid", invoice);
            events.sendUpdate(account, "invoice.updated", invoice, before);
        }
    }

    /** Tells that an open invoice has waited for long. */
    void isOverdue(String account, JsonObject invoice) {
        Collection.requirePayable(invoice);
        events.send(account, "invoice.overdue", invoice);
    }

    /** Voids an invoice: nothing is asked for any more, and the balance gets back what was applied of it. */
    void voidIt(String account, JsonObject invoice) {
        if (!Collection.payable(invoice)) {
            throw StripeError.invalid("You can only void an invoice that is open or uncollectible. This invoice is "
                    + invoice.getString("status") + ".");
        }
        requireNoPayment(account, invoice, "void");
        close(account, invoice, "void", "voided_at", "invoice.voided");
        cancelPayment(account, invoice, "void_invoice");
        JsonObject customer = state.find(account, "customer", invoice.getString("customer"));
        long applied = invoice.getLong("starting_balance") - invoice.getLong("ending_balance");
        if (applied != 0 && customer != null && !customer.containsKey("deleted")) {
            balance.move(account, customer, applied, "unapplied_from_invoice", invoice.getString("id"));
        }
        collection.closed(account, invoice);
    }

    private void requireNoPayment(String account, JsonObject invoice, String verb) {
        if (isUnderWay(account, invoice)) {
            throw StripeError.invalid("You can't " + verb + " this invoice while a payment of it is processing.");
        }
    }

    /** Whether the bank of the payment takes its time. */
    boolean isUnderWay(String account, JsonObject invoice) {
        JsonObject intent = payments.intent(account, invoice);
        return intent != null && "processing".equals(intent.getString("status"));
    }

    /** Gives an invoice up; it can still be paid. */
    void giveUp(String account, JsonObject invoice) {
        if (!"open".equals(invoice.getString("status"))) {
            throw StripeError.invalid("You can only mark an open invoice as uncollectible. This invoice is "
                    + invoice.getString("status") + ".");
        }
        close(account, invoice, "uncollectible", "marked_uncollectible_at", "invoice.marked_uncollectible");
        collection.closed(account, invoice);
    }

    /** Stops the schedule, as the end of a subscription does. */
    void stop(String account, JsonObject invoice) {
        JsonObject before = invoice.copy();
        invoice.put("auto_advance", false).put("next_payment_attempt", null).put("automatically_finalizes_at", null);
        events.sendUpdate(account, "invoice.updated", invoice, before);
    }

    private void close(String account, JsonObject invoice, String status, String transition, String event) {
        JsonObject before = invoice.copy();
        invoice.put("status", status).put("auto_advance", false).put("next_payment_attempt", null)
                .getJsonObject("status_transitions").put(transition, clock.seconds());
        events.send(account, event, invoice);
        events.sendUpdate(account, "invoice.updated", invoice, before);
    }

    void cancelPayment(String account, JsonObject invoice, String reason) {
        JsonObject payment = payments.of(account, invoice);
        JsonObject intent = payments.intent(account, invoice);
        if (payment != null && intent != null && PaymentIntents.isOpen(intent)) {
            intents.cancel(account, intent, reason);
            payments.cancel(payment);
        }
    }
}
