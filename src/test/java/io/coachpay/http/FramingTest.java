package io.coachpay.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.ServiceTest;
import io.restassured.RestAssured;

/** Requests that two readers could take to end differently, or to be for different hosts, are refused. */
@ServiceTest
class FramingTest {

    @ParameterizedTest
    @ValueSource(strings = { "Content-Length: 4|Transfer-Encoding: chunked", "Transfer-Encoding: chunked|Content-Length: 4" })
    void refusesALengthBesideChunks(String headers) throws IOException {
        refuses(("POST /v1/sessions HTTP/1.1|Host: localhost|" + headers).split("\\|"), "0\r\n\r\n");
        refuses(("POST /webhooks/stripe HTTP/1.1|Host: localhost|" + headers).split("\\|"), "0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = { "Content-Length: 1|Content-Length: 2", "Content-Length: -1", "Content-Length: +1",
            "Content-Length: 1, 2", "Content-Length: 0x1", "Content-Length: 99999999999999999999", "Content-Length: ",
            "Transfer-Encoding: gzip", "Transfer-Encoding: chunked, gzip", "Transfer-Encoding : chunked" })
    void refusesALengthThatIsNone(String headers) throws IOException {
        refuses(("POST /v1/sessions HTTP/1.1|Host: localhost|" + headers).split("\\|"), "");
    }

    @ParameterizedTest
    @ValueSource(strings = { "Host: localhost|Host: evil.example", "X-Nobody: 1", "Host: ", "Host: a b" })
    void refusesARequestThatIsNotForOneHost(String headers) throws IOException {
        refuses(("GET /v1/config HTTP/1.1|" + headers).split("\\|"), "");
        refuses(("POST /webhooks/stripe HTTP/1.1|Content-Length: 0|" + headers).split("\\|"), "");
    }

    @ParameterizedTest
    @ValueSource(strings = { " X-First: 1", "No colon", "X-Nul: a\0b", "X Y: 1" })
    void refusesAHeaderThatIsNone(String headers) throws IOException {
        refuses(("GET /v1/config HTTP/1.1|Host: localhost|" + headers).split("\\|"), "");
    }

    @Test
    void speaksNoOtherVersion() throws IOException {
        try (RawConnection known = new RawConnection(RestAssured.port);
                RawConnection asked = new RawConnection(RestAssured.port)) {
            known.says("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            asked.head("GET /v1/config HTTP/1.1", "Host: localhost", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c",
                    "HTTP2-Settings: AAMAAABkAAQAAP__");

            assertThat(known.answer().status()).isGreaterThanOrEqualTo(400);
            assertThat(asked.answer().status()).isEqualTo(200);
        }
    }

    /** RFC 9112 (section 5.2) allows this, if the line's end is taken for a space. */
    @Test
    void takesAFoldedHeaderForOneLine() throws IOException {
        try (RawConnection connection = new RawConnection(RestAssured.port)) {
            connection.head("GET /v1/me HTTP/1.1", "Host: localhost", "X-Folded: one", "  Authorization: Bearer x",
                    "X-Next: 1");
            RawConnection.Answer answer = connection.answer();
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.body()).contains("send a bearer token");
        }
    }

    @Test
    void answersWhatIsWellFormed() throws IOException {
        try (RawConnection connection = new RawConnection(RestAssured.port)) {
            connection.head("GET /v1/config HTTP/1.1", "Host: localhost");
            assertThat(connection.answer().status()).isEqualTo(200);
            connection.head("GET /v1/config HTTP/1.1", "Host: localhost:8080", "X-Empty:");
            assertThat(connection.answer().status()).isEqualTo(200);
        }
    }

    /** Refuses with 400, and takes nothing that follows on the same connection for another request. */
    private static void refuses(String[] head, String body) throws IOException {
        try (RawConnection connection = new RawConnection(RestAssured.port)) {
            connection.head(head).says(body + "GET /v1/config HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(connection.answer().status()).as(String.join("|", head)).isEqualTo(400);
            assertThat(connection.isClosed()).as(String.join("|", head)).isTrue();
        }
    }
}
