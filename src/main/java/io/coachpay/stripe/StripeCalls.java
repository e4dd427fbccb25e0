package io.coachpay.stripe;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.net.ApiResource.RequestMethod;
import com.stripe.net.RawRequestOptions;
import com.stripe.net.StripeResponse;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;

/**
 * Makes every call to Stripe: timed, traced, refused inside a database transaction, with named failures. The SDK authenticates,
 * pins the API version and retries; answers are read as plain JSON, because the SDK's classes follow one API version only.
 */
@Singleton
class StripeCalls {

    static final JsonMapper JSON = JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    /** Stripe's own limit. */
    static final int PAGE_SIZE = 100;

    /** A longer listing is not a search for one object any more. */
    private static final int MAX_PAGES = 50;

    private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(10);

    private static final int MAX_KEY_LENGTH = 255;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_]{1,255}");

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_]{1,255}");

    private final StripeClient client;
    private final MeterRegistry meters;
    private final Tracer tracer;
    private final Consumer<String> budget;
    private final StripeKey key;
    private final IntSupplier transactionStatus;

    @Inject
    StripeCalls(StripeSettings settings, MeterRegistry meters, Tracer tracer, StripeBudget budget, StripeKey key,
            TransactionSynchronizationRegistry transactions) {
        this(settings, meters, tracer, budget::take, key, transactions::getTransactionStatus);
    }

    /** @param budget receives the operation before each call; may wait, or refuse it */
    StripeCalls(StripeSettings settings, MeterRegistry meters, Tracer tracer, Consumer<String> budget, StripeKey key,
            IntSupplier transactionStatus) {
        this.client = client(settings);
        this.meters = meters;
        this.tracer = tracer;
        this.budget = budget;
        this.key = key;
        this.transactionStatus = transactionStatus;
    }

    /** Reads an object or a page. */
    JsonNode get(String operation, String path, StripeForm query, @Nullable String account) {
        String encoded = query.encoded();
        return call(operation, RequestMethod.GET, encoded.isEmpty() ? path : path + "?" + encoded, null,
                options(null, account));
    }

    /** Changes an object, once for each key. */
    JsonNode post(String operation, String path, StripeForm form, String idempotencyKey, @Nullable String account) {
        if (idempotencyKey.isBlank() || idempotencyKey.length() > MAX_KEY_LENGTH) {
            throw new IllegalArgumentException("An idempotency key has 1 to " + MAX_KEY_LENGTH + " characters");
        }
        return call(operation, RequestMethod.POST, path, form.encoded(), options(idempotencyKey, account));
    }

    /** Makes an object that may exist twice, such as a link; the key is the SDK's own. */
    JsonNode postAnew(String operation, String path, StripeForm form) {
        return call(operation, RequestMethod.POST, path, form.encoded(), options(null, null));
    }

    /** Deletes an object; deleting it again changes nothing. */
    JsonNode delete(String operation, String path) {
        return call(operation, RequestMethod.DELETE, path, null, options(null, null));
    }

    /** One page of a listing, newest first. */
    <T> StripePage<T> page(String operation, String path, StripeForm query, @Nullable String account,
            Function<JsonNode, T> parser) {
        JsonNode list = get(operation, path, query, account);
        JsonNode data = list.path("data");
        List<T> parsed = new ArrayList<>();
        data.forEach(object -> parsed.add(parser.apply(object)));
        boolean more = list.path("has_more").asBoolean() && !data.isEmpty();
        return new StripePage<>(parsed, more ? data.get(data.size() - 1).path("id").asText() : null);
    }

    /** A whole listing of the platform's; fails rather than return a part of it. */
    <T> List<T> all(String operation, String path, Listing listing, Function<JsonNode, T> parser) {
        return all(operation, path, null, listing, parser);
    }

    /** A whole listing of an account's; fails rather than return a part of it. */
    <T> List<T> all(String operation, String path, @Nullable String account, Listing listing,
            Function<JsonNode, T> parser) {
        List<T> all = new ArrayList<>();
        String after = null;
        for (int pages = 0; pages < MAX_PAGES; pages++) {
            StripePage<T> page = page(operation, path, listing.query().put("limit", PAGE_SIZE).put("starting_after", after),
                    account, parser);
            all.addAll(page.data());
            after = page.next();
            if (after == null) {
                return all;
            }
        }
        throw new IllegalStateException(operation + " lists more than " + MAX_PAGES * PAGE_SIZE + " objects");
    }

    /**
     * The matches in the newest part of a listing.
     *
     * @param whole whether that was all of it
     */
    record Sought<T>(List<T> found, boolean whole) {
    }

    /** Searches a listing of the platform's, newest first, until there is a match or it has become too long. */
    <T> Sought<T> seek(String operation, String path, Listing listing, Function<JsonNode, T> parser, Predicate<T> wanted) {
        String after = null;
        for (int pages = 0; pages < MAX_PAGES; pages++) {
            StripePage<T> page = page(operation, path, listing.query().put("limit", PAGE_SIZE).put("starting_after", after),
                    null,
                    parser);
            List<T> found = page.data().stream().filter(wanted).toList();
            after = page.next();
            if (!found.isEmpty() || after == null) {
                return new Sought<>(found, true);
            }
        }
        return new Sought<>(List.of(), false);
    }

    /**
     * The start of a listing of objects created at that moment of ours or later; it begins earlier, because Stripe's clock is
     * not ours.
     */
    static StripeForm since(Instant moment) {
        return new StripeForm().put("created[gte]", moment.minus(CLOCK_DIFFERENCE));
    }

    /**
     * A listing of objects created within a day of that moment of ours: a key lasts no longer, and later attempts look again
     * first. However long ago that was, it lists a day's objects.
     */
    static StripeForm withinADayOf(Instant moment) {
        return since(moment).put("created[lte]", moment.plus(Duration.ofDays(1)).plus(CLOCK_DIFFERENCE));
    }

    /** One page of a listing of objects created at that second or later, by Stripe's clock. */
    static StripeForm page(Instant since, @Nullable String after, int limit) {
        return new StripeForm().put("created[gte]", since).put("starting_after", after).put("limit", limit);
    }

    /** Makes the parameters of each page of a listing. */
    interface Listing {
        StripeForm query();
    }

    /**
     * An id that may be part of a path or a header. Any other text is not an id of Stripe's, so the object cannot exist, and
     * asking for it could ask for something else.
     */
    static String id(String operation, String id) {
        if (!ID.matcher(id).matches()) {
            throw new StripeRefused.ResourceMissing(
                    new StripeRefused.Reason(operation, 0, "resource_missing", null, "No such object"));
        }
        return id;
    }

    private JsonNode call(String operation, RequestMethod method, String path, @Nullable String content,
            RawRequestOptions options) {
        refuseInsideTransaction(operation);
        key.requireTaken(operation);
        budget.accept(operation);
        Span span = tracer.spanBuilder("stripe " + operation).setSpanKind(SpanKind.CLIENT).startSpan();
        Timer.Sample sample = Timer.start(meters);
        String outcome = "failed";
        try (Scope ignored = span.makeCurrent()) {
            JsonNode answer = send(operation, method, path, content, options, span);
            outcome = "ok";
            key.taken(operation);
            return answer;
        } catch (StripeRefused refused) {
            outcome = refused.outcome();
            key.refused(operation, refused);
            describe(span, refused);
            throw refused;
        } finally {
            sample.stop(Timer.builder("coachpay.stripe.calls").description("Calls to Stripe, retries included")
                    .tag("operation", operation).tag("outcome", outcome).register(meters));
            span.end();
        }
    }

    private JsonNode send(String operation, RequestMethod method, String path, @Nullable String content,
            RawRequestOptions options, Span span) {
        try {
            StripeResponse response = client.rawRequest(method, path, content, options);
            span.setAttribute("http.response.status_code", (long) response.code());
            if (response.requestId() != null) {
                span.setAttribute("stripe.request_id", response.requestId());
            }
            return JSON.readTree(response.body());
        } catch (StripeException failure) {
            throw StripeErrors.named(operation, failure, options.getStripeAccount() != null);
        } catch (JsonProcessingException notJson) {
            // A proxy between us and Stripe answered in its place.
            throw new StripeAway(new StripeRefused.Reason(operation, 200, null, null, "The answer was not JSON"), true, false);
        }
    }

    private static void describe(Span span, StripeRefused refused) {
        span.setStatus(StatusCode.ERROR, refused.outcome());
        span.setAttribute("http.response.status_code", (long) refused.reason().status());
        span.setAttribute("error.type", refused.outcome());
        String requestId = refused.reason().requestId();
        if (requestId != null) {
            span.setAttribute("stripe.request_id", requestId);
        }
    }

    private void refuseInsideTransaction(String operation) {
        if (transactionStatus.getAsInt() != Status.STATUS_NO_TRANSACTION) {
            throw new IllegalStateException(operation + " would hold a database transaction open while Stripe answers");
        }
    }

    private static RawRequestOptions options(@Nullable String idempotencyKey, @Nullable String account) {
        RawRequestOptions.RawRequestOptionsBuilder options = RawRequestOptions.builder();
        if (idempotencyKey != null) {
            options.setIdempotencyKey(idempotencyKey);
        }
        if (account != null) {
            options.setStripeAccount(id("account", account));
        }
        return options.build();
    }

    private static StripeClient client(StripeSettings settings) {
        if (!KEY.matcher(settings.secretKey()).matches()) {
            // A stray newline would otherwise end up, with the key, in the HTTP client's complaint.
            throw new IllegalStateException("coachpay.stripe.secret-key holds characters that no Stripe key has");
        }
        StripeClient.StripeClientBuilder builder = StripeClient.builder().setApiKey(settings.secretKey())
                .setConnectTimeout(Math.toIntExact(settings.connectTimeout().toMillis()))
                .setReadTimeout(Math.toIntExact(settings.readTimeout().toMillis()))
                .setMaxNetworkRetries(settings.networkRetries())
                .setHttpClient(new StripeTransport(settings.connectTimeout()));
        settings.apiBase().ifPresent(base -> builder.setApiBase(requireSafe(settings, base)));
        return builder.build();
    }

    /** A key that moves real money travels in a header, so it is only ever sent encrypted. */
    private static String requireSafe(StripeSettings settings, URI base) {
        if (settings.liveMode() && !"https".equals(base.getScheme())) {
            throw new IllegalStateException("coachpay.stripe.api-base must be https for a live key");
        }
        return base.toString().replaceAll("/+$", "");
    }
}
