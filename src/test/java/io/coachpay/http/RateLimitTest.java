package io.coachpay.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.coachpay.AtOnce;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.restassured.response.ValidatableResponse;

/** Sixty requests a minute that move money, for each person. */
@ServiceTest
class RateLimitTest {

    @Test
    void letsSixtyPassAndNotManyMore() {
        Person alice = Person.called("alice");

        List<ValidatableResponse> answers = IntStream.range(0, 6).boxed()
                .flatMap(round -> AtOnce.times(20, () -> pays(alice)).stream()).toList();

        assertThat(answers).extracting(answer -> answer.extract().statusCode()).containsOnly(404, 429);
        List<ValidatableResponse> refused = answers.stream().filter(answer -> answer.extract().statusCode() == 429).toList();
        // While they were sent, one more became due each second.
        assertThat(refused).hasSizeBetween(1, 60);
        refused.forEach(answer -> {
            Problem.is(answer, 429, "too-many-requests");
            assertThat(Integer.parseInt(answer.extract().header("Retry-After"))).isBetween(1, 60);
        });
        assertThat(pays(Person.called("bob")).extract().statusCode()).isEqualTo(404);
        alice.gets("/v1/sessions").statusCode(200);
    }

    @Test
    void letsNobodySpendWhatStripeAllowsThePlatform() {
        Person carol = Person.called("carol");

        List<ValidatableResponse> answers = IntStream.range(0, 5).boxed()
                .flatMap(round -> AtOnce.times(20, () -> carol.posts("/v1/me/connected-account/onboarding-link")).stream())
                .toList();

        assertThat(answers).extracting(answer -> answer.extract().statusCode()).containsOnly(404, 429);
        List<ValidatableResponse> refused = answers.stream().filter(answer -> answer.extract().statusCode() == 429).toList();
        assertThat(refused).hasSizeBetween(1, 40).allSatisfy(answer -> {
            Problem.is(answer, 429, "too-many-requests");
            assertThat(Integer.parseInt(answer.extract().header("Retry-After"))).isBetween(1, 60);
        });
        assertThat(pays(carol).extract().statusCode()).as("a bucket of its own").isEqualTo(404);
    }

    private static ValidatableResponse pays(Person person) {
        return person.posts("/v1/sessions/" + UUID.randomUUID() + "/payment", Map.of("method", "checkout"));
    }
}
