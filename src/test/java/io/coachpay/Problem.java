package io.coachpay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import java.util.List;

import io.restassured.response.ValidatableResponse;

/** The answer to every refused request (RFC 9457). */
public final class Problem {

    private static final String URN = "urn:coachpay:problem:";
    /** Words that would show our insides. */
    private static final List<String> INSIDES = List.of("Exception", "io.coachpay", "java.", "jakarta.", "com.fasterxml",
            "org.hibernate", "select ", "insert into", "PSQL", "\tat ", "SQLState", "sk_test", "whsec_");

    private Problem() {
    }

    /** Asserts that the answer is a problem of this status, complete and without our insides. */
    public static ValidatableResponse is(ValidatableResponse answer, int status) {
        assertThat(answer.extract().statusCode()).as(answer.extract().asString()).isEqualTo(status);
        answer.contentType("application/problem+json").body("type", startsWith(URN))
                .body("status", equalTo(status)).body("title", notNullValue()).body("detail", notNullValue());
        assertThat(answer.extract().asString()).doesNotContain(INSIDES);
        if (answer.extract().header("Idempotent-Replayed") == null) {
            answer.body("requestId", equalTo(answer.extract().header("X-Request-Id")));
        }
        return answer;
    }

    /** Asserts that the answer is this problem. */
    public static ValidatableResponse is(ValidatableResponse answer, int status, String name) {
        return is(answer, status).body("type", equalTo(URN + name));
    }

    /** Asserts that the answer is a 400 that names this field. */
    public static ValidatableResponse names(ValidatableResponse answer, String field) {
        return is(answer, 400).body("violations.field", hasItem(field));
    }
}
