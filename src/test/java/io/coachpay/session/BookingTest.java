package io.coachpay.session;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.inject.Inject;

import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.AtOnce;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.access.Access;
import io.coachpay.journey.Marketplace;
import io.restassured.response.ValidatableResponse;

/** Bookings that are refused, and those just within the limits. */
@ServiceTest
class BookingTest {

    private static Person carol;

    @Inject
    Access access;

    private Person alice;

    @BeforeEach
    void meet() {
        if (carol == null) {
            carol = Marketplace.coach("carol", "100.00", "USD");
        }
        alice = Person.called("alice");
    }

    @Test
    void refusesAnUnknownCoach() {
        Problem.is(book(alice, UUID.randomUUID().toString(), Marketplace.freeTime(), 60), 404, "not-found");
    }

    @Test
    void refusesSomebodyWhoIsNoCoach() {
        Problem.is(book(alice, Person.called("bob").id(), Marketplace.freeTime(), 60), 404, "not-found");
    }

    @Test
    void refusesACoachWithoutAnAccount() {
        Person dave = coachToBe();

        Problem.is(book(alice, dave.id(), Marketplace.freeTime(), 60), 409, "coach-cannot-charge")
                .body("reason", equalTo("no_account"));
        alice.gets("/v1/coaches").body("data.id", not(hasItem(dave.id())));
    }

    @Test
    void refusesACoachWhoIsNotOnboarded() {
        Person dave = coachToBe();
        dave.posts("/v1/me/connected-account", Map.of("country", "US", "businessType", "individual")).statusCode(201);

        Problem.is(book(alice, dave.id(), Marketplace.freeTime(), 60), 409, "coach-cannot-charge")
                .body("reason", equalTo("onboarding_incomplete")).body("reasons", hasItem("onboarding_incomplete"));
    }

    @Test
    void saysWhereTheBookingIsByThePublicAddress() {
        String body = "{\"coachId\": \"%s\", \"startsAt\": \"%s\", \"durationMinutes\": 60}".formatted(carol.id(),
                Marketplace.freeTime());

        String location = alice.asks().header("Host", "evil.example").body(body).post("/v1/sessions").then().statusCode(201)
                .extract().header("Location");

        assertThat(location).startsWith(
                ConfigProvider.getConfig().getValue("coachpay.public-url", String.class) + "/v1/sessions/");
    }

    @Test
    void refusesASlotThatIsTaken() {
        Instant start = Marketplace.freeTime();
        book(Person.called("bob"), carol.id(), start, 60).statusCode(201);

        for (int[] overlap : new int[][] { { 0, 60 }, { 30, 60 }, { -30, 60 }, { 15, 15 }, { -30, 120 } }) {
            Problem.is(book(alice, carol.id(), start.plus(Duration.ofMinutes(overlap[0])), overlap[1]), 409, "slot-taken");
        }
        alice.gets("/v1/sessions").body("data", hasSize(0));
    }

    @Test
    void takesTheSlotsBeforeAndAfter() {
        Instant start = Marketplace.freeTime();

        book(alice, carol.id(), start, 60).statusCode(201);
        book(alice, carol.id(), start.plus(Duration.ofMinutes(60)), 60).statusCode(201);
        book(alice, carol.id(), start.minus(Duration.ofMinutes(60)), 60).statusCode(201);
    }

    @Test
    void givesASlotToOneOfTenAtOnce() {
        Instant start = Marketplace.freeTime();
        String coach = carol.id();

        List<ValidatableResponse> answers = AtOnce.times(10, () -> book(alice, coach, start, 60));

        assertThat(answers).extracting(answer -> answer.extract().statusCode())
                .containsExactlyInAnyOrder(201, 409, 409, 409, 409, 409, 409, 409, 409, 409);
        answers.stream().filter(answer -> answer.extract().statusCode() == 409)
                .forEach(answer -> Problem.is(answer, 409, "slot-taken"));
        alice.gets("/v1/sessions").body("data", hasSize(1));
    }

    @Test
    void refusesAMenteesSixthUnpaidBookingHoweverManyComeAtOnce() {
        Person other = Marketplace.coach("dave", "100.00", "USD");

        List<ValidatableResponse> answers = AtOnce.times(12,
                () -> book(alice, carol.id(), Marketplace.freeTime(), 15));

        assertThat(answers).extracting(answer -> answer.extract().statusCode()).filteredOn(status -> status == 201).hasSize(5);
        Problem.is(book(alice, other.id(), Marketplace.freeTime(), 15), 409, "too-many-holds").body("most", equalTo(5));
        String first = alice.gets("/v1/sessions").body("data", hasSize(5)).extract().path("data[0].id");
        alice.posts("/v1/sessions/" + first + "/cancel").statusCode(200);
        book(alice, other.id(), Marketplace.freeTime(), 15).statusCode(201);
    }

    @Test
    void refusesTheFiftyFirstUnpaidBookingOfACoach() {
        Person dave = Marketplace.coach("dave", "100.00", "USD");
        for (int mentee = 0; mentee < 10; mentee++) {
            Person one = Person.called("bob");
            for (int booking = 0; booking < 5; booking++) {
                book(one, dave.id(), Marketplace.freeTime(), 15).statusCode(201);
            }
        }

        Problem.is(book(alice, dave.id(), Marketplace.freeTime(), 15), 409, "coach-held");
        book(alice, carol.id(), Marketplace.freeTime(), 15).statusCode(201);
    }

    /** A booking that waits would block the payment: the index checks a slot again whenever its session changes. */
    @Test
    void refusesASlotAtOnceWhosePaymentIsJustBeingBooked() throws Exception {
        Instant start = Marketplace.freeTime();
        String session = book(Person.called("bob"), carol.id(), start, 60).statusCode(201).extract().path("id");
        String change = "update sessions set payment_status = payment_status where id = '" + session + "'";

        ValidatableResponse other = access.asService(() -> {
            CoachingSession.getEntityManager().createNativeQuery(change).executeUpdate();
            var refused = CompletableFuture.supplyAsync(() -> book(alice, carol.id(), start, 30)).orTimeout(20, SECONDS).join();
            CoachingSession.getEntityManager().createNativeQuery(change).executeUpdate();
            return refused;
        });

        Problem.is(other, 409, "slot-taken");
    }

    @Test
    void givesOneOfTwoOverlappingSlotsAtOnce() {
        Instant start = Marketplace.freeTime();
        String coach = carol.id();
        AtomicInteger turn = new AtomicInteger();

        List<Integer> answers = AtOnce.times(8, () -> book(alice, coach,
                start.plus(Duration.ofMinutes(30L * (turn.getAndIncrement() % 2))), 60).extract().statusCode());

        assertThat(answers).containsOnly(201, 409).containsOnlyOnce(201);
    }

    @ParameterizedTest
    @ValueSource(strings = { "PT-1S", "PT-1H", "P-365D" })
    void refusesAStartThatIsPast(Duration ahead) {
        Problem.is(book(alice, carol.id(), now().plus(ahead), 60), 422, "start-in-the-past");
    }

    @Test
    void refusesAStartNobodyPlansFor() {
        Problem.is(book(alice, carol.id(), now().plus(Duration.ofDays(366)), 60), 422, "start-too-far-ahead");
        Problem.is(book(alice, carol.id(), Instant.parse("9999-12-31T23:00:00Z"), 60), 422, "start-too-far-ahead");
        Problem.is(book(alice, carol.id(), Instant.MAX, 60), 400);
    }

    @ParameterizedTest
    @ValueSource(ints = { 0, -60, 1, 14, 481, 1_000_000, Integer.MAX_VALUE, Integer.MIN_VALUE })
    void refusesADurationThatIsNotOffered(int minutes) {
        Problem.is(book(alice, carol.id(), Marketplace.freeTime(), minutes), 422, "duration-not-offered");
    }

    @ParameterizedTest
    @CsvSource({ "15, 25.00", "16, 26.67", "75, 125.00", "480, 800.00" })
    void pricesToTheCent(int minutes, String price) {
        book(alice, carol.id(), Marketplace.freeTime(), minutes).statusCode(201).body("price.amount", equalTo(price));
    }

    @Test
    void refusesABookingOfOneself() {
        Problem.is(book(carol, carol.id(), Marketplace.freeTime(), 60), 422, "own-session");
    }

    /** Stripe publishes no minimum charge in dinars; that of the currency it settles in applies. */
    @Test
    void refusesAPriceBelowTheLeastChargeOfSettlement() {
        Person cheap = Marketplace.coach("carol", "0.600", "KWD");

        Problem.is(book(alice, cheap.id(), Marketplace.freeTime(), 29), 422, "amount-too-small");
        book(alice, cheap.id(), Marketplace.freeTime(), 30).statusCode(201).body("price.amount", equalTo("0.300"));
    }

    @Test
    void refusesAPriceThatStripeDoesNotCharge() {
        Person cheap = Marketplace.coach("carol", "0.50", "USD");

        Problem.is(book(alice, cheap.id(), Marketplace.freeTime(), 59), 422, "amount-too-small");
        book(alice, cheap.id(), Marketplace.freeTime(), 60).statusCode(201).body("price.amount", equalTo("0.50"));
    }

    @Test
    void refusesACurrencyTheCoachsAccountDoesNotSettleIn() {
        Person american = Marketplace.coach("carol", "100.00", "USD");
        american.puts("/v1/me/coach-profile", Map.of("hourlyRate", Map.of("amount", "100.00", "currency", "EUR")))
                .statusCode(200);

        Problem.is(book(alice, american.id(), Marketplace.freeTime(), 60), 422, "currency-not-settled");
    }

    @Test
    void hidesSomebodyElsesSession() {
        String session = Marketplace.booked(alice, carol, Marketplace.freeTime(), 60);
        Person bob = Person.called("bob");

        Problem.is(bob.gets("/v1/sessions/" + session), 404, "not-found");
        Problem.is(bob.posts("/v1/sessions/" + session + "/payment", Map.of("method", "checkout")), 404, "not-found");
        Problem.is(bob.gets("/v1/sessions/" + session + "/payment"), 404, "not-found");
        Problem.is(bob.deletes("/v1/sessions/" + session + "/payment"), 404, "not-found");
        Problem.is(carol.posts("/v1/sessions/" + session + "/payment", Map.of("method", "checkout")), 404, "not-found");
        bob.gets("/v1/sessions").body("data", hasSize(0));
    }

    @Test
    void showsTheSplitToTheCoachAlone() {
        String session = Marketplace.booked(alice, carol, Marketplace.freeTime(), 75);

        alice.gets("/v1/sessions/" + session).body("$", not(hasKey("platformFee")));
        carol.gets("/v1/sessions/" + session).body("platformFee.amount", equalTo("25.00"))
                .body("coachPayout.amount", equalTo("100.00"));
    }

    @Test
    void bookingsWaitHalfAnHourForTheirPayment() {
        String until = book(alice, carol.id(), Marketplace.freeTime(), 60).statusCode(201).extract().path("holdExpiresAt");

        assertThat(Duration.between(now(), Instant.parse(until))).isBetween(Duration.ofMinutes(29), Duration.ofMinutes(30));
    }

    private static Person coachToBe() {
        Person dave = Person.called("dave");
        dave.puts("/v1/me/coach-profile", Map.of("hourlyRate", Map.of("amount", "100.00", "currency", "USD"))).statusCode(200);
        return dave;
    }

    private static Instant now() {
        return StripeSandbox.now();
    }

    private static ValidatableResponse book(Person mentee, String coach, Instant startsAt, int minutes) {
        return mentee.posts("/v1/sessions",
                Map.of("coachId", coach, "startsAt", startsAt.toString(), "durationMinutes", minutes));
    }
}
