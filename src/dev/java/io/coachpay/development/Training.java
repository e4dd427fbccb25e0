package io.coachpay.development;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpServer;

import io.coachpay.sandbox.Options;
import io.coachpay.sandbox.Sandbox;

/**
 * Makes the cache with which the package starts faster: one start, on a database and stand-ins for Stripe and the identity
 * provider, whose classes are kept as they were loaded and linked. From JDK 25 on it is an AOT cache, which also
 * holds profiles; before, an archive of classes.
 * <p>
 * A cache fits the JDK that made it, and others pass it over. Each kind has an option of its own, which this class adds
 * to those of the package, {@code java.options}.
 *
 * @see <a href="https://openjdk.org/jeps/514">JEP 514: Ahead-of-Time Command-Line Ergonomics</a>
 */
public final class Training {

    private static final String OPTIONS = "java.options";
    private static final Duration LONGEST_START = Duration.ofMinutes(5);
    /** From the end of the service until the cache is written. */
    private static final Duration LONGEST_END = Duration.ofMinutes(5);

    private final Path home;
    private final Path log;
    private final Kind kind;

    private Training(Path home, Kind kind) {
        this.home = home;
        this.log = home.resolve("training.log");
        this.kind = kind;
    }

    /** The caches that there are, with the options that write and use them. */
    private enum Kind {
        AOT("app.aot", "-XX:AOTCacheOutput=", "-XX:AOTCache=", 4),
        CLASSES("app.jsa", "-XX:ArchiveClassesAtExit=", "-XX:SharedArchiveFile=", 1);

        private final String file;
        private final String write;
        private final String use;
        /** The last compiler that runs while training: profiles need them all, classes only the one that is done soonest. */
        private final int compiler;

        Kind(String file, String write, String use, int compiler) {
            this.file = file;
            this.write = write;
            this.use = use;
            this.compiler = compiler;
        }

        static Kind of(Runtime.Version java) {
            return java.feature() >= 25 ? AOT : CLASSES;
        }
    }

    /**
     * Trains with the JDK that this runs on.
     *
     * @param arguments the package's directory
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        new Training(Path.of(arguments[0]).toAbsolutePath(), Kind.of(Runtime.version())).run();
    }

    private void run() throws IOException, InterruptedException {
        forget();
        HttpServer issuer = issuer();
        try (Postgres database = Postgres.startForgetful(); Sandbox stripe = Sandbox.start(Options.ofTests())) {
            int port = FreePort.any();
            int managementPort = FreePort.any();
            Process service = start(settings(port, managementPort, database, uri(issuer), stripe.uri().toString()));
            try {
                await(service, URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready"));
                await(service, URI.create("http://127.0.0.1:" + port + "/v1/coaches"));
                end(service);
            } finally {
                service.destroyForcibly();
            }
        } finally {
            issuer.stop(0);
        }
        keep();
    }

    /** An identity provider that nobody signs in with: the service asks at its start where keys are. */
    private static HttpServer issuer() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer(server, "/.well-known/openid-configuration",
                "{\"issuer\": \"${uri}\", \"jwks_uri\": \"${uri}/keys\"}".replace("${uri}", uri(server)));
        answer(server, "/keys", "{\"keys\": []}");
        server.start();
        return server;
    }

    private static void answer(HttpServer server, String path, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream answer = exchange.getResponseBody()) {
                answer.write(body);
            }
        });
    }

    private static String uri(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static Map<String, String> settings(int port, int managementPort, Postgres database, String issuer, String stripe) {
        return Map.ofEntries(
                Map.entry("QUARKUS_HTTP_HOST", "127.0.0.1"),
                Map.entry("QUARKUS_HTTP_PORT", Integer.toString(port)),
                Map.entry("QUARKUS_MANAGEMENT_HOST", "127.0.0.1"),
                Map.entry("QUARKUS_MANAGEMENT_PORT", Integer.toString(managementPort)),
                Map.entry("DATABASE_URL", database.jdbcUrl()),
                Map.entry("DATABASE_PASSWORD", database.application().password()),
                Map.entry("DATABASE_OWNER_PASSWORD", database.owner().password()),
                Map.entry("OIDC_ISSUER_URL", issuer),
                Map.entry("STRIPE_SECRET_KEY", "sk_test_training"),
                Map.entry("STRIPE_PUBLISHABLE_KEY", "pk_test_training"),
                Map.entry("STRIPE_WEBHOOK_SECRETS", "whsec_training"),
                Map.entry("STRIPE_CONNECT_WEBHOOK_SECRETS", "whsec_training"),
                Map.entry("COACHPAY_STRIPE_API_BASE", stripe),
                Map.entry("COACHPAY_CURRENCIES", "USD"));
    }

    /** Removes an earlier cache, and its option. */
    private void forget() throws IOException {
        List<String> others = new ArrayList<>(Files.readAllLines(home.resolve(OPTIONS)));
        for (Kind each : Kind.values()) {
            Files.deleteIfExists(home.resolve(each.file));
            others.removeIf(line -> line.startsWith(each.use));
        }
        Files.write(home.resolve(OPTIONS), others);
    }

    private Process start(Map<String, String> settings) throws IOException {
        ProcessBuilder command = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + OPTIONS, "-XX:TieredStopAtLevel=" + kind.compiler, kind.write + kind.file, "-jar", "quarkus-run.jar")
                .directory(home.toFile());
        command.environment().putAll(settings);
        return command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    private void await(Process service, URI address) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(5)).build();
        long deadline = System.nanoTime() + LONGEST_START.toNanos();
        while (service.isAlive() && System.nanoTime() < deadline) {
            try {
                if (client.send(request, BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // It does not listen yet.
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException(address + " does not answer; the service says:\n" + Files.readString(log));
    }

    /** Lets it end in order, since the cache is written at the end. */
    private void end(Process service) throws InterruptedException {
        service.destroy();
        if (!service.waitFor(LONGEST_END.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("The service does not end");
        }
    }

    private void keep() throws IOException {
        Path cache = home.resolve(kind.file);
        if (Files.exists(cache)) {
            List<String> options = new ArrayList<>(Files.readAllLines(home.resolve(OPTIONS)));
            options.add(kind.use + kind.file);
            Files.write(home.resolve(OPTIONS), options);
            Files.delete(log);
            System.out.println("The package starts with " + cache + ", " + Files.size(cache) / 1_000_000 + " MB");
        } else if (System.getProperty("os.name").startsWith("Windows")) {
            System.out.println("Windows ends no process in order, so the package starts without a cache");
        } else {
            throw new IllegalStateException("No cache was written; the service says:\n" + Files.readString(log));
        }
    }
}
