package io.coachpay.sandbox;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;

/**
 * The API's front: checks the caller, whether the key was used before, and the parameters, and only then runs the operation.
 * The fault plan may strike between these steps.
 */
final class Api {

    private static final Logger LOG = System.getLogger(Api.class.getName());
    private static final long SILENCE_MILLIS = 30_000;
    private static final int LONGEST_KEY = 255;

    private final Routes<Endpoint> routes = new Routes<>();
    private final Vertx vertx;
    private final Ids ids;
    private final Faults faults;
    private final ApiKeys apiKeys;
    private final RateLimits limits;
    private final IdempotencyKeys keys;
    private final Accounts accounts;
    private final Events events;
    private final Expansion expansion;
    private final Runnable changed;

    /** One operation of the API; it runs to its end on the event loop. */
    interface Operation {
        JsonObject run(Call call);
    }

    private record Endpoint(Shape shape, Operation operation) {
    }

    /** A request with the data of its operation; the key's scope is null where no key applies. */
    private record Exchange(HttpServerRequest request, String requestId, String account, Parameters parameters,
            Routes.Match<Endpoint> match, @Nullable String key, @Nullable String scope) {
    }

    /** @param changed is run after each operation, whether it was refused or not */
    Api(Vertx vertx, Ids ids, Faults faults, ApiKeys apiKeys, RateLimits limits, IdempotencyKeys keys, Accounts accounts,
            Events events, Expansion expansion, Runnable changed) {
        this.vertx = vertx;
        this.ids = ids;
        this.faults = faults;
        this.apiKeys = apiKeys;
        this.limits = limits;
        this.keys = keys;
        this.accounts = accounts;
        this.events = events;
        this.expansion = expansion;
        this.changed = changed;
    }

    void get(String path, String parameters, Operation operation) {
        routes.add("GET", path, new Endpoint(Shape.of(parameters), operation));
    }

    void post(String path, String parameters, Operation operation) {
        routes.add("POST", path, new Endpoint(Shape.of(parameters), operation));
    }

    void delete(String path, Operation operation) {
        delete(path, "", operation);
    }

    void delete(String path, String parameters, Operation operation) {
        routes.add("DELETE", path, new Endpoint(Shape.of(parameters), operation));
    }

    void serve(HttpServerRequest request, Buffer body) {
        String requestId = ids.next("req_");
        Faults.Fault fault = faults.forRequest(request.method().name(), request.path());
        if (fault != null && strikesBefore(fault, request, requestId)) {
            return;
        }
        Exchange exchange;
        try {
            exchange = admit(request, body, requestId);
            Answer replayed = exchange.scope == null ? null : keys.begin(exchange.scope, fingerprint(request, body));
            if (replayed != null) {
                send(request, requestId, replayed);
                return;
            }
        } catch (StripeError refusal) {
            send(request, requestId, Answer.of(refusal));
            return;
        }
        if (fault != null && fault.what().equals("latency")) {
            vertx.setTimer(Math.max(1, fault.millis()), timer -> conclude(exchange, null));
            return;
        }
        conclude(exchange, fault);
    }

    /** Applies faults that have no effect on the state. Returns whether the request ends here. */
    private boolean strikesBefore(Faults.Fault fault, HttpServerRequest request, String requestId) {
        switch (fault.what()) {
            case "429" -> send(request, requestId, limited(fault.rule()));
            case "500_before" -> send(request, requestId, Answer.of(failure()).with("Stripe-Should-Retry", "true"));
            case "error" -> send(request, requestId, Answer.of(planned(fault.rule())));
            case "refuse" -> request.connection().close();
            case "no_answer" -> vertx.setTimer(fault.millis() > 0 ? fault.millis() : SILENCE_MILLIS,
                    timer -> request.connection().close());
            default -> {
                return false;
            }
        }
        return true;
    }

    private Exchange admit(HttpServerRequest request, Buffer body, String requestId) {
        String sentAccount = request.getHeader("Stripe-Account");
        apiKeys.admit(request.getHeader("Authorization"), request.method().name(), request.path(),
                sentAccount == null ? "acct_platform" : sentAccount);
        Routes.Match<Endpoint> match = routes.find(request.method().name(), request.path());
        if (match == null) {
            throw StripeError.status(404, "invalid_request_error", null, "Unrecognized request URL (" + request.method() + ": "
                    + request.path() + "). Please see https://stripe.com/docs.");
        }
        limits.admit(match.target());
        String account = account(sentAccount);
        String query = request.query() == null ? "" : request.query();
        Map<String, Object> tree = Form.parse(query, body.toString(StandardCharsets.UTF_8));
        String method = request.method().name();
        tree.keySet().removeAll(faults.lacking(method, request.path(), "parameters"));
        match.target().shape.check(tree);
        boolean keyless = faults.lacking(method, request.path(), "headers").contains("Idempotency-Key");
        String key = method.equals("POST") && !keyless ? request.getHeader("Idempotency-Key") : null;
        if (key != null && key.length() > LONGEST_KEY) {
            throw StripeError.invalid("Idempotency keys are at most 255 characters long.");
        }
        return new Exchange(request, requestId, account, new Parameters(tree), match, key,
                key == null ? null : account + "|" + key);
    }

    private void conclude(Exchange exchange, Faults.@Nullable Fault fault) {
        Answer answer = run(exchange);
        if (fault != null && fault.what().equals("500_after")) {
            answer = Answer.of(failure()).with("Stripe-Should-Retry", "false");
        }
        if (exchange.scope != null) {
            keys.end(exchange.scope, answer);
        }
        if (fault != null && fault.what().equals("lost_answer")) {
            vertx.setTimer(Math.max(1, fault.millis()), timer -> exchange.request.connection().close());
            return;
        }
        send(exchange.request, exchange.requestId, answer);
    }

    private Answer run(Exchange exchange) {
        Call call = new Call(exchange.account, exchange.request.path(), exchange.match.variables(), exchange.parameters,
                exchange.requestId, exchange.key);
        events.causedBy(call);
        try {
            JsonObject answer = exchange.match.target().operation.run(call);
            return Answer.json(200, expansion.expand(call.account(), answer, call.parameters().texts("expand")));
        } catch (StripeError refusal) {
            if (refusal.beforeExecution() && exchange.scope != null) {
                keys.forget(exchange.scope);
            }
            return Answer.of(refusal);
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, "The sandbox failed in " + exchange.request.method() + " " + call.path(), bug);
            return Answer.of(failure());
        } finally {
            events.causedBy(null);
            changed.run();
        }
    }

    private String account(@Nullable String header) {
        if (header == null || header.isEmpty()) {
            return State.PLATFORM;
        }
        accounts.requireConnected(header);
        return header;
    }

    private static StripeError failure() {
        return StripeError.status(500, "api_error", null, "An unknown error occurred");
    }

    private static Answer limited(JsonObject rule) {
        Answer answer = Answer.of(StripeError.status(429, "invalid_request_error", "rate_limit",
                "Too many requests hit the API too quickly.")).with("Stripe-Should-Retry", "false");
        return rule.containsKey("retryAfter") ? answer.with("Retry-After", rule.getInteger("retryAfter").toString()) : answer;
    }

    private static String fingerprint(HttpServerRequest request, Buffer body) {
        return request.method() + " " + request.uri() + " " + body.toString(StandardCharsets.UTF_8);
    }

    private static void send(HttpServerRequest request, String requestId, Answer answer) {
        String version = request.getHeader("Stripe-Version");
        Answer complete = answer.with("Request-Id", requestId).with("Stripe-Version",
                version == null ? Events.API_VERSION : version);
        String account = request.getHeader("Stripe-Account");
        String key = request.getHeader("Idempotency-Key");
        complete = account == null ? complete : complete.with("Stripe-Account", account);
        complete = key == null ? complete : complete.with("Idempotency-Key", key);
        complete.send(request.response());
    }

    private static StripeError planned(JsonObject rule) {
        StripeError planned = StripeError.status(rule.getInteger("status", 400),
                rule.getString("type", "invalid_request_error"), rule.getString("code"),
                rule.getString("message", "This was planned."));
        return rule.containsKey("param") ? planned.with("param", rule.getString("param")) : planned;
    }
}
