package io.coachpay.sandbox;

import io.vertx.core.json.JsonObject;

/**
 * The reason why a card was not charged.
 *
 * @see <a href="https://docs.stripe.com/declines/codes">Stripe: decline codes</a>
 */
record Decline(String code, String declineCode, String message) {

    static Decline of(TestCard card) {
        return new Decline(card.code(), card.declineCode(), message(card.declineCode()));
    }

    static Decline insufficientFunds() {
        return new Decline("card_declined", "insufficient_funds", message("insufficient_funds"));
    }

    static Decline authenticationRequired() {
        return new Decline("authentication_required", "authentication_required",
                "Your card was declined. This transaction requires authentication.");
    }

    static Decline authenticationFailed(String kind) {
        return new Decline(kind + "_authentication_failure", "", "The provided PaymentMethod has failed authentication. You can"
                + " provide payment_method_data or a new PaymentMethod to attempt to fulfill this intent again.");
    }

    /** The decline as it is in an intent's {@code last_payment_error}, and in the answer. */
    JsonObject json(JsonObject paymentMethod) {
        JsonObject error = Json.object("code", code, "doc_url", "https://stripe.com/docs/error-codes/" + code.replace('_', '-'),
                "message", message, "payment_method", paymentMethod.copy(), "type", "card_error");
        if (!declineCode.isEmpty()) {
            error.put("decline_code", declineCode);
        }
        return error;
    }

    StripeError error() {
        StripeError error = StripeError.status(402, "card_error", code, message);
        return declineCode.isEmpty() ? error : error.with("decline_code", declineCode);
    }

    private static String message(String declineCode) {
        return switch (declineCode) {
            case "insufficient_funds" -> "Your card has insufficient funds.";
            case "expired_card" -> "Your card has expired.";
            case "incorrect_cvc" -> "Your card's security code is incorrect.";
            case "processing_error" -> "An error occurred while processing your card. Try again in a little bit.";
            case "card_velocity_exceeded" ->
                "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.";
            case "test_mode_live_card" -> "Your card was declined. Your request was in test mode, but used a non test card.";
            default -> "Your card was declined.";
        };
    }
}
