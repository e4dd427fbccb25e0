package io.coachpay.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * Stripe's address for the service: knows PaymentIntents that no sandbox made and what they pay, and hands everything else on
 * to the sandbox.
 */
final class StripeFront implements AutoCloseable {

    private static final int THREADS = 8;
    private static final int OK = 200;
    /** Of one PaymentIntent, or of the payments of invoices by it. */
    private static final Pattern KNOWN = Pattern.compile(
            "/v1/payment_intents/(?<intent>\\w+)(?:\\?.*)?|/v1/invoice_payments\\?(?:.*&)?payment\\[payment_intent]=(?<payer>\\w+).*");
    /** Headers of one connection and not of the message, and those that the client sets by itself. */
    private static final List<String> NOT_HANDED_ON = List.of("connection", "content-length", "expect", "host",
            "http2-settings",
            "transfer-encoding", "upgrade", ":status");

    private final Map<String, byte[]> paymentIntents = new ConcurrentHashMap<>();
    private final Map<String, byte[]> payments = new ConcurrentHashMap<>();
    private final URI sandbox;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final HttpServer server;

    StripeFront(URI sandbox) throws IOException {
        this.sandbox = sandbox;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    String uri() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** The sandbox behind it. */
    URI sandbox() {
        return sandbox;
    }

    /** From now on answers with this PaymentIntent. */
    void know(String id, byte[] paymentIntent) {
        paymentIntents.put(id, paymentIntent);
    }

    /** From now on answers with this list, where the payments of invoices by that PaymentIntent are asked for. */
    void knowPayments(String paymentIntent, byte[] list) {
        payments.put(paymentIntent, list);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] known = exchange.getRequestMethod().equals("GET") ? known(exchange.getRequestURI()) : null;
            if (known == null) {
                handOn(exchange);
            } else {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.getResponseHeaders().set("Request-Id", "req_front");
                answer(exchange, OK, known);
            }
        }
    }

    private byte @Nullable [] known(URI asked) {
        Matcher known = KNOWN.matcher(asked.getPath() + (asked.getQuery() == null ? "" : "?" + asked.getQuery()));
        if (!known.matches()) {
            return null;
        }
        return known.group("intent") == null ? payments.get(known.group("payer")) : paymentIntents.get(known.group("intent"));
    }

    private void handOn(HttpExchange exchange) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(sandbox.resolve(exchange.getRequestURI().toString())).method(
                exchange.getRequestMethod(), BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
        copy(exchange.getRequestHeaders(), request::header);
        try {
            HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
            Headers headers = exchange.getResponseHeaders();
            copy(answer.headers().map(), headers::add);
            answer(exchange, answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Closed meanwhile", e);
        }
    }

    private static void copy(Map<String, List<String>> headers, BiConsumer<String, String> to) {
        headers.forEach((name, values) -> {
            if (!NOT_HANDED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> to.accept(name, value));
            }
        });
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
