package io.coachpay.stripe;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.joda.money.CurrencyUnit;
import org.jspecify.annotations.Nullable;

import io.coachpay.money.StripeAmounts;

/**
 * Payments on Stripe's page, see
 * <a href="https://docs.stripe.com/api/checkout/sessions">docs.stripe.com/api/checkout/sessions</a>.
 */
@ApplicationScoped
public class StripeCheckouts {

    private static final String PATH = "/v1/checkout/sessions";

    private final StripeCalls calls;

    StripeCheckouts(StripeCalls calls) {
        this.calls = calls;
    }

    /**
     * Opens a page for one payment. The price is inline, without promotion codes and without adaptive pricing, so that the
     * payer pays exactly the row's amount.
     *
     * @param productId what the page sells and shows the name of, {@code prod_…}; null for none: it shows the payment's
     *        description
     * @param delayedMethods whether the page offers methods whose outcome comes days later
     * @param expiresAt when the page closes: at least 30 minutes and at most 24 hours after its creation
     * @param successUrl where the payer returns to; {@code {CHECKOUT_SESSION_ID}} in it becomes the session's id
     * @param cancelUrl where payers go who leave
     */
    public StripeCheckoutSession create(NewStripePayment payment, @Nullable String productId, boolean delayedMethods,
            Instant expiresAt,
            String successUrl, String cancelUrl, String idempotencyKey) {
        StripeForm form = new StripeForm().put("mode", "payment").put("customer", payment.customerId())
                .put("client_reference_id", payment.coachpayId().toString())
                .put("line_items[0][quantity]", 1)
                .putCurrency("line_items[0][price_data][currency]", payment.amount())
                .putAmount("line_items[0][price_data][unit_amount]", payment.amount())
                .put("line_items[0][price_data][product]", productId)
                .put("line_items[0][price_data][product_data][name]", productId == null ? payment.description() : null)
                .put("adaptive_pricing[enabled]", false).put("expires_at", expiresAt).put("success_url", successUrl)
                .put("cancel_url", cancelUrl)
                .put("saved_payment_method_options[payment_method_save]", payment.saveCard() ? "enabled" : null)
                .putEach("excluded_payment_method_types", delayedMethods ? List.of() : NewStripePayment.DELAYED_METHODS)
                .putMetadata("metadata", payment.coachpayId(), payment.metadata());
        payment.putOn(form, "payment_intent_data");
        return StripeCheckoutSession.from(calls.post("checkout_sessions.create", PATH, form, idempotencyKey, null));
    }

    /**
     * Opens a page on which a customer saves a payment method without paying. It offers none whose outcome comes days later,
     * since payments refuse those.
     *
     * @param currency that later payments are usually in; Stripe offers what can pay in it
     * @param successUrl where customers return to who saved one; {@code {CHECKOUT_SESSION_ID}} in it becomes the session's id
     * @param cancelUrl where customers go who leave
     */
    public StripeCheckoutSession createSetup(UUID coachpayId, String customerId, CurrencyUnit currency, String successUrl,
            String cancelUrl, String idempotencyKey) {
        StripeForm form = new StripeForm().put("mode", "setup").put("customer", customerId)
                .put("client_reference_id", coachpayId.toString()).put("currency", StripeAmounts.code(currency))
                .put("success_url", successUrl).put("cancel_url", cancelUrl)
                .putEach("excluded_payment_method_types", NewStripePayment.DELAYED_METHODS)
                .putMetadata("metadata", coachpayId, Map.of())
                .putMetadata("setup_intent_data[metadata]", coachpayId, Map.of());
        return StripeCheckoutSession.from(calls.post("checkout_sessions.create_setup", PATH, form, idempotencyKey, null));
    }

    /** Reads a session of setup mode with the method that was saved. */
    public StripeCheckoutSession retrieveSetup(String sessionId) {
        String operation = "checkout_sessions.retrieve";
        StripeForm query = new StripeForm().put("expand[]", "setup_intent.payment_method");
        return StripeCheckoutSession.from(calls.get(operation, path(operation, sessionId), query, null));
    }

    /**
     * Opens a page on which a subscription begins. Stripe makes the subscription after the page has been paid, or a card has
     * been saved for the end of its trial; both carry our row's id. A trial whose card is gone by then ends with it. Where tax
     * is added, the page asks for the
     * address, and Stripe keeps it with the customer.
     *
     * @param expiresAt when the page closes: at least 30 minutes and at most 24 hours after its creation
     */
    public StripeCheckoutSession subscribe(NewStripeSubscription subscription, Instant expiresAt, String successUrl,
            String cancelUrl, String idempotencyKey) {
        boolean trial = subscription.trialDays() > 0;
        StripeForm form = new StripeForm().put("mode", "subscription").put("customer", subscription.customerId())
                .put("client_reference_id", subscription.coachpayId().toString()).put("line_items[0][quantity]", 1)
                .put("line_items[0][price]", subscription.priceId()).put("payment_method_collection", "always")
                .put("adaptive_pricing[enabled]", false).put("expires_at", expiresAt).put("success_url", successUrl)
                .put("cancel_url", cancelUrl).putMetadata("metadata", subscription.coachpayId(), Map.of())
                .put("subscription_data[billing_mode][type]", "flexible");
        if (trial) {
            form.put("subscription_data[trial_period_days]", subscription.trialDays())
                    .put("subscription_data[trial_settings][end_behavior][missing_payment_method]", "cancel");
        }
        if (subscription.taxed()) {
            form.put("automatic_tax[enabled]", true).put("billing_address_collection", "required")
                    .put("customer_update[address]", "auto").put("customer_update[name]", "auto");
        }
        form.putMetadata("subscription_data[metadata]", subscription.coachpayId(), Map.of());
        return StripeCheckoutSession.from(calls.post("checkout_sessions.create", PATH, form, idempotencyKey, null));
    }

    /** Reads a session with its payment. */
    public StripeCheckoutSession retrieve(String sessionId) {
        String operation = "checkout_sessions.retrieve";
        StripeForm query = new StripeForm().put("expand[]", "payment_intent.latest_charge");
        return StripeCheckoutSession.from(calls.get(operation, path(operation, sessionId), query, null));
    }

    /**
     * Closes the page. {@link StripeRefused.UnexpectedState} means that it was not open any more: retrieve it to see whether
     * somebody paid.
     */
    public StripeCheckoutSession expire(String sessionId, String idempotencyKey) {
        String operation = "checkout_sessions.expire";
        try {
            return StripeCheckoutSession
                    .from(calls.post(operation, path(operation, sessionId) + "/expire", new StripeForm(), idempotencyKey,
                            null));
        } catch (StripeRefused.InvalidRequest notOpen) {
            // Stripe has no code for this; the call has no parameters that could be wrong instead.
            throw new StripeRefused.UnexpectedState(notOpen.reason(), null);
        }
    }

    /** Finds the sessions made for our row, newest first; called before creating again. */
    public List<StripeCheckoutSession> find(UUID coachpayId, String customerId, Instant since) {
        return calls
                .all("checkout_sessions.list", PATH, () -> StripeCalls.since(since).put("customer", customerId),
                        StripeCheckoutSession::from)
                .stream().filter(session -> session.isOf(coachpayId)).toList();
    }

    private static String path(String operation, String sessionId) {
        return PATH + "/" + StripeCalls.id(operation, sessionId);
    }
}
