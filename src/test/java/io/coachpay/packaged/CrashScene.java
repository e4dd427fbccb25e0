package io.coachpay.packaged;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.awaitility.core.ConditionFactory;

import io.coachpay.database.Database;
import io.coachpay.development.FreePort;
import io.coachpay.development.Postgres;
import io.coachpay.packaged.CrashingWire.Moment;
import io.coachpay.sandbox.Options;
import io.coachpay.sandbox.Sandbox;
import io.coachpay.simulation.Http;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;

/**
 * The packaged service with a database, the sandbox and an identity provider around it, and wires to and from the sandbox on
 * which it can be killed. It follows the real clock, so money is paid with the card whose funds are available at once.
 */
final class CrashScene implements AutoCloseable {

    private static final Path RUNNER = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final AtomicInteger HOURS = new AtomicInteger(30);

    private final Postgres database;
    private final Sandbox stripe = Sandbox.start(Options.ofTests());
    private final Issuer issuer = new Issuer();
    private final CrashingWire toStripe = new CrashingWire(stripe.uri());
    private final CrashingWire fromStripe;
    private final Map<String, String> environment;
    private volatile PackagedService service;

    CrashScene() throws IOException, InterruptedException {
        this(Database.server(), Map.of());
    }

    /** A scene with a database of its own, and further settings. */
    CrashScene(Postgres database, Map<String, String> more) throws IOException, InterruptedException {
        this.database = database;
        environment = new HashMap<>(
                PackagedService.environment(database, issuer.uri(), toStripe.uri().toString(), FreePort.any()));
        // Another instance takes over a dead one's jobs soon, so that nobody waits for minutes here.
        environment.putAll(Map.of("COACHPAY_JOB_HEARTBEAT_INTERVAL", "1S", "COACHPAY_JOB_POLLING_INTERVAL",
                "0.2S", "COACHPAY_JOB_QUICK_INTERVAL", "0.2S", "COACHPAY_INBOX_LEASE", "5S", "COACHPAY_STRIPE_NETWORK_RETRIES",
                "0",
                "COACHPAY_STRIPE_BACKGROUND_CALLS_PER_SECOND", "0"));
        environment.putAll(more);
        fromStripe = new CrashingWire(URI.create("http://127.0.0.1:" + environment.get("QUARKUS_HTTP_PORT")));
        webhooksGoHome();
        service = started(environment);
    }

    /** Sends Stripe's events to these addresses from now on: those of the platform, and those of connected accounts. */
    void webhooksGoTo(URI platform, URI connect) {
        webhooksGoTo(List.of(endpointOfPlatform(platform), endpointOfConnect(connect)));
    }

    /** Sends each of Stripe's events to all of these addresses from now on; to nobody if there is none. */
    void webhooksGoToAll(URI... instances) {
        webhooksGoTo(Stream.of(instances).flatMap(one -> Stream.of(endpointOfPlatform(one), endpointOfConnect(one))).toList());
    }

    /** Sends Stripe's events to the process that people talk to. */
    void webhooksGoHome() {
        webhooksGoToAll(fromStripe.uri());
    }

    private void webhooksGoTo(List<Map<String, String>> endpoints) {
        control("PUT", "/sandbox/webhooks", Map.of("endpoints", endpoints));
    }

    private static Map<String, String> endpointOfPlatform(URI instance) {
        return Map.of("kind", "platform", "url", instance + "/webhooks/stripe", "secret", PackagedService.PLATFORM_SECRET);
    }

    private static Map<String, String> endpointOfConnect(URI instance) {
        return Map.of("kind", "connect", "url", instance + "/webhooks/stripe/connect", "secret",
                PackagedService.CONNECT_SECRET);
    }

    /** Another process on the same database. */
    PackagedService another() throws IOException, InterruptedException {
        return started(on(FreePort.any()));
    }

    /** A process that takes a dead one's place, on its port. */
    PackagedService again(PackagedService dead) throws IOException, InterruptedException {
        return again(dead, Map.of());
    }

    /** Another process in a dead one's place, with further settings. */
    PackagedService again(PackagedService dead, Map<String, String> more) throws IOException, InterruptedException {
        Map<String, String> own = on(dead.port());
        own.putAll(more);
        PackagedService born = started(own);
        if (dead == service) {
            service = born;
        }
        return born;
    }

    /** The process that people talk to. */
    PackagedService service() {
        return service;
    }

    private Map<String, String> on(int port) {
        Map<String, String> own = new HashMap<>(environment);
        own.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        // None of them lives long enough to be worth optimizing.
        own.put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        return own;
    }

    private static PackagedService started(Map<String, String> environment) throws IOException, InterruptedException {
        return PackagedService.start(RUNNER, log(Integer.parseInt(environment.get("QUARKUS_HTTP_PORT"))), environment);
    }

    /** The log of the processes on a port, one after the other. */
    static Path log(int port) {
        return Path.of("target", "packaged", "service-" + port + ".log");
    }

    int port() {
        return service.port();
    }

    int managementPort() {
        return service.managementPort();
    }

    /** The metrics of the process with this management port. */
    String metrics(int managementPort) {
        return given().baseUri("http://127.0.0.1").port(managementPort).get("/q/metrics").then().statusCode(200).extract()
                .asString();
    }

    static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200));
    }

    // ---- dying

    /** Does something that makes the service call Stripe, is killed there, and comes back. */
    void killAtCall(String request, Moment moment, Runnable doing) throws IOException, InterruptedException {
        killAt(toStripe, request, moment, doing);
    }

    /** Does something that Stripe reports, and kills the service when the webhook has arrived. */
    void killAtWebhook(Runnable doing) throws IOException, InterruptedException {
        killAt(fromStripe, "POST /webhooks/stripe.*", Moment.AFTER_THE_EFFECT, doing);
    }

    private void killAt(CrashingWire wire, String request, Moment moment, Runnable doing)
            throws IOException, InterruptedException {
        PackagedService doomed = service;
        wire.killAt(request, moment, doomed::kill);
        doing.run();
        soon().until(wire::sprung);
        doomed.kill();
        again(doomed);
    }

    // ---- people

    /** A new person. */
    Visitor somebody(String name) {
        return new Visitor(issuer.token(name + "-" + UUID.randomUUID().toString().substring(0, 8)));
    }

    Visitor administrator() {
        return new Visitor(issuer.token("administrator", "admin"));
    }

    /** A person who talks to the process that serves. */
    final class Visitor {

        private final String token;

        private Visitor(String token) {
            this.token = token;
        }

        String token() {
            return token;
        }

        private RequestSpecification asks() {
            return given().baseUri("http://127.0.0.1").port(service.port()).auth().oauth2(token).contentType(ContentType.JSON);
        }

        Response gets(String path) {
            return asks().get(path);
        }

        Response posts(String path, Map<String, ?> body) {
            return asks().body(body).post(path);
        }

        Response puts(String path, Map<String, ?> body) {
            return asks().body(body).put(path);
        }

        /** Posts although no process will be left to answer. */
        void postsInVain(String path, Map<String, ?> body) {
            inVain(() -> posts(path, body));
        }

        /** Patches although no process will be left to answer. */
        void patchesInVain(String path, Map<String, ?> body) {
            inVain(() -> asks().body(body).patch(path));
        }

        /** Puts although no process will be left to answer. */
        void putsInVain(String path) {
            inVain(() -> asks().put(path));
        }

        /** Deletes although no process will be left to answer. */
        void deletesInVain(String path) {
            inVain(() -> asks().delete(path));
        }

        /** Rest Assured lets checked exceptions through as they are. */
        private void inVain(Runnable asking) {
            try {
                asking.run();
            } catch (Exception e) {
                if (!(e instanceof IOException)) {
                    throw e;
                }
            }
        }

        String id() {
            return gets("/v1/me").then().statusCode(200).extract().path("id");
        }

        String account() {
            return gets("/v1/me/connected-account").then().statusCode(200).extract().path("stripeAccountId");
        }
    }

    /** A coach who can be booked for 100.00 USD an hour. */
    Visitor coach() {
        Visitor coach = somebody("coach");
        isPaid(coach, "monthly");
        String account = coach.posts("/v1/me/connected-account", Map.of("country", "US", "businessType", "individual")).then()
                .statusCode(201).extract().path("stripeAccountId");
        control("POST", "/sandbox/accounts/" + account + "/complete-onboarding", Map.of());
        soon().untilAsserted(() -> coach.gets("/v1/me/connected-account").then().body("canCharge", equalTo(true)));
        return coach;
    }

    /** 75 minutes for 125.00 USD, not paid yet. */
    String booked(Visitor mentee, Visitor coach) {
        Instant start = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(HOURS.addAndGet(2), ChronoUnit.HOURS);
        return mentee.posts("/v1/sessions",
                Map.of("coachId", coach.id(), "startsAt", start.toString(), "durationMinutes", 75))
                .then().statusCode(201).extract().path("id");
    }

    /** Begins to pay a session; the answer. */
    Response begun(Visitor mentee, String session) {
        return mentee.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent")).then().statusCode(200)
                .extract().response();
    }

    /** A paid session whose money is available; the payment's id. */
    String paid(Visitor mentee, Visitor coach) {
        String session = booked(mentee, coach);
        Response payment = begun(mentee, session);
        pay(payment.path("clientSecret"));
        isConfirmed(mentee, session);
        soon().untilAsserted(() -> coach.gets("/v1/me/balance").then().body("[0].pending.amount", equalTo("0.00")));
        return payment.path("transactionId");
    }

    /** A paid session that took place long ago, so that it can be paid out. */
    String earned(Visitor mentee, Visitor coach) {
        String payment = paid(mentee, coach);
        tookPlace(column("select session_id from transactions where id = '" + payment + "'").get(0));
        return payment;
    }

    /** Moves a session into the past. */
    void tookPlace(String session) {
        run("update sessions set starts_at = starts_at - interval '400 days', ends_at = ends_at - interval '400 days'"
                + " where id = '" + session + "'");
    }

    /** A card of the mentee's, saved at Stripe and known to the service; our id of it. */
    String savedCard(Visitor mentee, String customer) {
        atStripe().formParam("customer", customer).post("/v1/payment_methods/pm_card_visa/attach").then().statusCode(200);
        String path = "/v1/me/payment-methods";
        soon().untilAsserted(() -> mentee.gets(path).then().body("", hasSize(1)));
        return mentee.gets(path).then().extract().path("[0].id");
    }

    /** Pays with a card whose funds are available at once. */
    void pay(String clientSecret) {
        control("POST", "/sandbox/payment_intents/" + clientSecret.replaceAll("_secret_.*", "") + "/pay",
                Map.of("paymentMethod", "pm_card_bypassPending"));
    }

    void isConfirmed(Visitor mentee, String session) {
        soon().untilAsserted(() -> mentee.gets("/v1/sessions/" + session).then().body("status", equalTo("confirmed")));
    }

    /** Has a coach paid without asking, as soon as there is something. */
    void paysAtOnce(Visitor coach) {
        isPaid(coach, "instant");
    }

    private static void isPaid(Visitor coach, String schedule) {
        coach.puts("/v1/me/coach-profile", Map.of("hourlyRate", Map.of("amount", "100.00", "currency", "USD"), "minimumPayout",
                Map.of("amount", "0.00", "currency", "USD"), "payoutSchedule", schedule)).then().statusCode(200);
    }

    /** Has a coach paid daily from now on, and the day come. */
    void turnComes(Visitor coach) {
        isPaid(coach, "daily");
        String mark = "payout_schedule = 'daily' and user_id = '" + coach.id() + "'";
        soon().until(() -> !column("select id from payout_marks where " + mark).isEmpty());
        run("update payout_marks set period = period - 1 where " + mark);
    }

    // ---- Stripe's side

    void faults(String plan) {
        atStripe().contentType(ContentType.JSON).body(plan).put("/sandbox/faults").then().statusCode(200);
    }

    JsonPath control(String method, String path, Map<String, ?> body) {
        return atStripe().contentType(ContentType.JSON).body(body).request(method, path).then().statusCode(200).extract()
                .jsonPath();
    }

    /** Tops up the platform's balance at Stripe by this much, in cents. */
    void toppedUp(long cents) {
        String topUp = atStripe().formParam("amount", cents).formParam("currency", "usd").post("/v1/topups").then()
                .statusCode(200).extract().path("id");
        control("POST", "/sandbox/topups/" + topUp + "/succeed", Map.of());
    }

    /** The sandbox for a client with a key, for many requests. */
    Http stripe() {
        return Http.of(stripe.uri(), "sk_test_dashboard");
    }

    RequestSpecification atStripe() {
        return given().baseUri("http://127.0.0.1").port(stripe.port()).auth().preemptive().basic("sk_test_sandbox", "");
    }

    /** Asserts that the coach's balances here and there are the same, to the cent, and that there was enough to compare. */
    void agree(Visitor coach) {
        String account = coach.account();
        soon().untilAsserted(() -> {
            timePasses();
            Map<String, Object> ours = coach.gets("/v1/me/balance").then().statusCode(200).extract().jsonPath().getMap("[0]");
            Map<String, Object> theirs = atStripe().get("/sandbox/books").jsonPath().param("account", account)
                    .getMap("accounts.find { it.account == account }.balances[0]");
            for (String figure : List.of("pending", "available", "inTransit")) {
                assertThat(new BigDecimal(((Map<?, ?>) ours.get(figure)).get("amount").toString())).as(figure)
                        .isEqualByComparingTo(theirs.get(figure).toString());
            }
        });
    }

    /** The number of objects of this list in the sandbox, narrowed down by a query and, where there is one, to an account. */
    int countAtStripe(String path, Map<String, String> query, String account) {
        RequestSpecification request = atStripe().queryParams(query).queryParam("limit", 100);
        return (account.isEmpty() ? request : request.header("Stripe-Account", account)).get(path).then().statusCode(200)
                .extract().jsonPath().getList("data").size();
    }

    // ---- the database

    /** Ends pauses between attempts: everything that waits is due, and so are hourly jobs. */
    void timePasses() {
        for (String table : List.of("transactions", "refunds", "transfer_steps", "payouts", "disputes", "payment_methods",
                "payment_method_setups", "subscriptions", "credit_notes")) {
            isDue(table, "check_at", "check_at > now()");
        }
        isDue("payouts", "fee_check_at", "fee_check_at > now()");
        isDue("stripe_events", "next_attempt_at", "status in ('received', 'failed')");
        run("update stripe_cursors set requested_at = now() where listing = 'balance_transactions' and requested_at is null");
        run("update scheduled_tasks set execution_time = now() where not picked and execution_time > now() + interval '1 minute'");
    }

    /** Leaves out what the service has locked: its order of locks is not ours, and the two could deadlock. */
    private void isDue(String table, String column, String which) {
        run("update " + table + " set " + column + " = now() where id in (select id from " + table + " where " + which
                + " for no key update skip locked)");
    }

    void run(String statement) {
        try (Connection owner = owner(); PreparedStatement prepared = owner.prepareStatement(statement)) {
            prepared.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of a query. */
    List<String> column(String query) {
        try (Connection owner = owner();
                PreparedStatement prepared = owner.prepareStatement(query);
                ResultSet rows = prepared.executeQuery()) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Connection owner() throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.owner().user(), database.owner().password());
    }

    @Override
    public void close() {
        service.close();
        fromStripe.close();
        toStripe.close();
        issuer.close();
        stripe.close();
    }
}
