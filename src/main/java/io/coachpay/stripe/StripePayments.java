package io.coachpay.stripe;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

/**
 * Payments without Stripe's page, see
 * <a href="https://docs.stripe.com/api/payment_intents">docs.stripe.com/api/payment_intents</a>. Answers carry the latest
 * charge. A declined card is {@link StripeRefused.CardDeclined}; the payment then waits for another.
 */
@ApplicationScoped
public class StripePayments {

    private static final String PATH = "/v1/payment_intents";

    private final StripeCalls calls;

    StripePayments(StripeCalls calls) {
        this.calls = calls;
    }

    /** Creates a payment. Nobody is charged before it is confirmed: by a browser with its client secret, or by us. */
    public StripePaymentIntent create(NewStripePayment payment, String idempotencyKey) {
        StripeForm form = form(payment).put("automatic_payment_methods[allow_redirects]", "always")
                .put("setup_future_usage", payment.saveCard() ? "off_session" : null);
        return post("payment_intents.create", PATH, form, idempotencyKey);
    }

    /**
     * Tries a payment, first or again, with this method.
     *
     * @param returnUrl where the payer returns after authenticating on another page; methods that need one are refused without
     *        it
     */
    public StripePaymentIntent confirm(String paymentIntentId, String paymentMethodId, @Nullable String returnUrl,
            String idempotencyKey) {
        String operation = "payment_intents.confirm";
        StripeForm form = new StripeForm().put("payment_method", paymentMethodId).put("return_url", returnUrl);
        return post(operation, path(operation, paymentIntentId) + "/confirm", form, idempotencyKey);
    }

    /** Reads a payment with its latest charge. */
    public StripePaymentIntent retrieve(String paymentIntentId) {
        String operation = "payment_intents.retrieve";
        StripeForm query = new StripeForm().put("expand[]", "latest_charge");
        return StripePaymentIntent.from(calls.get(operation, path(operation, paymentIntentId), query, null));
    }

    /**
     * Cancels a payment. {@link StripeRefused.UnexpectedState} means that it succeeded, is processing or was canceled before;
     * it carries the payment, or else retrieve it.
     */
    public StripePaymentIntent cancel(String paymentIntentId, String idempotencyKey) {
        String operation = "payment_intents.cancel";
        return post(operation, path(operation, paymentIntentId) + "/cancel", new StripeForm(), idempotencyKey);
    }

    /** Finds the payments made for our row, newest first; called before creating again. */
    public List<StripePaymentIntent> find(UUID coachpayId, String customerId, Instant since) {
        return calls
                .all("payment_intents.list", PATH, () -> StripeCalls.since(since).put("customer", customerId),
                        StripePaymentIntent::from)
                .stream().filter(payment -> payment.isOf(coachpayId)).toList();
    }

    /** Reads a charge. */
    public StripeCharge retrieveCharge(String chargeId) {
        String operation = "charges.retrieve";
        String path = "/v1/charges/" + StripeCalls.id(operation, chargeId);
        return StripeCharge.from(calls.get(operation, path, new StripeForm(), null));
    }

    private StripePaymentIntent post(String operation, String path, StripeForm form, String idempotencyKey) {
        return StripePaymentIntent
                .from(calls.post(operation, path, form.put("expand[]", "latest_charge"), idempotencyKey, null));
    }

    private static StripeForm form(NewStripePayment payment) {
        StripeForm form = new StripeForm().putAmount("amount", payment.amount()).putCurrency("currency", payment.amount())
                .put("customer", payment.customerId()).put("automatic_payment_methods[enabled]", true)
                .putEach("excluded_payment_method_types", NewStripePayment.DELAYED_METHODS);
        return payment.putOn(form, "");
    }

    private static String path(String operation, String paymentIntentId) {
        return PATH + "/" + StripeCalls.id(operation, paymentIntentId);
    }
}
