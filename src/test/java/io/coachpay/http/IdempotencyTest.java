package io.coachpay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.AtOnce;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.journey.Marketplace;
import io.restassured.response.ValidatableResponse;

/** Requests repeated with the same key, as clients do that lost the answer. */
@ServiceTest
class IdempotencyTest {

    private static Person carol;

    private Person alice;
    private String key;

    @BeforeEach
    void meet() {
        if (carol == null) {
            carol = Marketplace.coach("carol", "100.00", "USD");
        }
        alice = Person.called("alice");
        key = UUID.randomUUID().toString();
    }

    @Test
    void answersAgainWithoutDoingItAgain() {
        Map<String, Object> booking = booking(60);

        String first = book(booking).statusCode(201).header("Idempotent-Replayed", nullValue()).extract().asString();
        String second = book(booking).statusCode(201).header("Idempotent-Replayed", equalTo("true"))
                .contentType("application/json").extract().asString();

        assertThat(second).isEqualTo(first);
        alice.gets("/v1/sessions").body("data.size()", equalTo(1));
    }

    @Test
    void answersARefusalAgain() {
        Map<String, Object> tooShort = booking(1);

        Problem.is(book(tooShort), 422, "duration-not-offered").header("Idempotent-Replayed", nullValue());
        Problem.is(book(tooShort), 422, "duration-not-offered").header("Idempotent-Replayed", equalTo("true"));
    }

    @Test
    void refusesAKeyThatWasUsedWithAnotherBody() {
        book(booking(60)).statusCode(201);

        Problem.is(book(booking(90)), 422, "idempotency-key-reused").header("Idempotent-Replayed", nullValue());
        alice.gets("/v1/sessions").body("data.size()", equalTo(1));
    }

    @Test
    void refusesAKeyThatWasUsedOnAnotherPath() {
        book(Map.of()).statusCode(400);

        Problem.is(posts(alice, "/v1/me/connected-account", Map.of()), 422, "idempotency-key-reused");
    }

    @Test
    void refusesAKeyThatWasUsedWithAnotherQuery() {
        Person admin = Person.admin();

        posts(admin, "/v1/admin/events/replay?status=dead", Map.of()).statusCode(202);

        Problem.is(posts(admin, "/v1/admin/events/replay?status=failed", Map.of()), 422, "idempotency-key-reused");
    }

    @Test
    void keepsKeysApartByPerson() {
        Person bob = Person.called("bob");

        book(booking(60)).statusCode(201);
        posts(bob, "/v1/sessions", booking(60)).statusCode(201).header("Idempotent-Replayed", nullValue());
    }

    @ParameterizedTest
    @ValueSource(ints = { 0, 256, 1000 })
    void refusesAKeyOfNoOrTooManyCharacters(int length) {
        key = "k".repeat(length);

        Problem.names(book(booking(60)), "Idempotency-Key");
        alice.gets("/v1/sessions").body("data.size()", equalTo(0));
    }

    @Test
    void takesTheLongestKey() {
        key = "k".repeat(255);

        book(booking(60)).statusCode(201);
        book(Map.of()).statusCode(422);
    }

    @Test
    void booksOnceForManyRequestsAtOnce() {
        Map<String, Object> booking = booking(60);

        List<ValidatableResponse> answers = AtOnce.times(10, () -> book(booking));

        assertThat(answers).extracting(answer -> answer.extract().statusCode()).isSubsetOf(201, 409).contains(201);
        assertThat(answers).filteredOn(answer -> answer.extract().statusCode() == 201)
                .filteredOn(answer -> answer.extract().header("Idempotent-Replayed") == null).hasSize(1);
        answers.stream().filter(answer -> answer.extract().statusCode() == 409)
                .forEach(answer -> Problem.is(answer, 409, "idempotency-key-in-use").header("Retry-After", equalTo("1")));
        alice.gets("/v1/sessions").body("data.size()", equalTo(1));
        book(booking).statusCode(201).header("Idempotent-Replayed", equalTo("true"));
    }

    @Test
    void waitsForAHolderThatMayStillAnswer() {
        Map<String, Object> booking = booking(60);
        book(booking).statusCode(201);

        holderBeganSecondsAgo(50);

        Problem.is(book(booking), 409, "idempotency-key-in-use").header("Retry-After", equalTo("1"));
    }

    @Test
    void takesOverFromAHolderThatDied() {
        book(Map.of()).statusCode(400);

        holderBeganSecondsAgo(61);

        book(Map.of()).statusCode(400).header("Idempotent-Replayed", nullValue());
        book(Map.of()).statusCode(400).header("Idempotent-Replayed", equalTo("true"));
    }

    @Test
    void takesNothingOverForAnotherRequest() {
        book(Map.of()).statusCode(400);

        holderBeganSecondsAgo(61);

        Problem.is(book(booking(60)), 422, "idempotency-key-reused");
    }

    @Test
    void forgetsAKeyAfterADay() {
        book(Map.of()).statusCode(400);
        assertThat(OwnerSql.rows(
                "select expires_at - locked_at = interval '24 hours' as a_day from idempotency_keys where key = ?",
                key)).extracting("a_day").containsExactly(true);

        OwnerSql.run("update idempotency_keys set expires_at = locked_at where key = ?", key);

        book(booking(60)).statusCode(201).header("Idempotent-Replayed", nullValue());
    }

    @Test
    void leavesOtherMethodsAlone() {
        alice.asks().header("Idempotency-Key", key).get("/v1/me").then().statusCode(200);
        alice.asks().header("Idempotency-Key", key).body("{}").patch("/v1/me").then().statusCode(200);

        assertThat(OwnerSql.rows("select id from idempotency_keys where key = ?", key)).isEmpty();
    }

    private void holderBeganSecondsAgo(int seconds) {
        int changed = OwnerSql.run("""
                update idempotency_keys set response_status = null, response_body = null, completed_at = null,
                       locked_at = ?::timestamptz - make_interval(secs => ?) where key = ?""", StripeSandbox.now().toString(),
                seconds, key);
        assertThat(changed).isOne();
    }

    private static Map<String, Object> booking(int minutes) {
        return Map.of("coachId", carol.id(), "startsAt", Marketplace.freeTime().toString(), "durationMinutes", minutes);
    }

    private ValidatableResponse book(Map<String, ?> body) {
        return posts(alice, "/v1/sessions", body);
    }

    private ValidatableResponse posts(Person person, String path, Map<String, ?> body) {
        return person.asks().header("Idempotency-Key", key).body(body).post(path).then();
    }
}
