package io.coachpay.stripe;

import java.time.Instant;
import java.util.Map;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A payment at Stripe, see <a href="https://docs.stripe.com/api/payment_intents/object">docs.stripe.com</a>.
 *
 * @param amount what the payer is to pay
 * @param amountReceived what has come in; zero until it succeeded
 * @param applicationFee the platform's part, null without one
 * @param destinationId the connected account that gets the rest, null without one
 * @param transferAmount what it gets instead of all; null where all is sent on, the platform's part with it
 * @param latestChargeId the last attempt, successful or not
 * @param latestCharge the same, if Stripe was asked to send it along
 * @param paymentMethodType the type of the attempt or, failing that, the only type allowed; null if unknown
 * @param lastError why the last attempt failed, null after a success
 * @param clientSecret lets a browser pay; never printed
 */
public record StripePaymentIntent(String id, Status status, Money amount, Money amountReceived,
        @Nullable String customerId, @Nullable Money applicationFee, @Nullable String destinationId,
        @Nullable Money transferAmount,
        @Nullable String onBehalfOf, @Nullable String transferGroup, @Nullable String latestChargeId,
        @Nullable StripeCharge latestCharge, @Nullable String paymentMethodId, @Nullable String paymentMethodType,
        @Nullable LastError lastError, @Nullable NextAction nextAction, @Nullable String clientSecret,
        @Nullable String cancellationReason, @Nullable Instant canceledAt, Map<String, String> metadata, Instant created,
        boolean liveMode) implements StripeTagged {

    public static final String OBJECT = "payment_intent";

    /** The state of a payment, see <a href="https://docs.stripe.com/payments/paymentintents/lifecycle">its lifecycle</a>. */
    public enum Status {
        REQUIRES_PAYMENT_METHOD,
        REQUIRES_CONFIRMATION,
        REQUIRES_ACTION,
        PROCESSING,
        REQUIRES_CAPTURE,
        CANCELED,
        SUCCEEDED,
        /** A status that a newer API version added. */
        UNKNOWN;

        private static Status of(String text) {
            return switch (text) {
                case "requires_payment_method", "requires_source" -> REQUIRES_PAYMENT_METHOD;
                case "requires_confirmation" -> REQUIRES_CONFIRMATION;
                case "requires_action", "requires_source_action" -> REQUIRES_ACTION;
                case "processing" -> PROCESSING;
                case "requires_capture" -> REQUIRES_CAPTURE;
                case "canceled" -> CANCELED;
                case "succeeded" -> SUCCEEDED;
                default -> UNKNOWN;
            };
        }
    }

    /**
     * The reason of a failed attempt; the message is Stripe's, written for the payer.
     *
     * @param fingerprint of the method that was tried; null where Stripe does not say
     */
    public record LastError(@Nullable String type, @Nullable String code, @Nullable String declineCode,
            @Nullable String message, @Nullable String chargeId, @Nullable String paymentMethodId,
            @Nullable String fingerprint) {

        /** Whether the card was refused, and not the call. */
        public boolean isOfCard() {
            return "card_error".equals(type);
        }
    }

    /** The action that the payer has to take, and its address, which is for the payer alone and never printed. */
    public record NextAction(String type, @Nullable String url) {
        @Override
        public String toString() {
            return "NextAction[" + type + "]";
        }
    }

    /** Reads Stripe's JSON of a payment intent, from an answer, an event or a listing. */
    public static StripePaymentIntent from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        Money amount = fields.requiredMoney("amount");
        StripeCharge charge = charge(fields);
        String latestChargeId = fields.reference("latest_charge");
        return new StripePaymentIntent(fields.required("id"), Status.of(fields.required("status")), amount,
                fields.moneyOrZero("amount_received", amount), fields.reference("customer"),
                fields.money("application_fee_amount"), fields.at("transfer_data").reference("destination"),
                fields.at("transfer_data").money("amount", fields.text("currency")),
                fields.reference("on_behalf_of"), fields.text("transfer_group"),
                latestChargeId == null && charge != null ? charge.id() : latestChargeId, charge, paymentMethodId(fields),
                paymentMethodType(fields, charge), lastError(fields), nextAction(fields), fields.text("client_secret"),
                fields.text("cancellation_reason"), fields.instant("canceled_at"), fields.metadata(), fields.created(),
                fields.flag("livemode"));
    }

    /** Before 2022-11-15 the charges came as a list, newest first. */
    private static @Nullable StripeCharge charge(StripeFields fields) {
        if (fields.at("latest_charge").isPresent()) {
            return StripeCharge.from(fields.at("latest_charge").json());
        }
        return fields.data("charges").stream().findFirst().map(StripeCharge::from).orElse(null);
    }

    private static @Nullable String paymentMethodId(StripeFields fields) {
        String id = fields.reference("payment_method");
        return id == null ? fields.reference("source") : id;
    }

    private static @Nullable String paymentMethodType(StripeFields fields, @Nullable StripeCharge charge) {
        if (charge != null && charge.paymentMethodType() != null) {
            return charge.paymentMethodType();
        }
        String type = fields.at("payment_method").text("type");
        return type == null && fields.list("payment_method_types").size() == 1
                ? fields.list("payment_method_types").get(0)
                : type;
    }

    private static @Nullable LastError lastError(StripeFields fields) {
        StripeFields error = fields.at("last_payment_error");
        if (!error.isPresent()) {
            return null;
        }
        return new LastError(error.text("type"), error.text("code"), error.text("decline_code"), error.text("message"),
                error.reference("charge"), error.reference("payment_method"), fingerprint(error.at("payment_method")));
    }

    private static @Nullable String fingerprint(StripeFields method) {
        return method.isPresent() ? StripePaymentMethod.from(method.json()).fingerprint() : null;
    }

    private static @Nullable NextAction nextAction(StripeFields fields) {
        StripeFields action = fields.at("next_action").isPresent() ? fields.at("next_action") : fields.at("next_source_action");
        if (!action.isPresent()) {
            return null;
        }
        return new NextAction(action.text("type", "unknown"), action.at("redirect_to_url").text("url"));
    }

    @Override
    public String toString() {
        return "StripePaymentIntent[" + id + ", " + status + ", " + amount + "]";
    }
}
