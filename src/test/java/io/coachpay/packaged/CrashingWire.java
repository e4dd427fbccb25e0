package io.coachpay.packaged;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** Forwards requests to a server; at a chosen one it kills a process, before or after the request took effect. */
final class CrashingWire implements AutoCloseable {

    /** The moment of the kill. */
    enum Moment {
        /** The request was sent and never arrives. */
        BEFORE_THE_EFFECT,
        /** The request takes effect, and its answer never arrives. */
        AFTER_THE_EFFECT
    }

    private record Trap(Pattern request, Moment moment, Runnable killing) {
    }

    private final HttpServer server;
    private final URI target;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicReference<@Nullable Trap> trap = new AtomicReference<>();

    CrashingWire(URI target) throws IOException {
        this.target = target;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::carry);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Sets the trap, once; {@code request} is method and path, such as {@code POST /v1/refunds}. */
    void killAt(String request, Moment moment, Runnable killing) {
        trap.set(new Trap(Pattern.compile(request), moment, killing));
    }

    /** Whether a request has sprung the trap. */
    boolean sprung() {
        return trap.get() == null;
    }

    private void carry(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        Trap set = trap.get();
        boolean caught = set != null && set.request().matcher(request).matches() && trap.compareAndSet(set, null);
        try (exchange) {
            if (caught && set.moment() == Moment.BEFORE_THE_EFFECT) {
                set.killing().run();
                return;
            }
            HttpResponse<byte[]> answer = client.send(onward(exchange), HttpResponse.BodyHandlers.ofByteArray());
            if (caught) {
                set.killing().run();
                return;
            }
            answer.headers().map().forEach((name, values) -> {
                if (!name.equalsIgnoreCase("content-length") && !name.equalsIgnoreCase("transfer-encoding")) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpRequest onward(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        HttpRequest.Builder request = HttpRequest.newBuilder(target.resolve(exchange.getRequestURI().toString())).method(
                exchange.getRequestMethod(),
                body.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
        for (String name : new String[] { "Authorization", "Content-Type", "Idempotency-Key", "Stripe-Account",
                "Stripe-Version",
                "Stripe-Signature", "User-Agent" }) {
            Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).ifPresent(value -> request.header(name, value));
        }
        return request.build();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
