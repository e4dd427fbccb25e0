package io.coachpay.stripe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import jakarta.transaction.Status;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;

/** Answers as the test says, in that order, and remembers the requests. */
final class ScriptedStripe implements AutoCloseable {

    static final String KEY = "sk_test_scripted";

    record Asked(String method, String path, String query, Map<String, List<String>> headers, String body) {

        String header(String name) {
            return headers.entrySet().stream().filter(entry -> entry.getKey().equalsIgnoreCase(name))
                    .map(entry -> entry.getValue().get(0)).findFirst().orElse(null);
        }

        Map<String, String> form() {
            return decoded(body);
        }

        Map<String, String> parameters() {
            return decoded(query);
        }

        private static Map<String, String> decoded(String encoded) {
            Map<String, String> form = new LinkedHashMap<>();
            for (String pair : encoded.isEmpty() ? new String[0] : encoded.split("&")) {
                String[] parts = pair.split("=", 2);
                form.merge(URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                        URLDecoder.decode(parts[1], StandardCharsets.UTF_8), (one, other) -> one + "," + other);
            }
            return form;
        }
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Deque<Answer> script = new ArrayDeque<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    ScriptedStripe() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    ScriptedStripe answers(int status, String body, String... headers) {
        script.add(exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.getResponseHeaders().set("Request-Id", "req_scripted");
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        });
        return this;
    }

    ScriptedStripe refuses(int status, String error) {
        return answers(status, "{\"error\": " + error + "}");
    }

    /** Takes the request and does not answer. */
    ScriptedStripe keepsSilent() {
        script.add(exchange -> awaitClosing());
        return this;
    }

    /** Begins to answer and stops halfway. */
    ScriptedStripe stallsHalfway() {
        script.add(exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            awaitClosing();
        });
        return this;
    }

    StripeCalls calls() {
        return calls(0, Duration.ofSeconds(5));
    }

    StripeCalls calls(StripeKey key) {
        return new StripeCalls(settings(KEY, base(), 0, Duration.ofSeconds(5)), meters, OpenTelemetry.noop().getTracer("test"),
                operation -> {
                }, key, () -> Status.STATUS_NO_TRANSACTION);
    }

    StripeCalls calls(int retries, Duration readTimeout) {
        return calls(base(), retries, readTimeout, meters);
    }

    static StripeCalls calls(URI base, int retries, Duration readTimeout, SimpleMeterRegistry meters) {
        return new StripeCalls(settings(KEY, base, retries, readTimeout), meters, OpenTelemetry.noop().getTracer("test"),
                operation -> {
                }, new StripeKey(Clock.systemUTC(), meters), () -> Status.STATUS_NO_TRANSACTION);
    }

    URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    List<Asked> asked() {
        return asked;
    }

    Asked lastAsked() {
        return asked.get(asked.size() - 1);
    }

    static StripeSettings settings(String key, URI base, int retries, Duration readTimeout) {
        return new StripeSettings() {
            @Override
            public String secretKey() {
                return key;
            }

            @Override
            public Optional<String> publishableKey() {
                return Optional.empty();
            }

            @Override
            public Optional<URI> apiBase() {
                return Optional.of(base);
            }

            @Override
            public Duration connectTimeout() {
                return Duration.ofMillis(500);
            }

            @Override
            public Duration readTimeout() {
                return readTimeout;
            }

            @Override
            public int networkRetries() {
                return retries;
            }

            @Override
            public int backgroundCallsPerSecond() {
                return 0;
            }
        };
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        URI uri = exchange.getRequestURI();
        asked.add(new Asked(exchange.getRequestMethod(), uri.getPath(), Optional.ofNullable(uri.getRawQuery()).orElse(""),
                Map.copyOf(exchange.getRequestHeaders()), body));
        Answer answer;
        synchronized (script) {
            answer = script.isEmpty() ? null : script.poll();
        }
        try (exchange) {
            if (answer == null) {
                exchange.sendResponseHeaders(500, -1);
                return;
            }
            answer.to(exchange);
        }
    }

    private void awaitClosing() {
        try {
            closing.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
