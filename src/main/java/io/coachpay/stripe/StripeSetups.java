package io.coachpay.stripe;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

/**
 * Payment methods being saved without a payment, see
 * <a href="https://docs.stripe.com/api/setup_intents">docs.stripe.com/api/setup_intents</a>. Answers carry the method.
 */
@ApplicationScoped
public class StripeSetups {

    private static final String PATH = "/v1/setup_intents";

    private final StripeCalls calls;

    StripeSetups(StripeCalls calls) {
        this.calls = calls;
    }

    /**
     * Begins to save a method for payments without its owner; a browser finishes it with the client secret. Methods that
     * payments refuse, as their outcome comes days later, are not offered.
     */
    public StripeSetupIntent create(UUID coachpayId, String customerId, String idempotencyKey) {
        StripeForm form = new StripeForm().put("customer", customerId).put("automatic_payment_methods[enabled]", true)
                .put("usage", "off_session").put("expand[]", "payment_method")
                .putEach("excluded_payment_method_types", NewStripePayment.DELAYED_METHODS)
                .putMetadata("metadata", coachpayId, Map.of());
        return StripeSetupIntent.from(calls.post("setup_intents.create", PATH, form, idempotencyKey, null));
    }

    /** Reads one. */
    public StripeSetupIntent retrieve(String setupIntentId) {
        String operation = "setup_intents.retrieve";
        StripeForm query = new StripeForm().put("expand[]", "payment_method");
        return StripeSetupIntent.from(calls.get(operation, path(operation, setupIntentId), query, null));
    }

    /** Ends one. {@link StripeRefused.UnexpectedState} means that it was over: retrieve it to see whether it succeeded. */
    public StripeSetupIntent cancel(String setupIntentId, String idempotencyKey) {
        String operation = "setup_intents.cancel";
        StripeForm form = new StripeForm().put("cancellation_reason", "abandoned").put("expand[]", "payment_method");
        return StripeSetupIntent
                .from(calls.post(operation, path(operation, setupIntentId) + "/cancel", form, idempotencyKey, null));
    }

    /** Finds those made for our row, newest first; called before creating again. */
    public List<StripeSetupIntent> find(UUID coachpayId, String customerId, Instant since) {
        return calls
                .all("setup_intents.list", PATH, () -> StripeCalls.since(since).put("customer", customerId),
                        StripeSetupIntent::from)
                .stream().filter(setup -> setup.isOf(coachpayId)).toList();
    }

    private static String path(String operation, String setupIntentId) {
        return PATH + "/" + StripeCalls.id(operation, setupIntentId);
    }
}
