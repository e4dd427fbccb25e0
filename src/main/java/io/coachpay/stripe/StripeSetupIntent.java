package io.coachpay.stripe;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A payment method being saved without paying, see
 * <a href="https://docs.stripe.com/api/setup_intents/object">docs.stripe.com</a>.
 *
 * @param paymentMethod the method itself, if Stripe was asked to send it along
 * @param lastError why the last attempt failed, null after a success
 * @param clientSecret lets a browser finish it; never printed
 */
public record StripeSetupIntent(String id, Status status, @Nullable String customerId, @Nullable String paymentMethodId,
        @Nullable StripePaymentMethod paymentMethod, @Nullable LastError lastError, @Nullable String clientSecret,
        Map<String, String> metadata, Instant created) implements StripeTagged {

    public static final String OBJECT = "setup_intent";

    /** The state of a setup, see <a href="https://docs.stripe.com/payments/paymentintents/lifecycle">its lifecycle</a>. */
    public enum Status {
        /** Waits for its owner: for a method, for another one after a refusal, or for the bank's question. */
        OPEN,
        SUCCEEDED,
        CANCELED,
        /** A status that a newer API version added. */
        UNKNOWN;

        private static Status of(String text) {
            return switch (text) {
                case "requires_payment_method", "requires_confirmation", "requires_action", "processing" -> OPEN;
                case "succeeded" -> SUCCEEDED;
                case "canceled" -> CANCELED;
                default -> UNKNOWN;
            };
        }
    }

    /**
     * A refusal.
     *
     * @param code Stripe's, such as {@code card_declined}
     * @param message Stripe's words, written for the owner
     * @param paymentMethodId the refused method
     * @param fingerprint of that method; null where Stripe does not say
     */
    public record LastError(@Nullable String code, @Nullable String message, @Nullable String paymentMethodId,
            @Nullable String fingerprint) {
    }

    /** Reads Stripe's JSON of a setup intent. */
    public static StripeSetupIntent from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        StripeFields method = fields.at("payment_method");
        StripeFields error = fields.at("last_setup_error");
        return new StripeSetupIntent(fields.required("id"), Status.of(fields.required("status")), fields.reference("customer"),
                fields.reference("payment_method"), method.isPresent() ? StripePaymentMethod.from(method.json()) : null,
                error.isPresent() ? lastError(error) : null, fields.text("client_secret"), fields.metadata(), fields.created());
    }

    private static LastError lastError(StripeFields error) {
        StripeFields method = error.at("payment_method");
        return new LastError(error.text("code"), error.text("message"), error.reference("payment_method"),
                method.isPresent() ? StripePaymentMethod.from(method.json()).fingerprint() : null);
    }

    @Override
    public String toString() {
        return "StripeSetupIntent[" + id + ", " + status + "]";
    }
}
