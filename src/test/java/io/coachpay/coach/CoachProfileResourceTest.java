package io.coachpay.coach;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.coachpay.AtOnce;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.access.Access;
import io.coachpay.access.Ids;

@ServiceTest
class CoachProfileResourceTest {

    private static final Map<String, String> HUNDRED_DOLLARS = Map.of("amount", "100.00", "currency", "USD");

    @Inject
    Access access;
    @Inject
    EntityManager database;

    @Test
    void makesACoach() {
        Person carol = Person.called("carol");
        carol.gets("/v1/me/coach-profile").statusCode(404);
        carol.gets("/v1/me/balance").statusCode(404);

        carol.puts("/v1/me/coach-profile", Map.of("headline", "Careers", "hourlyRate", HUNDRED_DOLLARS, "timeZone",
                "Europe/Berlin", "payoutSchedule", "weekly", "minimumPayout", Map.of("amount", "0.00", "currency", "USD")))
                .statusCode(200);

        carol.gets("/v1/me/coach-profile").statusCode(200).body("id", equalTo(carol.id()))
                .body("headline", equalTo("Careers")).body("hourlyRate", equalTo(HUNDRED_DOLLARS))
                .body("timeZone", equalTo("Europe/Berlin")).body("payoutSchedule", equalTo("weekly"))
                .body("minimumPayout.amount", equalTo("0.00")).body("platformFeePercentage", equalTo(20.00f))
                .body("totalEarnings", equalTo(Map.of("amount", "0.00", "currency", "USD")))
                .body("availableBalance.amount", equalTo("0.00")).body("pendingBalance.amount", equalTo("0.00"));
        carol.gets("/v1/me/balance").statusCode(200).body("$", hasSize(1)).body("[0].currency", equalTo("USD"))
                .body("[0].pending.amount", equalTo("0.00")).body("[0].inTransit.amount", equalTo("0.00"));
    }

    @Test
    void replacesAllTerms() {
        Person carol = Person.called("carol");
        carol.puts("/v1/me/coach-profile", Map.of("headline", "Careers", "hourlyRate", HUNDRED_DOLLARS, "timeZone",
                "Europe/Berlin")).statusCode(200);

        carol.puts("/v1/me/coach-profile", Map.of("hourlyRate", Map.of("amount", "9000", "currency", "JPY")))
                .statusCode(200).body("headline", nullValue()).body("timeZone", equalTo("UTC"))
                .body("hourlyRate.amount", equalTo("9000")).body("minimumPayout.amount", equalTo("10000"))
                .body("totalEarnings", equalTo(Map.of("amount", "0", "currency", "JPY")));
    }

    @Test
    void makesOneProfileOfManyAtOnce() {
        Person carol = Person.called("carol");
        carol.id();

        List<Integer> answers = AtOnce.times(8, () -> carol
                .puts("/v1/me/coach-profile", Map.of("hourlyRate", HUNDRED_DOLLARS)).extract().statusCode());

        assertThat(answers).containsOnly(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{} | 400 | hourlyRate",
            "{'hourlyRate': null} | 400 | hourlyRate",
            "{'hourlyRate': 100} | 400 | hourlyRate",
            "{'hourlyRate': {'amount': 100.00, 'currency': 'USD'}} | 400 | hourlyRate",
            "{'hourlyRate': {'amount': '100', 'currency': 'USD'}} | 400 | hourlyRate",
            "{'hourlyRate': {'amount': '-1.00', 'currency': 'USD'}} | 400 | hourlyRate",
            "{'hourlyRate': {'amount': '100.00', 'currency': 'usd'}} | 400 | hourlyRate",
            "{'hourlyRate': {'amount': '100.00', 'currency': 'XXX'}} | 400 | hourlyRate",
            "{'hourlyRate': {'amount': '0.00', 'currency': 'USD'}} | 422 | amount-too-small",
            "{'hourlyRate': {'amount': '0.49', 'currency': 'USD'}} | 422 | amount-too-small",
            "{'hourlyRate': {'amount': '50000.00', 'currency': 'USD'}} | 400 | hourlyRate",
            "{'hourlyRate': {'amount': '100.005', 'currency': 'KWD'}} | 422 | amount-not-chargeable",
            "{'hourlyRate': {'amount': '100.00', 'currency': 'SEK'}} | 422 | currency-not-settled",
            "{'hourlyRate': {'amount': '100.00', 'currency': 'USD'}, 'timeZone': 'Mars/Olympus'} | 400 | timeZone",
            "{'hourlyRate': {'amount': '100.00', 'currency': 'USD'}, 'payoutSchedule': 'hourly'} | 400 | payoutSchedule",
            "{'hourlyRate': {'amount': '100.00', 'currency': 'USD'}, 'minimumPayout': {'amount': '1.00', 'currency': 'EUR'}} | 400 | minimumPayout",
            "{'hourlyRate': {'amount': '100.00', 'currency': 'USD'}, 'platformFeePercentage': 0} | 400 | platformFeePercentage",
            "{'hourlyRate': {'amount': '100.00', 'currency': 'USD'}, 'headline': 'two\\nlines'} | 400 | headline",
            "[] | 400 | invalid-request" })
    void refusesWhatAreNoTerms(String body, int status, String named) {
        Person carol = Person.called("carol");

        carol.asks().body(body.replace('\'', '"')).put("/v1/me/coach-profile").then().statusCode(status)
                .contentType("application/problem+json").body(containsString(named));

        carol.gets("/v1/me/coach-profile").statusCode(404);
    }

    @Test
    void keepsTheCurrencyWhileSessionsAreAhead() {
        Person carol = Person.called("carol");
        carol.puts("/v1/me/coach-profile", Map.of("hourlyRate", HUNDRED_DOLLARS)).statusCode(200);
        bookedBy(Person.called("alice").id(), carol.id());

        carol.puts("/v1/me/coach-profile", Map.of("hourlyRate", Map.of("amount", "90.00", "currency", "EUR")))
                .statusCode(409).body("type", equalTo("urn:coachpay:problem:currency-in-use"));

        carol.puts("/v1/me/coach-profile", Map.of("hourlyRate", Map.of("amount", "90.00", "currency", "USD")))
                .statusCode(200);
    }

    @Test
    void showsEverybodyTheirOwnAlone() {
        Person carol = Person.called("carol");
        carol.puts("/v1/me/coach-profile", Map.of("hourlyRate", HUNDRED_DOLLARS)).statusCode(200);
        Person bob = Person.called("bob");

        bob.gets("/v1/me/coach-profile").statusCode(404);
        bob.gets("/v1/me/balance").statusCode(404);
        bob.gets("/v1/me/connected-account").statusCode(404);
        given().get("/v1/me/coach-profile").then().statusCode(401);
        given().get("/v1/me/balance").then().statusCode(401);
    }

    @Test
    void showsAnybodyOneCoach() {
        Person carol = Person.called("carol");
        carol.puts("/v1/me/coach-profile", Map.of("headline", "Careers", "hourlyRate", HUNDRED_DOLLARS)).statusCode(200);

        given().get("/v1/coaches/" + carol.id()).then().statusCode(200).body("headline", equalTo("Careers"))
                .body("bookable", equalTo(false)).body("totalEarnings", nullValue()).body("email", nullValue());
        given().get("/v1/coaches/" + Ids.next()).then().statusCode(404).contentType("application/problem+json");
        given().get("/v1/coaches/nobody").then().statusCode(404);
        given().get("/v1/coaches?after=nonsense").then().statusCode(400);
        given().get("/v1/coaches?limit=0").then().statusCode(400);
    }

    private void bookedBy(String mentee, String coach) {
        access.runAsService(() -> database.createNativeQuery("""
                insert into sessions (id, mentee_id, coach_id, starts_at, ends_at, price_amount, currency, platform_fee_amount,
                    coach_payout_amount, hold_expires_at, hourly_rate, platform_fee_percentage)
                values (:id, :mentee, :coach, now() + interval '1 day', now() + interval '25 hours', 100, 'USD', 20, 80,
                    now() + interval '30 minutes', 100, 20)""").setParameter("id", Ids.next())
                .setParameter("mentee", UUID.fromString(mentee)).setParameter("coach", UUID.fromString(coach))
                .executeUpdate());
    }
}
