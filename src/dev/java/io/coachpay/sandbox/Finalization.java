package io.coachpay.sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Makes a draft an open invoice: taxed, with the customer's balance applied, numbered, and with a payment to be made.
 *
 * @see <a href="https://docs.stripe.com/invoicing/overview">Stripe: the lifecycle of an invoice</a>
 */
final class Finalization {

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final Customers customers;
    private final CustomerBalance balance;
    private final PaymentIntents intents;
    private final InvoicePayments payments;
    private final String base;

    Finalization(State state, Ids ids, VirtualClock clock, Events events, Customers customers, CustomerBalance balance,
            PaymentIntents intents, InvoicePayments payments, String base) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.customers = customers;
        this.balance = balance;
        this.intents = intents;
        this.payments = payments;
        this.base = base;
    }

    /**
     * Finalizes a draft, or leaves it one, with an event, if its tax cannot be worked out.
     *
     * @param paid the payment that was made before there was an invoice, or null
     * @return whether the invoice is open now
     */
    boolean run(String account, JsonObject invoice, @Nullable JsonObject paid) {
        JsonObject customer = customers.require(account, invoice.getString("customer"), "customer");
        InvoiceObject.customerFields(invoice, customer);
        List<JsonObject> lines = Invoices.lines(state, invoice);
        InvoiceObject.total(invoice, lines, state, customer.getLong("balance"));
        Invoices.show(state, invoice);
        if ("requires_location_inputs".equals(invoice.getJsonObject("automatic_tax").getString("status"))) {
            JsonObject error = Json.object("code", "customer_tax_location_invalid", "doc_url",
                    "https://stripe.com/docs/error-codes/customer-tax-location-invalid", "message",
                    "The customer's location isn't recognized. Set a valid customer address in order to automatically"
                            + " calculate tax.",
                    "type", "invalid_request_error");
            invoice.put("last_finalization_error", error).put("automatically_finalizes_at", null).put("next_payment_attempt",
                    null);
            events.send(account, "invoice.finalization_failed", invoice);
            return false;
        }
        applyBalance(account, invoice, customer);
        open(invoice, customer);
        JsonObject intent = paid != null || invoice.getLong("amount_due") == 0 ? paid : intent(account, invoice);
        events.send(account, "invoice.finalized", invoice);
        if (intent != null) {
            payments.open(account, invoice, intent);
        }
        return true;
    }

    private void applyBalance(String account, JsonObject invoice, JsonObject customer) {
        long start = customer.getLong("balance");
        long owed = invoice.getLong("total") + start;
        boolean small = owed > 0 && owed < Currencies.minimum(invoice.getString("currency"));
        long end = invoice.getLong("total") < 0 || owed < 0 || small ? owed : 0;
        long due = owed > 0 && !small ? owed - end : 0;
        if (end != start) {
            balance.move(account, customer, end - start, small ? "invoice_too_small" : "applied_to_invoice",
                    invoice.getString("id"));
        }
        invoice.put("ending_balance", end).put("amount_due", due).put("amount_remaining", due);
    }

    private void open(JsonObject invoice, JsonObject customer) {
        String id = invoice.getString("id");
        long sequence = customer.getLong("next_invoice_sequence");
        customer.put("next_invoice_sequence", sequence + 1);
        String token = ids.random(24);
        state.notes(id).put("token", token);
        invoice.put("status", "open").put("number", customer.getString("invoice_prefix")
                + String.format(Locale.ROOT, "-%04d", sequence)).put("effective_at", clock.seconds())
                .put("webhooks_delivered_at", clock.seconds()).put("automatically_finalizes_at", null)
                .put("next_payment_attempt", null).put("last_finalization_error", null)
                .put("hosted_invoice_url", base + "/i/" + id + "/" + token)
                .put("invoice_pdf", base + "/i/" + id + "/" + token + "/pdf");
        invoice.getJsonObject("status_transitions").put("finalized_at", clock.seconds());
    }

    private JsonObject intent(String account, JsonObject invoice) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("customer", invoice.getString("customer"));
        data.put("description", description(invoice));
        data.put("payment_method_types", Map.of("0", "card"));
        if (InvoiceObject.subscription(invoice) != null) {
            data.put("setup_future_usage", "off_session");
        }
        JsonObject intent = intents.create(account, invoice.getLong("amount_due"), invoice.getString("currency"),
                new Parameters(data));
        JsonObject method = chosen(account, invoice);
        if (method != null) {
            intent.put("payment_method", method.getString("id")).put("status", "requires_confirmation");
        }
        return intent;
    }

    /** The method to charge: the invoice's, its subscription's or its customer's; null if there is none. */
    @Nullable
    JsonObject chosen(String account, JsonObject invoice) {
        String own = invoice.getString("default_payment_method");
        String id = InvoiceObject.subscription(invoice);
        JsonObject subscription = id == null ? null : state.find(account, "subscription", id);
        if (own == null && subscription != null) {
            own = subscription.getString("default_payment_method");
        }
        JsonObject customer = state.find(account, "customer", invoice.getString("customer"));
        if (own == null && customer != null && customer.getJsonObject("invoice_settings") != null) {
            own = customer.getJsonObject("invoice_settings").getString("default_payment_method");
        }
        JsonObject method = own == null ? null : state.find(account, "payment_method", own);
        return method == null || method.getString("customer") == null ? null : method;
    }

    static String description(JsonObject invoice) {
        return switch (invoice.getString("billing_reason")) {
            case "subscription_create" -> "Subscription creation";
            case "subscription_update", "subscription_cycle" -> "Subscription update";
            default -> "Payment for Invoice";
        };
    }
}
