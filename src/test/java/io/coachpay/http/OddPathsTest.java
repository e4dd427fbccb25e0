package io.coachpay.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.restassured.RestAssured;

/** Unknown paths, and parameters without meaning. */
@ServiceTest
class OddPathsTest {

    @ParameterizedTest
    @ValueSource(strings = { "/v1", "/v1/nothing", "/v1/me/nothing", "/v1/sessions/x/y/z", "/nothing", "/v2/me", "/v1/admin",
            "/v1/coaches/nobody/busy", "/%00", "/v1/%2e%2e/me" })
    void knowsNoSuchPath(String path) {
        Problem.is(Person.called("alice").asks().urlEncodingEnabled(false).get(path).then(), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = { "/v1/sessions/7", "/v1/sessions/nobody", "/v1/coaches/nobody",
            "/v1/sessions/7/payment", "/v1/sessions/%00", "/v1/sessions/01890a5d-ac96-774b-bcce-b302099a805g" })
    void findsNothingUnderWhatIsNoId(String path) {
        Problem.is(Person.called("alice").asks().urlEncodingEnabled(false).get(path).then(), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = { "/v1/transactions/0", "/v1/transactions/po_1", "/v1/disputes/nobody" })
    void saysByWhichIdsSomethingIsKnown(String path) {
        Problem.names(Person.called("alice").asks().get(path).then(), "id");
    }

    @ParameterizedTest
    @CsvSource({ "DELETE, /v1/sessions", "PUT, /v1/transactions", "POST, /v1/coaches", "POST, /v1/config",
            "PATCH, /v1/sessions",
            "POST, /v1/me" })
    void knowsNoSuchMethod(String method, String path) {
        Problem.is(Person.called("alice").asks().body("{}").request(method, path).then(), 405, "method-not-allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = { "/v1/coaches?limit=%", "/v1/coaches?limit=%zz", "/v1/coaches?%", "/v1/coaches?limit=%u0041",
            "/v1/coaches%",
            "/v1/me?x=%zz", "/v1/coaches/%zz" })
    void refusesWhatIsNotEncodedAsAnAddressIs(String path) throws IOException {
        try (RawConnection connection = new RawConnection(RestAssured.port)) {
            connection.head("GET " + path + " HTTP/1.1", "Host: localhost",
                    "Authorization: Bearer " + Person.called("alice").token());

            assertThat(connection.answer().status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "limit=0", "limit=-1", "limit=101", "limit=many", "limit=1.5", "limit=99999999999",
            "after=nonsense", "after=%00", "after=AAAA", "after=*" })
    void refusesAPageThatIsNone(String query) {
        String field = query.substring(0, query.indexOf('='));
        Person alice = Person.called("alice");

        for (String list : new String[] { "/v1/sessions", "/v1/transactions", "/v1/coaches" }) {
            Problem.names(alice.asks().urlEncodingEnabled(false).get(list + "?" + query).then(), field);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "status=sold", "status=CONFIRMED", "status=%00", "as=owner", "as=%00" })
    void refusesASelectionThatIsNone(String query) {
        String field = query.substring(0, query.indexOf('='));

        Problem.names(Person.called("alice").asks().urlEncodingEnabled(false).get("/v1/sessions?" + query).then(), field);
    }

    @ParameterizedTest
    @ValueSource(strings = { "from=yesterday", "to=never", "from=2026-01-01", "from=%00", "from=%2B300000-01-01T00:00:00Z",
            "from=-5000-01-01T00:00:00Z", "from=0000-12-31T23:59:59Z", "from=%2B999999999-12-31T23:59:59Z",
            "from=%2B1000000000-12-31T23:59:59Z", "from=%2B10000-01-01T00:00:00Z", "to=%2B10000-01-01T00:00:00Z" })
    void refusesATimeThatIsNone(String query) {
        String field = query.substring(0, query.indexOf('='));

        Problem.names(given().urlEncodingEnabled(false).get("/v1/coaches/" + UUID.randomUUID() + "/busy?" + query).then(),
                field);
    }

    @ParameterizedTest
    @ValueSource(strings = { "from=0001-01-01T00:00:00Z", "from=9999-12-31T23:59:59Z",
            "from=9999-12-01T00:00:00Z&to=9999-12-31T23:59:59.999999999Z" })
    void findsNobodyTakenAtTheEndsOfTime(String query) {
        given().get("/v1/coaches/" + UUID.randomUUID() + "/busy?" + query).then().statusCode(404);
    }

    @ParameterizedTest
    @CsvSource({ "status=lost, status", "type=%00, type", "limit=0, limit", "after=x, after" })
    void refusesAnEventThatIsNone(String query, String field) {
        Problem.names(Person.admin().asks().urlEncodingEnabled(false).get("/v1/admin/events?" + query).then(), field);
    }

    @ParameterizedTest
    @ValueSource(strings = { "/checkout/done?visit=x", "/checkout/done", "/checkout/left",
            "/connect/return", "/connect/return?state=x.y" })
    void showsStrangersAPageAllTheSame(String path) {
        given().urlEncodingEnabled(false).get(path).then().statusCode(200).contentType("text/html");
    }

    @ParameterizedTest
    @CsvSource({ "/checkout/done, visit", "/connect/return, state", "/connect/refresh, state" })
    void refusesNulCharacters(String page, String field) {
        Problem.names(given().urlEncodingEnabled(false).get(page + "?" + field + "=x%00").then(), field);
    }

    @Test
    void sendsNobodyToStripeWithoutAValidState() {
        given().redirects().follow(false).get("/connect/refresh?state=x").then().statusCode(410).contentType("text/html");
    }
}
