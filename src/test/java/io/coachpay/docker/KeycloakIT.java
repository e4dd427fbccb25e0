package io.coachpay.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.coachpay.database.Database;
import io.coachpay.development.FreePort;
import io.coachpay.packaged.PackagedService;
import io.coachpay.sandbox.Options;
import io.coachpay.sandbox.Sandbox;
import io.vertx.core.json.JsonObject;

/**
 * Keycloak itself takes the realm, and the package takes its tokens. Not among the others, as Keycloak is large:
 * {@code ./mvnw verify -Pkeycloak}.
 */
class KeycloakIT {

    private static final Path HOME = Path.of("target", "keycloak", "keycloak-" + System.getProperty("keycloak.version"));
    private static final Duration LONGEST_START = Duration.ofMinutes(4);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static Process keycloak;
    private static String issuer;
    private static Sandbox stripe;
    private static PackagedService service;

    @BeforeAll
    static void start() throws Exception {
        int port = FreePort.any();
        issuer = "http://localhost:" + port + "/realms/coachpay";
        keycloak = startKeycloak(port);
        await().atMost(LONGEST_START).pollInterval(Duration.ofMillis(500)).until(KeycloakIT::hasRealm);
        stripe = Sandbox.start(Options.ofTests());
        service = PackagedService.start(Path.of("target", "quarkus-app", "quarkus-run.jar"),
                Files.createTempFile("coachpay", ".log"), Database.server(), issuer, stripe.uri().toString());
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
        if (stripe != null) {
            stripe.close();
        }
        keycloak.descendants().forEach(ProcessHandle::destroy);
        keycloak.destroy();
    }

    @ParameterizedTest
    @CsvSource({ "alice, mentee", "bob, mentee", "carol, coach", "dave, coach", "admin, admin" })
    void signsInPeopleOfEveryRole(String person, String role) throws Exception {
        String token = token(person);
        JsonObject claims = new JsonObject(
                new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8));

        HttpResponse<String> me = ask("/v1/me", token);

        assertThat(claims.getString("iss")).isEqualTo(issuer);
        assertThat(claims.getJsonArray("aud")).contains("coachpay");
        assertThat(me.statusCode()).as(me.body()).isEqualTo(200);
        assertThat(new JsonObject(me.body()).getString("email")).isEqualTo(person + "@example.com");
        assertThat(new JsonObject(me.body()).getJsonArray("roles")).contains(role);
    }

    @Test
    void letsAdministratorsAloneToTheirDoors() throws Exception {
        assertThat(ask("/v1/admin/events", token("admin")).statusCode()).isEqualTo(200);
        assertThat(ask("/v1/admin/events", token("alice")).statusCode()).isEqualTo(403);
        assertThat(ask("/v1/admin/events", token("carol")).statusCode()).isEqualTo(403);
    }

    /** On data of its own: Keycloak imports a realm only once. */
    private static Process startKeycloak(int port) throws IOException {
        Path data = HOME.resolve("data");
        if (Files.exists(data)) {
            try (Stream<Path> old = Files.walk(data)) {
                for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        Path imported = Files.createDirectories(data.resolve("import"));
        Files.copy(Docker.HOME.resolve("keycloak/coachpay-realm.json"), imported.resolve("coachpay-realm.json"),
                StandardCopyOption.REPLACE_EXISTING);
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        Path program = HOME.resolve("bin").resolve(windows ? "kc.bat" : "kc.sh").toAbsolutePath();
        ProcessBuilder command = new ProcessBuilder(List.of(program.toString(), "start-dev", "--import-realm",
                "--http-host=127.0.0.1", "--http-port=" + port));
        command.environment().put("KC_HOSTNAME", "http://localhost:" + port);
        command.environment().put("KC_HOSTNAME_BACKCHANNEL_DYNAMIC", "true");
        Process process = command.redirectErrorStream(true)
                .redirectOutput(Path.of("target", "keycloak", "keycloak.log").toFile()).start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> process.descendants().forEach(ProcessHandle::destroyForcibly)));
        return process;
    }

    private static boolean hasRealm() throws InterruptedException {
        assertThat(keycloak.isAlive()).as("Keycloak runs; it says why not in target/keycloak/keycloak.log").isTrue();
        try {
            return CLIENT.send(HttpRequest.newBuilder(URI.create(issuer)).timeout(Duration.ofSeconds(20)).build(),
                    BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static String token(String person) throws Exception {
        HttpResponse<String> answer = CLIENT.send(
                HttpRequest.newBuilder(URI.create(issuer + "/protocol/openid-connect/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("grant_type=password&client_id=coachpay&username=" + person + "&password="
                                + person))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body()).getString("access_token");
    }

    private static HttpResponse<String> ask(String path, String token) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
                .header("Authorization", "Bearer " + token).build(), BodyHandlers.ofString());
    }
}
