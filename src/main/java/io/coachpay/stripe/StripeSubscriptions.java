package io.coachpay.stripe;

import jakarta.enterprise.context.ApplicationScoped;

/**
 * Stripe's subscriptions, see
 * <a href="https://docs.stripe.com/api/subscriptions">docs.stripe.com/api/subscriptions</a>.
 */
@ApplicationScoped
public class StripeSubscriptions {

    private static final String PATH = "/v1/subscriptions";

    private final StripeCalls calls;

    StripeSubscriptions(StripeCalls calls) {
        this.calls = calls;
    }

    /** Reads a subscription, also one that has ended. */
    public StripeSubscription retrieve(String subscriptionId) {
        String operation = "subscriptions.retrieve";
        return StripeSubscription.from(calls.get(operation, path(operation, subscriptionId), new StripeForm(), null));
    }

    /** Lets a subscription end with its period. */
    public StripeSubscription endWithPeriod(String subscriptionId, String idempotencyKey) {
        return update(subscriptionId, new StripeForm().put("cancel_at_period_end", true), idempotencyKey);
    }

    /**
     * Lets a subscription go on that was to end. Stripe takes one of the two parameters at a time.
     *
     * @param withPeriod whether it was to end with its period; otherwise at a moment, as people choose in the portal
     */
    public StripeSubscription goOn(String subscriptionId, boolean withPeriod, String idempotencyKey) {
        StripeForm form = withPeriod ? new StripeForm().put("cancel_at_period_end", false)
                : new StripeForm().put("cancel_at", "");
        return update(subscriptionId, form, idempotencyKey);
    }

    /** Takes away a subscription's own payment method, so that it is paid with the customer's default. */
    public StripeSubscription clearPaymentMethod(String subscriptionId, String idempotencyKey) {
        return update(subscriptionId, new StripeForm().put("default_payment_method", ""), idempotencyKey);
    }

    private StripeSubscription update(String subscriptionId, StripeForm form, String idempotencyKey) {
        String operation = "subscriptions.update";
        return StripeSubscription.from(calls.post(operation, path(operation, subscriptionId), form, idempotencyKey, null));
    }

    /**
     * Ends a subscription now, without a last invoice. {@link StripeRefused.ResourceMissing} means that it has ended already:
     * retrieve it.
     */
    public StripeSubscription cancel(String subscriptionId) {
        String operation = "subscriptions.cancel";
        return StripeSubscription.from(calls.delete(operation, path(operation, subscriptionId)));
    }

    private static String path(String operation, String subscriptionId) {
        return PATH + "/" + StripeCalls.id(operation, subscriptionId);
    }
}
