package io.coachpay.stripe;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import io.coachpay.inbox.EventSource;

/**
 * Events at Stripe and the current state of objects, as raw JSON: events keep their own API version, objects come in the pinned
 * one. See <a href="https://docs.stripe.com/api/events">docs.stripe.com/api/events</a>. The account null is the platform.
 */
@ApplicationScoped
public class StripeEvents {

    private static final Map<String, String> PATHS = Map.ofEntries(Map.entry("account", "/v1/accounts/"),
            Map.entry("application_fee", "/v1/application_fees/"),
            Map.entry("balance_transaction", "/v1/balance_transactions/"), Map.entry("charge", "/v1/charges/"),
            Map.entry("checkout.session", "/v1/checkout/sessions/"), Map.entry("credit_note", "/v1/credit_notes/"),
            Map.entry("customer", "/v1/customers/"), Map.entry("dispute", "/v1/disputes/"),
            Map.entry("event", "/v1/events/"), Map.entry("invoice", "/v1/invoices/"),
            Map.entry("invoice_payment", "/v1/invoice_payments/"), Map.entry("payment_intent", "/v1/payment_intents/"),
            Map.entry("payment_method", "/v1/payment_methods/"), Map.entry("payout", "/v1/payouts/"),
            Map.entry("price", "/v1/prices/"), Map.entry("product", "/v1/products/"), Map.entry("refund", "/v1/refunds/"),
            Map.entry("setup_intent", "/v1/setup_intents/"), Map.entry("subscription", "/v1/subscriptions/"),
            Map.entry("topup", "/v1/topups/"), Map.entry("transfer", "/v1/transfers/"));

    /** A listing to fetch: the payments of an invoice, or those by a PaymentIntent, whose id is given. */
    public static final String PAYMENTS_OF_INVOICE = "list of invoice_payment";

    private final StripeCalls calls;

    StripeEvents(StripeCalls calls) {
        this.calls = calls;
    }

    /**
     * One page of an account's events, newest first; Stripe keeps them for 30 days.
     *
     * @param types the wanted ones, of which Stripe takes {@link EventSource#MOST_TYPES} at most
     * @param since those created at this second or later
     * @param after the last page's {@code next}, null for the first page
     * @param limit how many to ask for, 1 to 100
     */
    public StripePage<JsonNode> list(@Nullable String accountId, Collection<String> types, Instant since,
            @Nullable String after, int limit) {
        if (types.size() > EventSource.MOST_TYPES) {
            throw new IllegalArgumentException("Stripe does not filter by " + types.size() + " types");
        }
        StripeForm query = StripeCalls.page(since, after, limit).putEach("types", new TreeSet<>(types));
        return calls.page("events.list", "/v1/events", query, accountId, event -> event);
    }

    /** Whether {@link #fetch} can read objects of this type. */
    public boolean canFetch(String type) {
        return PATHS.containsKey(type) || StripeBalanceSettings.OBJECT.equals(type);
    }

    /**
     * Reads an object as it is now, by the type in its field {@code object}. Balance settings have no id of their own; the
     * given one is ignored. A charge comes with its newest refunds, a SetupIntent with its payment method, an invoice with all
     * of its lines.
     */
    public JsonNode fetch(String type, String id, @Nullable String accountId) {
        String operation = type.replace('.', '_') + ".fetch";
        if (StripeBalanceSettings.OBJECT.equals(type)) {
            return calls.get(operation, "/v1/balance_settings", new StripeForm(), accountId);
        }
        if (StripeInvoice.OBJECT.equals(type)) {
            return StripeInvoices.json(calls, id);
        }
        if (PAYMENTS_OF_INVOICE.equals(type)) {
            return StripeInvoices.payments(calls, id);
        }
        String path = PATHS.get(type);
        if (path == null) {
            throw new IllegalArgumentException("Objects of type " + type + " cannot be fetched");
        }
        // An account is the platform's to read, although its events come from itself.
        String reader = StripeAccount.OBJECT.equals(type) ? null : accountId;
        StripeForm query = new StripeForm();
        if (StripeCharge.OBJECT.equals(type)) {
            query.put("expand[]", "refunds");
        } else if (StripeSetupIntent.OBJECT.equals(type)) {
            query.put("expand[]", "payment_method");
        }
        return calls.get(operation, path + StripeCalls.id(operation, id), query, reader);
    }

    /** Reads the object that a balance transaction names as its cause; a missing node where it names none. */
    public JsonNode source(@Nullable String accountId, String balanceTransactionId) {
        String operation = "balance_transactions.source";
        String path = "/v1/balance_transactions/" + StripeCalls.id(operation, balanceTransactionId);
        JsonNode source = calls.get(operation, path, new StripeForm().put("expand[]", "source"), accountId).path("source");
        return source.isObject() ? source : MissingNode.getInstance();
    }
}
