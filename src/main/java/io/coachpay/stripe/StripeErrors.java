package io.coachpay.stripe;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.stripe.exception.StripeException;
import com.stripe.net.StripeResponse;

/**
 * Names Stripe's errors. Reads the raw body, not the SDK's classes, because those follow one API version. See
 * <a href="https://docs.stripe.com/error-codes">docs.stripe.com/error-codes</a>.
 */
final class StripeErrors {

    private static final Set<String> BALANCE = Set.of("balance_insufficient", "insufficient_funds");

    private static final Set<String> STATE = Set.of("charge_already_captured", "charge_already_refunded", "charge_disputed",
            "charge_expired_for_capture", "charge_not_refundable", "refund_disputed_payment");

    private static final Set<String> ACCOUNT = Set.of("insufficient_capabilities_for_transfer", "transfers_not_allowed",
            "payouts_not_allowed", "account_closed", "account_onboarding_incomplete", "no_account", "bank_account_unusable",
            "bank_account_declined", "invalid_account_number", "account_number_invalid", "routing_number_invalid",
            "instant_payouts_unsupported", "instant_payouts_config_disabled", "instant_payouts_currency_disabled",
            "instant_payouts_limit_exceeded", "payouts_limit_exceeded");

    /** The bank asks the payer; of an invoice's payment Stripe says so in a word of its own. */
    private static final Set<String> QUESTIONS = Set.of("authentication_required", "invoice_payment_intent_requires_action");

    private static final Set<String> BUSY = Set.of("rate_limit", "lock_timeout");

    private static final Set<String> KEY = Set.of("api_key_expired", "platform_account_required", "platform_api_key_expired",
            "secret_key_required");

    private static final Set<String> PERMISSION = Set.of("account_invalid", "application_fees_not_allowed");

    /**
     * Stripe's words about a key without a right, even in a call for an account. There is no code for it (verify): "The
     * provided key … does not have the required permissions for this endpoint on account …".
     */
    private static final Pattern RIGHT = Pattern.compile("required permissions|\\brak_\\w+");

    /** Keys and client secrets, in any sentence. */
    private static final Pattern SECRET = Pattern
            .compile("\\b(?:sk|rk|pk|whsec|ek)_[A-Za-z0-9_*]+|\\b[a-z]+_[A-Za-z0-9]+_secret_[A-Za-z0-9]+");

    private static final int MAX_MESSAGE = 500;

    /** The pause where Stripe gives none. */
    private static final Duration USUAL_PAUSE = Duration.ofSeconds(15);
    private static final long SHORTEST_PAUSE_SECONDS = 1;
    private static final long LONGEST_PAUSE_SECONDS = 60;

    private static final List<String> OBJECTS_IN_ERRORS = List.of("payment_intent", "setup_intent", "payment_method");

    private StripeErrors() {
    }

    /** @param forAccount whether the call was made for a connected account */
    static StripeRefused named(String operation, StripeException failure, boolean forAccount) {
        if (failure instanceof StripeTransport.Answered answered) {
            return named(operation, answered.response(), forAccount);
        }
        boolean unknown = !(failure instanceof StripeTransport.NoAnswer silence) || silence.mayHaveArrived();
        return new StripeAway(new StripeRefused.Reason(operation, 0, null, null, clean(failure.getMessage())), unknown, false);
    }

    private static StripeRefused named(String operation, StripeResponse response, boolean forAccount) {
        JsonNode error = error(response);
        StripeRefused.Reason reason = new StripeRefused.Reason(operation, response.code(), text(error, "code"),
                response.requestId(), message(error, response.code()));
        return byType(reason, error, response, forAccount);
    }

    private static StripeRefused byType(StripeRefused.Reason reason, JsonNode error, StripeResponse response,
            boolean forAccount) {
        String type = error.path("type").asText("");
        if (!error.isObject()) {
            // Not Stripe's own answer, but a proxy's; the call may have reached Stripe all the same.
            return new StripeAway(reason, true, isReplay(response));
        }
        if (type.equals("card_error")) {
            return cardError(reason, error);
        }
        if (type.equals("idempotency_error") && reason.status() != 409) {
            return new StripeRefused.KeyReused(reason);
        }
        if (reason.status() == 409) {
            return new StripeRefused.KeyInUse(reason);
        }
        if (reason.status() >= 500 || type.equals("api_error")) {
            return new StripeAway(reason, true, isReplay(response));
        }
        return byCode(reason, error, response, forAccount);
    }

    private static StripeRefused byCode(StripeRefused.Reason reason, JsonNode error, StripeResponse response,
            boolean forAccount) {
        String code = reason.code() == null ? "" : reason.code();
        if (reason.status() == 429 || BUSY.contains(code)) {
            return new StripeRefused.RateLimited(reason, pause(response));
        }
        if (BALANCE.contains(code)) {
            return new StripeRefused.InsufficientBalance(reason);
        }
        if (code.endsWith("_unexpected_state") || STATE.contains(code)) {
            return new StripeRefused.UnexpectedState(reason, object(error));
        }
        if (ACCOUNT.contains(code)) {
            return new StripeRefused.AccountNotReady(reason);
        }
        if (reason.status() == 401 || KEY.contains(code)) {
            return new StripeAway.KeyRefused(reason, false);
        }
        if (PERMISSION.contains(code)) {
            return new StripeRefused.NotPermitted(reason);
        }
        if (reason.status() == 403) {
            boolean right = !forAccount || RIGHT.matcher(reason.message()).find();
            return right ? new StripeAway.KeyRefused(reason, true) : new StripeRefused.NotPermitted(reason);
        }
        if (reason.status() == 404 || code.equals("resource_missing")) {
            return new StripeRefused.ResourceMissing(reason, text(error, "param"));
        }
        return new StripeRefused.InvalidRequest(reason, text(error, "param"));
    }

    private static StripeRefused cardError(StripeRefused.Reason reason, JsonNode error) {
        String declineCode = text(error, "decline_code");
        JsonNode payment = error.path("payment_intent");
        StripePaymentIntent paymentIntent = payment.isObject() ? StripePaymentIntent.from(payment) : null;
        if (QUESTIONS.contains(String.valueOf(reason.code())) || "authentication_required".equals(declineCode)) {
            return new StripeRefused.AuthenticationRequired(reason, paymentIntent);
        }
        return new StripeRefused.CardDeclined(reason, declineCode, paymentIntent);
    }

    private static @Nullable JsonNode object(JsonNode error) {
        return OBJECTS_IN_ERRORS.stream().map(error::path).filter(JsonNode::isObject).findFirst().orElse(null);
    }

    private static JsonNode error(StripeResponse response) {
        try {
            return StripeCalls.JSON.readTree(response.body()).path("error");
        } catch (JsonProcessingException notJson) {
            return MissingNode.getInstance();
        }
    }

    private static boolean isReplay(StripeResponse response) {
        return response.headers().firstValue("Idempotent-Replayed").map("true"::equals).orElse(false);
    }

    private static Duration pause(StripeResponse response) {
        return response.headers().firstValue("Retry-After").filter(text -> text.matches("[0-9]{1,5}")).map(Long::parseLong)
                .map(seconds -> Math.max(SHORTEST_PAUSE_SECONDS, Math.min(seconds, LONGEST_PAUSE_SECONDS)))
                .map(Duration::ofSeconds).orElse(USUAL_PAUSE);
    }

    private static String message(JsonNode error, int status) {
        String message = text(error, "message");
        return message == null ? "HTTP status " + status : clean(message);
    }

    private static String clean(@Nullable String message) {
        String line = message == null ? "no message" : message.replaceAll("\\p{Cntrl}+", " ");
        String safe = SECRET.matcher(line).replaceAll("***");
        return safe.length() <= MAX_MESSAGE ? safe : safe.substring(0, MAX_MESSAGE);
    }

    private static @Nullable String text(JsonNode error, String field) {
        JsonNode value = error.path(field);
        return value.isTextual() ? value.textValue() : null;
    }
}
