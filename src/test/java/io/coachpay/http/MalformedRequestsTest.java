package io.coachpay.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;

/** Requests that cannot be read, or that no client can mean. */
@ServiceTest
class MalformedRequestsTest {

    private static final String BOOKING = """
            {"coachId": "01890a5d-ac96-774b-bcce-b302099a8057", "startsAt": "2099-05-06T09:00:00Z", "durationMinutes": 75}""";

    private Person alice;

    @BeforeEach
    void meet() {
        alice = Person.called("alice");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", " ", "{", "}", "nonsense", "{\"coachId\": ", "[1, 2", "{\"a\": 1} {\"b\": 2}",
            "{'coachId': 1}",
            "{\"durationMinutes\": 75, \"durationMinutes\": 76}", "{\"durationMinutes\": NaN}", "\u0000" })
    void refusesWhatIsNoJson(String body) {
        Problem.is(posts("/v1/sessions", body), 400, "invalid-request");
    }

    @ParameterizedTest
    @ValueSource(strings = { "null", "[]", "75", "\"text\"", "true", "[{}]" })
    void refusesJsonThatIsNoObject(String body) {
        Problem.is(posts("/v1/sessions", body), 400, "invalid-request");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            durationMinutes | "durationMinutes": 75  | "durationMinutes": "75"
            durationMinutes | "durationMinutes": 75  | "durationMinutes": 75.5
            durationMinutes | "durationMinutes": 75  | "durationMinutes": true
            durationMinutes | "durationMinutes": 75  | "durationMinutes": 99999999999
            durationMinutes | "durationMinutes": 75  | "durationMinutes": [75]
            durationMinutes | "durationMinutes": 75  | "durationMinutes": {}
            durationMinutes | "durationMinutes": 75  | "durationMinutes": null
            durationMinutes | "durationMinutes": 75  | "durationMinutes": ""
            durationMinutes | "durationMinutes": 75  | "durationMinutes": "many"
            startsAt        | "2099-05-06T09:00:00Z" | 4081741200
            startsAt        | "2099-05-06T09:00:00Z" | 4081741200.5
            startsAt        | "2099-05-06T09:00:00Z" | "tomorrow"
            startsAt        | "2099-05-06T09:00:00Z" | "2099-05-06"
            startsAt        | "2099-05-06T09:00:00Z" | "2099-05-06T09:00:00"
            startsAt        | "2099-05-06T09:00:00Z" | ""
            startsAt        | "2099-05-06T09:00:00Z" | null
            startsAt        | "2099-05-06T09:00:00Z" | "+300000-01-01T00:00:00Z"
            startsAt        | "2099-05-06T09:00:00Z" | "+10000-01-01T00:00:00Z"
            startsAt        | "2099-05-06T09:00:00Z" | "-0001-12-31T23:59:59Z"
            startsAt        | "2099-05-06T09:00:00Z" | "0000-12-31T23:59:59Z"
            startsAt        | "2099-05-06T09:00:00Z" | "+1000000000-12-31T23:59:59Z"
            coachId         | "01890a5d-ac96-774b-bcce-b302099a8057" | "nobody"
            coachId         | "01890a5d-ac96-774b-bcce-b302099a8057" | 7
            coachId         | "01890a5d-ac96-774b-bcce-b302099a8057" | ""
            coachId         | "01890a5d-ac96-774b-bcce-b302099a8057" | null
            surprise        | {"coachId"             | {"surprise": 1, "coachId"
            """)
    void namesTheFieldThatIsWrong(String field, String right, String wrong) {
        Problem.names(posts("/v1/sessions", BOOKING.replace(right, wrong)), field);
    }

    @Test
    void namesEveryFieldThatIsMissing() {
        ValidatableResponse answer = posts("/v1/sessions", "{}");

        Problem.names(answer, "coachId");
        Problem.names(answer, "startsAt");
        Problem.names(answer, "durationMinutes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            headline       | "headline": 5
            headline       | "headline": true
            headline       | "headline": "two\\nlines"
            headline       | "headline": "nul\\u0000"
            timeZone       | "timeZone": "Mars/Olympus"
            timeZone       | "timeZone": "+02:00"
            payoutSchedule | "payoutSchedule": "sometimes"
            payoutSchedule | "payoutSchedule": 1
            minimumPayout.currency | "minimumPayout": {"amount": "1.00", "currency": "EUR"}
            """)
    void namesTheTermThatIsWrong(String field, String term) {
        Problem.names(puts("/v1/me/coach-profile",
                "{\"hourlyRate\": {\"amount\": \"100.00\", \"currency\": \"USD\"}, " + term + "}"), field);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            name  | ""
            name  | " "
            name  | "nul\\u0000"
            name  | 7
            email | "nobody"
            email | "a@b\\u0000.c"
            email | ["a@example.com"]
            """)
    void namesWhatIsWrongAboutAPerson(String field, String value) {
        Problem.names(alice.asks().body("{\"" + field + "\": " + value + "}").patch("/v1/me").then(), field);
    }

    @ParameterizedTest
    @CsvSource({ "method, cash", "method, CHECKOUT", "method, ''" })
    void namesAMethodThatIsNone(String field, String value) {
        Problem.names(posts("/v1/sessions/" + UUID.randomUUID() + "/payment", "{\"" + field + "\": \"" + value + "\"}"), field);
    }

    @ParameterizedTest
    @ValueSource(strings = { "javascript:alert(1)", "/relative", "nonsense", "ftp://example.com/", "https://", "http://a b/",
            "https://user:secret@example.com/", "https://example.com/\\u0000" })
    void namesAReturnAddressThatIsNone(String url) {
        Problem.names(posts("/v1/sessions/" + UUID.randomUUID() + "/payment",
                "{\"method\": \"checkout\", \"successUrl\": \"" + url + "\"}"), "successUrl");
    }

    @ParameterizedTest
    @ValueSource(strings = { "text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data" })
    void refusesOtherContentTypes(String type) {
        Problem.is(alice.asks().config(plainBodies()).contentType(type).body(BOOKING).post("/v1/sessions").then(), 415,
                "unsupported-media-type");
    }

    @ParameterizedTest
    @ValueSource(strings = { "x", "", "/", "a/b, c/d", "application/", "/json", "*", "*/*", "*/*/*" })
    void refusesAContentTypeThatIsNone(String type) throws IOException {
        for (String request : List.of("GET /v1/config", "GET /v1/coaches", "GET /v1/me", "POST /v1/sessions", "GET /v1/nothing",
                "PATCH /v1/me")) {
            try (RawConnection connection = new RawConnection(RestAssured.port)) {
                connection.head(request + " HTTP/1.1", "Host: localhost", "Authorization: Bearer " + alice.token(),
                        "Content-Type: " + type, "Content-Length: 2").says("{}");
                RawConnection.Answer answer = connection.answer();

                assertThat(answer.status()).as(request + ": " + answer).isEqualTo(415);
                assertThat(answer.headers()).containsEntry("Content-Type", "application/problem+json");
                assertThat(answer.body()).contains("\"urn:coachpay:problem:unsupported-media-type\"", "\"status\":415");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "Accept: x", "Accept: ", "Accept: /", "Accept: a/b; q=x", "Accept: a/b; q=2", "Accept: ,",
            "Accept: application/json; q", "Accept-Language: -", "Accept-Charset: nonsense", "Accept-Encoding: x;q=z",
            "Cookie: =", "Cookie: $Version=x; a", "Cookie: ;;;", "Cookie: a=\"", "Expect: nonsense", "If-Modified-Since: never",
            "Authorization: ", "Authorization: Basic x", "Authorization: Bearer", "Forwarded: for=", "X-Forwarded-Host: a b",
            "traceparent: nonsense", "X-HTTP-Method-Override: NONSENSE", "Content-Type: application/json; charset=nonsense",
            "Content-Type: application/json; charset", "Content-Type: application/json; =x", "Content-Type: application/json;;",
            "Content-Type: application/json; charset=\"utf-8", "Content-Type: \u00e4/\u00f6",
            "Content-Encoding: nonsense", "Origin: nonsense", "Range: bytes=x", "Upgrade: h2c" })
    void isNotPutOutByAHeader(String header) throws IOException {
        for (String request : List.of("GET /v1/config", "GET /v1/coaches", "POST /v1/sessions")) {
            try (RawConnection connection = new RawConnection(RestAssured.port)) {
                connection.head(request + " HTTP/1.1", "Host: localhost", header, "Content-Length: 2").says("{}");

                assertThat(connection.answer().status()).as(request).isLessThan(500);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "-", "", "de", "*;q=x", "en-x-y-z;q=2" })
    void saysWhatIsWrongInEnglishWhateverLanguageIsAskedFor(String language) {
        Problem.names(alice.asks().header("Accept-Language", language).body("{}").post("/v1/sessions").then(), "coachId");
    }

    @ParameterizedTest
    @ValueSource(strings = { "UTF-8", "UTF-16BE", "UTF-32BE", "UTF-32LE" })
    void refusesTextThatIsCutInACharacter(String encoding) throws IOException {
        byte[] whole = "{\"coachId\": \"\u00fc\u00fc".getBytes(Charset.forName(encoding));
        try (RawConnection connection = new RawConnection(RestAssured.port)) {
            connection.head("POST /v1/sessions HTTP/1.1", "Host: localhost", "Authorization: Bearer " + alice.token(),
                    "Content-Type: application/json", "Content-Length: " + (whole.length - 1))
                    .says(Arrays.copyOf(whole, whole.length - 1));

            assertThat(connection.answer().status()).isEqualTo(400);
        }
    }

    @Test
    void refusesToAnswerInOtherTypes() {
        Problem.is(alice.asks().accept("image/png").get("/v1/sessions").then(), 406, "not-acceptable");
    }

    @Test
    void answersInJson() {
        alice.gets("/v1/sessions").statusCode(200).contentType("application/json").body("data.size()", equalTo(0));
    }

    @Test
    void tellsAStrangerHowToSignIn() {
        Problem.is(given().get("/v1/me").then(), 401, "not-signed-in").header("WWW-Authenticate", containsString("Bearer"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "nonsense", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.", "" })
    void refusesABadToken(String token) {
        Problem.is(given().header("Authorization", "Bearer " + token).get("/v1/me").then(), 401, "not-signed-in");
    }

    private static RestAssuredConfig plainBodies() {
        return RestAssuredConfig.config()
                .encoderConfig(EncoderConfig.encoderConfig()
                        .encodeContentTypeAs("application/xml", ContentType.TEXT)
                        .encodeContentTypeAs("multipart/form-data", ContentType.TEXT)
                        .encodeContentTypeAs("application/x-www-form-urlencoded", ContentType.TEXT)
                        .appendDefaultContentCharsetToContentTypeIfUndefined(false));
    }

    private ValidatableResponse posts(String path, String body) {
        return alice.asks().body(body).post(path).then();
    }

    private ValidatableResponse puts(String path, String body) {
        return alice.asks().body(body).put(path).then();
    }
}
