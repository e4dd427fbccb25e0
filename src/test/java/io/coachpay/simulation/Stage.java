package io.coachpay.simulation;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.OwnerSql;
import io.coachpay.StripeSandbox;
import io.coachpay.development.SandboxTime;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.simulation.Dice.Booking;
import io.coachpay.simulation.Script.Rate;
import io.vertx.core.json.JsonObject;

/** The place of a story: its people, their bookings, the sandbox, the jobs. */
final class Stage {

    private static final Duration LONGEST_UNREST = Duration.ofSeconds(90);
    /** Work that is due by the service's clock, or will be in a moment; work that waits for its next attempt is at rest. */
    private static final String BUSY = """
            select count(*) as busy from stripe_events
             where status = 'received' or status = 'failed' and next_attempt_at <= ?::timestamptz""";

    private final Script script;
    private final List<Player> coaches = new ArrayList<>();
    private final List<Player> mentees = new ArrayList<>();
    private final Player admin;
    private final Http sandbox;
    private final List<String> jobs;
    static final String RECONCILIATION = "reconciliation";
    /** Stands between a job and its failure. */
    static final String FAILED = " failed: ";

    private final Consumer<String> runner;
    private final Instant began;
    private final AtomicInteger unwanted = new AtomicInteger();
    private final Map<Integer, String> sessions = new ConcurrentHashMap<>();
    private final Map<Integer, Reply> payments = new ConcurrentHashMap<>();
    private final Subscriptions subscriptions = new Subscriptions(this);
    private final URI service = URI.create(ConfigProvider.getConfig().getValue("coachpay.public-url", String.class));

    /**
     * Calls the cast together.
     *
     * @param jobs that stories may run, by name
     * @param runner runs one
     */
    Stage(Script script, List<String> jobs, Consumer<String> runner) {
        this.script = script;
        this.jobs = jobs;
        this.runner = runner;
        sandbox = Http.sandbox();
        script.coaches().forEach(rate -> coaches.add(new Player(unique("coach"), service)));
        for (int i = 0; i < script.mentees(); i++) {
            mentees.add(new Player(unique("mentee"), service));
        }
        admin = new Player("admin", service);
        began = now();
    }

    private static String unique(String name) {
        return name + "-" + UUID.randomUUID().toString().substring(0, 12);
    }

    // ---- people

    Player coach(int number) {
        return coaches.get(number);
    }

    Player mentee(int number) {
        return mentees.get(number);
    }

    Player mentee(Booking booking) {
        return mentees.get(booking.mentee());
    }

    /** A mentee, or a coach whose number comes after those of the mentees. */
    Player person(int number) {
        return number < mentees.size() ? mentees.get(number) : coaches.get(number - mentees.size());
    }

    /** The person with that id. */
    Player player(String id) {
        return Stream.concat(coaches.stream(), mentees.stream()).filter(player -> player.id().equals(id)).findFirst()
                .orElseThrow();
    }

    /** Stripe's id of a person as a customer, empty while there is none. */
    String customerOf(int person) {
        return PeopleActions.customerOf(person(person));
    }

    /** The story's plans, and its people's subscriptions. */
    Subscriptions subscriptions() {
        return subscriptions;
    }

    /** The address of the service, to which people come back. */
    String home() {
        return service.toString();
    }

    Player admin() {
        return admin;
    }

    Rate rateOf(int coach) {
        return script.coaches().get(coach);
    }

    /** Everybody's ids, as PostgreSQL writes an array. */
    String people() {
        return Stream.concat(coaches.stream(), mentees.stream()).map(Player::id)
                .collect(java.util.stream.Collectors.joining(",", "{", "}"));
    }

    int howManyMentees() {
        return mentees.size();
    }

    /** A time for which the story has no booking. */
    Instant timeNobodyWants() {
        return now().truncatedTo(ChronoUnit.HOURS).plus(Duration.ofDays(200))
                .plus(Duration.ofHours(2L * unwanted.incrementAndGet()));
    }

    int howManyCoaches() {
        return coaches.size();
    }

    /** Stripe's id of a coach's account, empty while there is none. */
    String accountOf(int coach) {
        return OwnerSql.rows("select stripe_account_id as id from stripe_connected_accounts where user_id = ?::uuid",
                coaches.get(coach).id()).stream().map(row -> row.get("id")).filter(id -> id != null).map(Object::toString)
                .findFirst().orElse("");
    }

    /** Answers that must not occur. */
    List<String> complaints() {
        return Stream.of(coaches, mentees, List.of(admin)).flatMap(List::stream).flatMap(player -> player.complaints().stream())
                .toList();
    }

    // ---- bookings

    /** The beginning of the story, at the latest. */
    Instant began() {
        return began;
    }

    Instant startOf(Booking booking) {
        return began.truncatedTo(ChronoUnit.HOURS).plus(booking.startsAfter());
    }

    void booked(Booking booking, String session) {
        sessions.put(booking.number(), session);
    }

    /** The session of a booking, or the alternative when it was never made. */
    @Nullable
    String sessionOr(Booking booking, @Nullable Integer otherwise) {
        String session = sessions.get(booking.number());
        return session != null || otherwise == null ? session : "00000000-0000-7000-8000-00000000%04d".formatted(otherwise);
    }

    void begun(Booking booking, Reply payment) {
        if (payment.ok()) {
            payments.put(booking.number(), payment);
        }
    }

    /** Stripe's page for the payment begun last, if it is paid there. */
    @Nullable
    String pageOf(Booking booking) {
        return inHand(booking, "checkoutUrl");
    }

    /** The secret of the payment begun last, if it has one. */
    @Nullable
    String secretOf(Booking booking) {
        return inHand(booking, "clientSecret");
    }

    private @Nullable String inHand(Booking booking, String field) {
        Reply payment = payments.get(booking.number());
        return payment == null || payment.text(field).isEmpty() ? null : payment.text(field);
    }

    // ---- the world around

    /** Calls a control of the sandbox, which no fault strikes. */
    Reply control(String path, Object body) {
        return sandbox.json("POST", path, body);
    }

    /** The keys that Stripe accepts, in the words of the sandbox. */
    void keys(String plan) {
        sandbox.json("PUT", "/sandbox/keys", plan);
    }

    /** Reads from the sandbox, without faults either. */
    Reply told(String path) {
        return sandbox.get(path);
    }

    /** Reads a connected account from the sandbox, without faults. */
    Reply told(String path, String account) {
        return sandbox.get(path, Map.of("Stripe-Account", account));
    }

    /** A list at Stripe, without faults. */
    JsonNode list(String path) {
        return told(path).body().path("data");
    }

    /** Stripe's own API, as its dashboard would use it; the fault plan strikes here too. */
    Reply stripe(String path, String form) {
        return sandbox.form(path, form, Map.of());
    }

    /** Stripe's own API, for a connected account. */
    Reply stripe(String path, String form, String account) {
        return sandbox.form(path, form, Map.of("Stripe-Account", account));
    }

    /** A list at Stripe, empty when it cannot be read. */
    JsonNode stripeList(String path, String account) {
        return sandbox.get(path, account.isEmpty() ? Map.of() : Map.of("Stripe-Account", account)).body()
                .path("data");
    }

    /** Deletes something in Stripe's dashboard, without faults. */
    Reply deletedAtStripe(String path) {
        return sandbox.delete(path);
    }

    /** The time of the service and of Stripe. */
    Instant now() {
        return StripeSandbox.now();
    }

    /** The platform's available balance, in Stripe's units. */
    long available(String currency) {
        for (JsonNode each : told("/v1/balance").body().path("available")) {
            if (each.path("currency").asText().equals(currency)) {
                return each.path("amount").asLong();
            }
        }
        return 0;
    }

    /** An amount in Stripe's units. */
    static long units(BigDecimal amount, String currency) {
        return amount.movePointRight(StripeCurrencies.of(currency.toUpperCase(Locale.ROOT)).digits()).longValue();
    }

    void faults(JsonObject plan) {
        Reply reply = sandbox.json("PUT", "/sandbox/faults", plan.encode());
        if (!reply.ok()) {
            throw new IllegalStateException("The sandbox does not take the plan " + plan + ": " + reply.body());
        }
    }

    String pass(Duration time) {
        control("/sandbox/clock/advance", Map.of("seconds", time.toSeconds()));
        SandboxTime.notice();
        return now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    List<String> jobs() {
        return jobs;
    }

    /** Runs a job, which may fail while things go wrong. */
    String run(String job) {
        try {
            if (job.equals(RECONCILIATION)) {
                WholeComparison.leave();
            }
            runner.accept(job);
            return job;
        } catch (RuntimeException failed) {
            return job + FAILED + failed;
        }
    }

    /** Waits until no webhook is on its way and nothing in the inbox is due. */
    String quiet() {
        long end = System.nanoTime() + LONGEST_UNREST.toNanos();
        while (isBusy()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("There is no rest at " + now() + ": " + told("/sandbox/under-way").body()
                        + " under way, and "
                        + OwnerSql
                                .rows("select type, status, attempts, next_attempt_at, error from stripe_events where status in"
                                        + " ('received', 'failed') limit 10"));
            }
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return "quiet";
    }

    private boolean isBusy() {
        JsonNode underWay = told("/sandbox/under-way").body();
        if (underWay.path("deliveries").asInt() > 0 || underWay.path("settlements").asInt() > 0) {
            return true;
        }
        return ((Number) OwnerSql.rows(BUSY, now().plusMillis(50).toString()).get(0).get("busy")).intValue() > 0;
    }
}
