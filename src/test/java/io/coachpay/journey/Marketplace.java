package io.coachpay.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.notNullValue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.core.ConditionFactory;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.Json;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;
import io.coachpay.money.MoneyText;
import io.coachpay.money.StripeCurrencies;
import io.quarkus.arc.Arc;
import io.restassured.path.json.JsonPath;
import io.vertx.core.json.JsonObject;

/** The beginnings of stories: coaches who can be booked, and free times. */
public final class Marketplace {

    /** Countries whose accounts settle in these currencies; for all others a British one with a bank for it. */
    private static final Map<String, String> COUNTRIES = Map.of("USD", "US", "CHF", "CH", "EUR", "DE", "GBP", "GB", "CAD", "CA",
            "HUF", "HU");

    private static final AtomicInteger DAYS = new AtomicInteger(3);

    private Marketplace() {
    }

    public static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60)).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20));
    }

    /** A coach with this rate who can be paid for sessions, and whom no run pays out: that is a story of its own. */
    public static Person coach(String name, String amount, String currency) {
        Person coach = Person.called(name);
        String never = MoneyText.format(StripeCurrencies.of(currency).maximumCharge());
        coach.puts("/v1/me/coach-profile", terms(coach, money(amount, currency), "instant", money(never, currency)))
                .statusCode(200);
        String account = coach
                .posts("/v1/me/connected-account",
                        Map.of("country", COUNTRIES.getOrDefault(currency, "GB"), "businessType", "individual"))
                .statusCode(201).extract().path("stripeAccountId");
        if (!COUNTRIES.containsKey(currency)) {
            StripeSandbox.control("/sandbox/accounts/" + account + "/external-account",
                    Map.of("currency", currency.toLowerCase(Locale.ROOT))).statusCode(200);
        }
        StripeSandbox.completeOnboarding(account);
        soon().until(
                () -> Json.read(coach.gets("/v1/me/connected-account").extract().asString()).path("canCharge").asBoolean());
        return coach;
    }

    /** Sets this coach's payout schedule and minimum. */
    public static void paidOut(Person coach, String schedule, String minimum) {
        Map<String, String> rate = coach.gets("/v1/me/coach-profile").statusCode(200).extract().path("hourlyRate");
        coach.puts("/v1/me/coach-profile", terms(coach, rate, schedule, money(minimum, rate.get("currency")))).statusCode(200);
    }

    /** Lets this coach charge so much an hour from now on, perhaps in another currency. */
    static void charges(Person coach, String rate, String currency) {
        coach.puts("/v1/me/coach-profile", terms(coach, money(rate, currency), "monthly", money("1.00", currency)))
                .statusCode(200);
    }

    private static Map<String, ?> terms(Person coach, Map<String, String> rate, String schedule, Map<String, String> minimum) {
        return Map.of("headline", "Coach " + coach.name(), "hourlyRate", rate, "payoutSchedule", schedule, "minimumPayout",
                minimum);
    }

    /** An amount as the API takes it. */
    public static Map<String, String> money(String amount, String currency) {
        return Map.of("amount", amount, "currency", currency);
    }

    /** Tops up the platform's balance at Stripe by this much, in the currency's smallest unit. */
    static void toppedUp(String currency, long minor) {
        String topUp = StripeSandbox.request().formParam("amount", minor).formParam("currency", currency).post("/v1/topups")
                .then().statusCode(200).extract().path("id");
        StripeSandbox.control("/sandbox/topups/" + topUp + "/succeed", Map.of()).statusCode(200);
    }

    /** Lists all events at Stripe that no webhook brought. */
    static void hearsOfAll() {
        Jobs jobs = Arc.container().instance(Jobs.class).get();
        OwnerSql.run("update stripe_cursors set next_at = null where listing = 'events'");
        // The first run may merely end a listing that began before all this.
        jobs.runNow("event-backfill");
        OwnerSql.run("update stripe_cursors set next_at = null where listing = 'events'");
        jobs.runNow("event-backfill");
    }

    /** Waits until the transfer of a payment is known too, which Stripe reports by itself. */
    public static void isTransferredSoon(UUID payment) {
        soon().until(() -> !OwnerSql.rows("select 1 from transfers where transaction_id = ?", payment).isEmpty());
    }

    /** A start that no other test has booked. */
    public static Instant freeTime() {
        Instant now = Arc.container().instance(Clock.class).get().instant();
        return now.plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.HOURS)
                .plus(Duration.ofHours(9L * DAYS.incrementAndGet() % 5000));
    }

    /** A booking of this coach by this mentee, not paid yet; its id. */
    public static String booked(Person mentee, Person coach, Instant startsAt, int minutes) {
        return mentee.posts("/v1/sessions",
                Map.of("coachId", coach.id(), "startsAt", startsAt.toString(), "durationMinutes", minutes))
                .statusCode(201).extract().path("id");
    }

    /** Begins or resumes paying for a session in the client's form; the client secret. */
    public static String clientSecret(Person mentee, String session) {
        return begun(mentee, session, "payment_intent", "clientSecret");
    }

    /** Begins or resumes paying for a session on Stripe's page; its address. */
    public static String page(Person mentee, String session) {
        return begun(mentee, session, "checkout", "checkoutUrl");
    }

    private static String begun(Person mentee, String session, String method, String with) {
        return mentee.posts("/v1/sessions/" + session + "/payment", Map.of("method", method)).statusCode(200)
                .body(with, notNullValue()).extract().path(with);
    }

    /** The payment that a client secret is for, at Stripe. */
    static JsonObject intent(String secret) {
        return new JsonObject(StripeSandbox.request().get("/v1/payment_intents/" + secret.replaceAll("_secret_.*", "")).then()
                .statusCode(200).extract().asString());
    }

    /** A session of so many minutes, booked and paid by card; its payment's id. */
    public static UUID paid(Person mentee, Person coach, int minutes) {
        return paid(mentee, coach, minutes, "pm_card_visa");
    }

    /** A session of so many minutes, booked and paid with this one of Stripe's test cards; its payment's id. */
    public static UUID paid(Person mentee, Person coach, int minutes, String card) {
        String session = booked(mentee, coach, freeTime(), minutes);
        JsonPath payment = mentee.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent"))
                .statusCode(200).extract().jsonPath();
        StripeSandbox.payIntent(payment.getString("clientSecret"), card).statusCode(200);
        isSoon(mentee, session, "confirmed", "paid");
        return UUID.fromString(payment.getString("transactionId"));
    }

    /** Moves the payment's session into the past, so that its earnings are released. */
    public static void tookPlace(UUID payment) {
        OwnerSql.run("""
                update sessions set starts_at = starts_at - interval '400 days', ends_at = ends_at - interval '400 days'
                 where id = (select session_id from transactions where id = '%s')""".formatted(payment));
    }

    /** Offers people a plan for 19.00 a month on these other terms, and returns its id. */
    public static String plan(Map<String, ?> others) {
        Map<String, Object> terms = new HashMap<>(Map.of("name", "Professional", "audience", "user", "amount",
                money("19.00", "USD"), "interval", "month", "tier", "professional"));
        terms.putAll(others);
        return Person.admin().posts("/v1/admin/plans", terms).statusCode(201).extract().path("id");
    }

    /** Offers a package of credits, and returns its id. */
    static String offered(String name, String amount, String credits) {
        String id = UUID.randomUUID().toString();
        OwnerSql.run(
                "insert into credit_packages (id, name, amount, credit_amount) values ('%s', '%s', %s, %s)".formatted(id, name,
                        amount, credits));
        return id;
    }

    /** Waits until a session is in this state and paid so, as its mentee sees it. */
    public static void isSoon(Person mentee, String session, String status, String paymentStatus) {
        soon().untilAsserted(() -> {
            JsonNode seen = Json.read(mentee.gets("/v1/sessions/" + session).statusCode(200).extract().asString());
            assertThat(seen.required("status").textValue()).isEqualTo(status);
            assertThat(seen.required("paymentStatus").textValue()).isEqualTo(paymentStatus);
        });
    }
}
