package io.coachpay.packaged;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

import io.coachpay.development.FreePort;
import io.coachpay.development.Postgres;

/** The packaged service in a process of its own, as it would run in production. */
public final class PackagedService implements AutoCloseable {

    /** Signs events for the platform's endpoint. */
    public static final String PLATFORM_SECRET = "whsec_package_platform";
    /** Signs events for connected accounts. */
    public static final String CONNECT_SECRET = "whsec_package_connect";

    private static final Duration LONGEST_START = Duration.ofMinutes(5);
    private static final long LONGEST_END_SECONDS = 30;

    private final Process process;
    private final int port;
    private final int managementPort;
    private final double startSeconds;

    private PackagedService(Process process, int port, int managementPort, double startSeconds) {
        this.process = process;
        this.port = port;
        this.managementPort = managementPort;
        this.startSeconds = startSeconds;
    }

    /** Starts it and returns when it is ready. */
    public static PackagedService start(Path packaged, Path log, Postgres server, String issuer, String stripe)
            throws IOException, InterruptedException {
        return start(packaged, log, server, issuer, stripe, Map.of());
    }

    /** Starts it with further settings, and returns when it is ready. */
    public static PackagedService start(Path packaged, Path log, Postgres server, String issuer, String stripe,
            Map<String, String> more) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(environment(server, issuer, stripe, FreePort.any()));
        environment.putAll(more);
        return start(packaged, log, environment);
    }

    /** Starts it with exactly these settings. */
    static PackagedService start(Path packaged, Path log, Map<String, String> environment)
            throws IOException, InterruptedException {
        int port = Integer.parseInt(environment.get("QUARKUS_HTTP_PORT"));
        ProcessBuilder command = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@java.options", "-jar", packaged.getFileName().toString())
                .directory(packaged.toAbsolutePath().getParent().toFile());
        command.environment().putAll(environment);
        int managementPort = FreePort.any();
        command.environment().put("QUARKUS_MANAGEMENT_PORT", Integer.toString(managementPort));
        command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        Files.createDirectories(log.toAbsolutePath().getParent());
        long begin = System.nanoTime();
        Process process = command.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        awaitReady(process, managementPort, log);
        return new PackagedService(process, port, managementPort, (System.nanoTime() - begin) / 1e9);
    }

    /** All required settings. */
    static Map<String, String> environment(Postgres server, String issuer, String stripe, int port) {
        return Map.ofEntries(
                Map.entry("QUARKUS_HTTP_HOST", "127.0.0.1"),
                Map.entry("QUARKUS_HTTP_PORT", Integer.toString(port)),
                Map.entry("QUARKUS_MANAGEMENT_HOST", "127.0.0.1"),
                Map.entry("QUARKUS_MANAGEMENT_PORT", "0"),
                Map.entry("DATABASE_URL", server.jdbcUrl()),
                Map.entry("DATABASE_PASSWORD", server.application().password()),
                Map.entry("DATABASE_OWNER_PASSWORD", server.owner().password()),
                Map.entry("OIDC_ISSUER_URL", issuer),
                Map.entry("STRIPE_SECRET_KEY", "sk_test_package"),
                Map.entry("STRIPE_PUBLISHABLE_KEY", "pk_test_package"),
                Map.entry("COACHPAY_STRIPE_API_BASE", stripe),
                Map.entry("STRIPE_WEBHOOK_SECRETS", PLATFORM_SECRET),
                Map.entry("STRIPE_CONNECT_WEBHOOK_SECRETS", CONNECT_SECRET),
                Map.entry("COACHPAY_CURRENCIES", "USD,EUR,GBP,CHF,AUD,CAD,JPY,KWD"));
    }

    private static void awaitReady(Process process, int managementPort, Path log) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready"))
                .timeout(Duration.ofSeconds(5)).build();
        long deadline = System.nanoTime() + LONGEST_START.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            try {
                if (client.send(ready, BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // It does not listen yet.
            }
            Thread.sleep(10);
        }
        process.destroyForcibly();
        throw new IllegalStateException("The service does not become ready; it says in " + log + ":\n" + Files.readString(log));
    }

    public int port() {
        return port;
    }

    /** Its port for health and metrics. */
    public int managementPort() {
        return managementPort;
    }

    public long pid() {
        return process.pid();
    }

    /** From the start of the process until it was ready. */
    public double startSeconds() {
        return startSeconds;
    }

    /** Resident memory in MB; empty on systems that do not report it. */
    public OptionalLong residentMegabytes() throws IOException {
        Path status = Path.of("/proc", Long.toString(pid()), "status");
        if (!Files.exists(status)) {
            return OptionalLong.empty();
        }
        return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024).findFirst();
    }

    /** Ends it at once and without a warning, in the middle of its work. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
