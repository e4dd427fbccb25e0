package io.coachpay.stripe;

import java.time.Instant;
import java.util.Map;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A visit to Stripe's payment page, see <a href="https://docs.stripe.com/api/checkout/sessions/object">docs.stripe.com</a>.
 *
 * @param paymentStatus whether money has come: {@code complete} alone does not say so
 * @param url the page, null when it is over; for the payer alone, and never printed
 * @param total the price, null in setup mode
 * @param paymentIntentId null until the payer begins to pay
 * @param setupIntent of a page in setup mode, if Stripe was asked to send it along
 */
public record StripeCheckoutSession(String id, Status status, PaymentStatus paymentStatus, @Nullable String mode,
        @Nullable String url, @Nullable Money total, @Nullable String paymentIntentId,
        @Nullable StripePaymentIntent paymentIntent, @Nullable String setupIntentId, @Nullable StripeSetupIntent setupIntent,
        @Nullable String subscriptionId,
        @Nullable String customerId, @Nullable String customerEmail, @Nullable String clientReferenceId,
        @Nullable Instant expiresAt, Map<String, String> metadata, Instant created) implements StripeTagged {

    public static final String OBJECT = "checkout.session";

    /** Whether the page can still be used. */
    public enum Status {
        OPEN,
        COMPLETE,
        EXPIRED,
        /** A status that a newer API version added, or a missing one as before 2021: fetch the session to know. */
        UNKNOWN;

        private static Status of(String text) {
            return switch (text) {
                case "open" -> OPEN;
                case "complete" -> COMPLETE;
                case "expired" -> EXPIRED;
                default -> UNKNOWN;
            };
        }
    }

    /** Whether the money has come. */
    public enum PaymentStatus {
        PAID,
        UNPAID,
        NO_PAYMENT_REQUIRED,
        /** A status that a newer API version added. */
        UNKNOWN;

        private static PaymentStatus of(String text) {
            return switch (text) {
                case "paid" -> PAID;
                case "unpaid" -> UNPAID;
                case "no_payment_required" -> NO_PAYMENT_REQUIRED;
                default -> UNKNOWN;
            };
        }
    }

    /** Reads Stripe's JSON of a Checkout Session. */
    public static StripeCheckoutSession from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        StripeFields payment = fields.at("payment_intent");
        StripeFields setup = fields.at("setup_intent");
        String email = fields.at("customer_details").text("email");
        return new StripeCheckoutSession(fields.required("id"), Status.of(fields.text("status", "")),
                PaymentStatus.of(fields.text("payment_status", "")), fields.text("mode"), fields.text("url"),
                fields.money("amount_total"), fields.reference("payment_intent"),
                payment.isPresent() ? StripePaymentIntent.from(payment.json()) : null, fields.reference("setup_intent"),
                setup.isPresent() ? StripeSetupIntent.from(setup.json()) : null,
                fields.reference("subscription"), fields.reference("customer"),
                email == null ? fields.text("customer_email") : email, fields.text("client_reference_id"),
                fields.instant("expires_at"), fields.metadata(), fields.created());
    }

    @Override
    public String toString() {
        return "StripeCheckoutSession[" + id + ", " + status + ", " + paymentStatus + ", " + total + "]";
    }
}
