package io.coachpay.stripe;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

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

    /**
     * Makes a subscription. Nobody is charged before its first invoice is paid, until when it is incomplete; one that begins
     * with a trial is there at once. A trial that has no payment method at its end ends the subscription.
     * {@link StripeRefused.InvalidRequest#isPlaceUnknown} means that tax cannot be added: the customer's address is missing or
     * unknown.
     */
    public StripeSubscription create(NewStripeSubscription wanted, String idempotencyKey) {
        StripeForm form = new StripeForm().put("customer", wanted.customerId()).put("items[0][price]", wanted.priceId())
                .put("payment_behavior", "default_incomplete").put("billing_mode[type]", "flexible");
        if (wanted.trialDays() > 0) {
            form.put("trial_period_days", wanted.trialDays()).put("trial_settings[end_behavior][missing_payment_method]",
                    "cancel");
        }
        form.put("automatic_tax[enabled]", wanted.taxed() ? "true" : null).putMetadata("metadata", wanted.coachpayId(),
                Map.of());
        return StripeSubscription.from(calls.post("subscriptions.create", PATH, form, idempotencyKey, null));
    }

    /** Finds the subscriptions made for our row, newest first, also those that have ended; called before creating again. */
    public List<StripeSubscription> find(UUID coachpayId, String customerId, Instant since) {
        return calls
                .all("subscriptions.list", PATH,
                        () -> StripeCalls.since(since).put("customer", customerId).put("status", "all"),
                        StripeSubscription::from)
                .stream().filter(subscription -> subscription.isOf(coachpayId)).toList();
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

    /**
     * Changes the price of a subscription, and bills the difference at once as of that moment. The price changes when that is
     * paid; until then the change waits for a day or so.
     *
     * @param endsTrial whether a trial ends with the change, so that the first period begins now and is billed whole
     * @see <a href="https://docs.stripe.com/billing/subscriptions/pending-updates">Stripe: pending updates</a>
     */
    public StripeSubscription changePrice(String subscriptionId, String itemId, String priceId, Instant prorationDate,
            boolean endsTrial, String idempotencyKey) {
        StripeForm form = new StripeForm().put("items[0][id]", itemId).put("items[0][price]", priceId)
                .put("proration_behavior", "always_invoice").put("proration_date", prorationDate)
                .put("payment_behavior", "pending_if_incomplete").put("trial_end", endsTrial ? "now" : null);
        return update(subscriptionId, form, idempotencyKey);
    }

    /** Lets a paused subscription go on: a new period begins now, and it is active when that is paid. */
    public StripeSubscription resume(String subscriptionId, String idempotencyKey) {
        String operation = "subscriptions.resume";
        StripeForm form = new StripeForm().put("billing_cycle_anchor", "now").put("proration_behavior", "none");
        return StripeSubscription
                .from(calls.post(operation, path(operation, subscriptionId) + "/resume", form, idempotencyKey, null));
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
