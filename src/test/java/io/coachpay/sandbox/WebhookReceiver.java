package io.coachpay.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;

import com.sun.net.httpserver.HttpServer;

import io.vertx.core.json.JsonObject;

/** An endpoint that keeps the events it receives. */
final class WebhookReceiver implements AutoCloseable {

    private final HttpServer server;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private volatile ToIntFunction<Received> answer = any -> 200;

    record Received(String path, byte[] body, String signature) {

        JsonObject event() {
            return new JsonObject(new String(body, java.nio.charset.StandardCharsets.UTF_8));
        }

        String type() {
            return event().getString("type");
        }

        boolean signedWith(String secret) {
            long seconds = Long.parseLong(signature.substring(2, signature.indexOf(',')));
            return signature.equals(Signature.header(List.of(secret), seconds, body));
        }
    }

    WebhookReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
        server.createContext("/", exchange -> {
            Received one = new Received(exchange.getRequestURI().getPath(), exchange.getRequestBody().readAllBytes(),
                    exchange.getRequestHeaders().getFirst("Stripe-Signature"));
            received.add(one);
            exchange.sendResponseHeaders(answer.applyAsInt(one), -1);
            exchange.close();
        });
        server.start();
    }

    void answers(ToIntFunction<Received> chosen) {
        answer = chosen;
    }

    List<Received> received() {
        return List.copyOf(received);
    }

    List<Received> ofType(String type) {
        return received.stream().filter(each -> each.type().equals(type)).toList();
    }

    WebhookEndpoint endpoint(WebhookEndpoint.Kind kind) {
        return WebhookEndpoint.of(kind, URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + kind.word()));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
