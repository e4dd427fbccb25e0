package io.coachpay.stripe;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.StripeException;
import com.stripe.net.HttpClient;
import com.stripe.net.HttpContent;
import com.stripe.net.HttpHeaders;
import com.stripe.net.StripeRequest;
import com.stripe.net.StripeResponse;

/**
 * Carries the SDK's requests on the JDK's client, which keeps as many connections alive as there are calls at once; the SDK's
 * own keeps five. Also remembers, over all attempts of one call, whether any of them may have reached Stripe.
 */
final class StripeTransport extends HttpClient {

    private final java.net.http.HttpClient http;

    StripeTransport(Duration connectTimeout) {
        // HTTP/1.1 everywhere: one behaviour with Stripe, proxies and the sandbox, and no upgrade to negotiate.
        this.http = java.net.http.HttpClient.newBuilder().version(java.net.http.HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout).build();
    }

    @Override
    public StripeResponse request(StripeRequest request) throws StripeException {
        return send(request);
    }

    @Override
    public StripeResponse requestWithRetries(StripeRequest request) throws StripeException {
        StripeResponse response = new Attempts().requestWithRetries(request);
        if (response.code() < 200 || response.code() >= 300) {
            throw new Answered(response);
        }
        return response;
    }

    /**
     * Stripe, or a proxy before it, answered with an error. It is passed on unread, because the SDK reads it into classes of
     * one API version and fails on an empty body.
     */
    static final class Answered extends StripeException {

        private final transient StripeResponse response;

        private Answered(StripeResponse response) {
            super("HTTP status " + response.code(), response.requestId(), null, response.code());
            this.response = response;
        }

        StripeResponse response() {
            return response;
        }
    }

    /** The attempts of one call: the SDK decides on retries, this remembers the result of those that failed. */
    private final class Attempts extends HttpClient {

        private boolean mayHaveArrived;

        @Override
        public StripeResponse request(StripeRequest request) throws StripeException {
            try {
                StripeResponse response = send(request);
                mayHaveArrived = true;
                return response;
            } catch (NoAnswer failure) {
                mayHaveArrived |= failure.mayHaveArrived;
                throw mayHaveArrived ? failure.afterArrival() : failure;
            }
        }
    }

    /** No answer came. The cause is of a kind that makes the SDK try again. */
    static final class NoAnswer extends ApiConnectionException {

        private final boolean mayHaveArrived;
        private final IOException failure;

        private NoAnswer(boolean mayHaveArrived, IOException failure) {
            super(failure.getMessage(), failure);
            this.failure = failure;
            this.mayHaveArrived = mayHaveArrived;
        }

        boolean mayHaveArrived() {
            return mayHaveArrived;
        }

        private NoAnswer afterArrival() {
            return mayHaveArrived ? this : new NoAnswer(true, failure);
        }
    }

    private StripeResponse send(StripeRequest request) throws NoAnswer {
        Duration limit = Duration.ofMillis((long) request.options().getConnectTimeout() + request.options().getReadTimeout());
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(toHttp(request),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        try {
            // The client's own timeout ends with the headers; waiting here bounds the body too.
            HttpResponse<String> response = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return new StripeResponse(response.statusCode(), HttpHeaders.of(response.headers().map()), response.body());
        } catch (TimeoutException slow) {
            answer.cancel(true);
            throw new NoAnswer(true, new SocketTimeoutException("No answer within " + limit));
        } catch (InterruptedException interrupted) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new NoAnswer(true, new InterruptedIOException("Interrupted while waiting for an answer"));
        } catch (ExecutionException failed) {
            throw noAnswer(failed);
        }
    }

    private static NoAnswer noAnswer(ExecutionException failed) {
        Throwable failure = failed.getCause();
        if (failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException) {
            return new NoAnswer(false, causedBy(failure, new ConnectException("No connection")));
        }
        if (failure instanceof IOException) {
            // A reset or an early end is as repeatable as a timeout: every request carries a key.
            return new NoAnswer(true, causedBy(failure, new SocketTimeoutException("No answer")));
        }
        throw new IllegalStateException("The HTTP client failed", failed);
    }

    private static IOException causedBy(Throwable cause, IOException failure) {
        failure.initCause(cause);
        return failure;
    }

    private static HttpRequest toHttp(StripeRequest request) {
        HttpRequest.Builder http = HttpRequest.newBuilder(URI.create(request.url().toString()));
        request.headers().map().forEach((name, values) -> http.setHeader(name, String.join(",", values)));
        http.setHeader("User-Agent", buildUserAgentString(request));
        http.setHeader("X-Stripe-Client-User-Agent", buildXStripeClientUserAgentString());
        HttpContent content = request.content();
        if (content == null) {
            return http.method(request.method().name(), HttpRequest.BodyPublishers.noBody()).build();
        }
        http.setHeader("Content-Type", content.contentType());
        return http.method(request.method().name(), HttpRequest.BodyPublishers.ofByteArray(content.byteArrayContent()))
                .build();
    }
}
