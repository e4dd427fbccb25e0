package io.coachpay.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * A refusal in Stripe's shape, {@code {"error": {"type": …, "code": …, "message": …}}}.
 *
 * @see <a href="https://docs.stripe.com/api/errors">Stripe: errors</a>
 */
final class StripeError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient JsonObject error;
    private final boolean beforeExecution;
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    private StripeError(int status, JsonObject error, boolean beforeExecution) {
        // an expected answer, thrown often: a stack trace would add nothing
        super(error.getString("message"), null, false, false);
        this.status = status;
        this.error = error;
        this.beforeExecution = beforeExecution;
    }

    static StripeError invalid(String message) {
        return new StripeError(400, error("invalid_request_error", message), false);
    }

    static StripeError invalid(String message, String param) {
        return invalid(message).with("param", param);
    }

    static StripeError invalid(String code, String message, @Nullable String param) {
        StripeError refusal = invalid(message).with("code", code).with("doc_url", documentation(code));
        return param == null ? refusal : refusal.with("param", param);
    }

    static StripeError status(int status, String type, @Nullable String code, String message) {
        StripeError refusal = new StripeError(status, error(type, message), false);
        return code == null ? refusal : refusal.with("code", code).with("doc_url", documentation(code));
    }

    /** A refusal of parameters before the operation, so that nothing is stored under the idempotency key. */
    static StripeError malformed(String code, String message, String param) {
        JsonObject error = error("invalid_request_error", message).put("code", code).put("param", param)
                .put("doc_url", documentation(code));
        return new StripeError(400, error, true);
    }

    static StripeError missing(String param) {
        return malformed("parameter_missing", "Missing required param: " + param + ".", param);
    }

    static StripeError unknown(String param) {
        return malformed("parameter_unknown", "Received unknown parameter: " + param, param);
    }

    /** The object named in the path does not exist for the calling account. */
    static StripeError noSuch(String kind, String id) {
        String param = kind.equals("payment_intent") ? "intent" : "id";
        return status(404, "invalid_request_error", "resource_missing", noSuchMessage(kind, id)).with("param", param);
    }

    /** The object named by a parameter does not exist for the calling account. */
    static StripeError noSuch(String kind, String id, String param) {
        return invalid("resource_missing", noSuchMessage(kind, id), param);
    }

    static StripeError balanceInsufficient(String message) {
        return invalid("balance_insufficient", message, null);
    }

    /** Adds to the error object, for example the PaymentIntent that a card error carries. */
    StripeError with(String name, Object value) {
        error.put(name, value);
        return this;
    }

    /** Adds to the answer's headers. */
    StripeError withHeader(String name, String value) {
        headers.put(name, value);
        return this;
    }

    Map<String, String> headers() {
        return headers;
    }

    int status() {
        return status;
    }

    /** Whether the request failed before its operation began; Stripe keeps no result of such a request. */
    boolean beforeExecution() {
        return beforeExecution;
    }

    JsonObject body() {
        return new JsonObject().put("error", error.copy());
    }

    private static String noSuchMessage(String kind, String id) {
        return "No such " + (kind.equals("payment_method") ? "PaymentMethod" : kind) + ": '" + id + "'";
    }

    private static JsonObject error(String type, String message) {
        return Json.object("type", type, "message", message);
    }

    private static String documentation(String code) {
        return "https://stripe.com/docs/error-codes/" + code.replace('_', '-');
    }
}
