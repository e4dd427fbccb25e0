package io.coachpay.stripe;

import java.time.Instant;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

/**
 * The invoices by which subscriptions are paid, see
 * <a href="https://docs.stripe.com/api/invoices">docs.stripe.com/api/invoices</a>.
 */
@ApplicationScoped
public class StripeSubscriptionInvoices {

    private static final String PATH = "/v1/invoices";

    private final StripeCalls calls;

    StripeSubscriptionInvoices(StripeCalls calls) {
        this.calls = calls;
    }

    /**
     * Pays an open invoice with this method. A declined card is {@link StripeRefused.CardDeclined}, a question of its bank
     * {@link StripeRefused.AuthenticationRequired}; {@link StripeRefused.UnexpectedState} means that it is not open any more.
     */
    public void pay(String invoiceId, String paymentMethodId, String idempotencyKey) {
        String operation = "invoices.pay";
        StripeForm form = new StripeForm().put("payment_method", paymentMethodId);
        try {
            calls.post(operation, path(operation, invoiceId) + "/pay", form, idempotencyKey, null);
        } catch (StripeRefused.InvalidRequest refused) {
            // Stripe has no code for an invoice that is paid or void by now.
            throw refused.parameter() == null ? new StripeRefused.UnexpectedState(refused.reason(), null) : refused;
        }
    }

    /** The client secret with which a browser pays an open invoice, or answers the bank; null where nothing is to be paid. */
    public @Nullable String clientSecret(String invoiceId) {
        String operation = "invoices.retrieve";
        StripeForm query = new StripeForm().put("expand[]", "confirmation_secret");
        StripeFields invoice = StripeFields.of(calls.get(operation, path(operation, invoiceId), query, null), "invoice");
        return "open".equals(invoice.text("status")) ? invoice.at("confirmation_secret").text("client_secret") : null;
    }

    /** Works out the invoice of a change of price as of that moment; nothing is stored. */
    public StripeInvoicePreview preview(String subscriptionId, String itemId, String priceId, Instant prorationDate) {
        StripeForm form = new StripeForm().put("subscription", subscriptionId)
                .put("subscription_details[items][0][id]", itemId)
                .put("subscription_details[items][0][price]", priceId)
                .put("subscription_details[proration_behavior]", "always_invoice")
                .put("subscription_details[proration_date]", prorationDate);
        return StripeInvoicePreview.from(calls.postAnew("invoices.create_preview", PATH + "/create_preview", form));
    }

    private static String path(String operation, String invoiceId) {
        return PATH + "/" + StripeCalls.id(operation, invoiceId);
    }
}
