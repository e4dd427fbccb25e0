package io.coachpay.stripe;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

/**
 * Saved ways to pay, see <a href="https://docs.stripe.com/api/payment_methods">docs.stripe.com/api/payment_methods</a>.
 */
@ApplicationScoped
public class StripePaymentMethods {

    private static final String PATH = "/v1/payment_methods";

    private final StripeCalls calls;

    StripePaymentMethods(StripeCalls calls) {
        this.calls = calls;
    }

    /** All payment methods that a customer has saved, newest first. */
    public List<StripePaymentMethod> list(String customerId) {
        String operation = "payment_methods.list";
        String path = "/v1/customers/" + StripeCalls.id(operation, customerId) + "/payment_methods";
        return calls.all(operation, path, StripeForm::new, StripePaymentMethod::from);
    }

    /** Reads one. */
    public StripePaymentMethod retrieve(String paymentMethodId) {
        String operation = "payment_methods.retrieve";
        return StripePaymentMethod.from(calls.get(operation, path(operation, paymentMethodId), new StripeForm(), null));
    }

    /** Saves one for a customer; the bank may decline it, as {@link StripeRefused.CardDeclined}. */
    public StripePaymentMethod attach(String paymentMethodId, String customerId, String idempotencyKey) {
        String operation = "payment_methods.attach";
        StripeForm form = new StripeForm().put("customer", customerId);
        return StripePaymentMethod
                .from(calls.post(operation, path(operation, paymentMethodId) + "/attach", form, idempotencyKey, null));
    }

    /** Removes one from its customer, for good. */
    public StripePaymentMethod detach(String paymentMethodId, String idempotencyKey) {
        String operation = "payment_methods.detach";
        return StripePaymentMethod.from(
                calls.post(operation, path(operation, paymentMethodId) + "/detach", new StripeForm(), idempotencyKey, null));
    }

    /** Lets Stripe's page offer a method to its owner, who has agreed to that. */
    public StripePaymentMethod offer(String paymentMethodId, String idempotencyKey) {
        String operation = "payment_methods.update";
        StripeForm form = new StripeForm().put("allow_redisplay", "always");
        return StripePaymentMethod.from(calls.post(operation, path(operation, paymentMethodId), form, idempotencyKey, null));
    }

    private static String path(String operation, String paymentMethodId) {
        return PATH + "/" + StripeCalls.id(operation, paymentMethodId);
    }
}
