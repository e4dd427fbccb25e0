package io.coachpay.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.Person;
import io.coachpay.ServiceTest;

/** Bodies of up to 64 KiB and no more, whether they say how long they are or not. */
@ServiceTest
class RequestLimitsTest {

    private static final int LARGEST = 64 * 1024;

    @ConfigProperty(name = "coachpay.public-url")
    URI service;

    @ParameterizedTest
    @ValueSource(ints = { LARGEST + 1, 2 * LARGEST, 900_000 })
    void refusesALongBodyThatSaysSo(int length) throws Exception {
        refuses(send(BodyPublishers.ofByteArray(body(length))));
    }

    @ParameterizedTest
    @ValueSource(ints = { LARGEST + 1, 2 * LARGEST, 900_000 })
    void refusesALongBodyInChunks(int length) throws Exception {
        refuses(send(chunked(body(length))));
    }

    @Test
    void refusesAVeryLongBody() throws Exception {
        assertThat(send(BodyPublishers.ofByteArray(body(3_000_000))).statusCode()).isEqualTo(413);
    }

    @Test
    void readsTheLongestBody() throws Exception {
        assertThat(send(BodyPublishers.ofByteArray(body(LARGEST))).statusCode()).isEqualTo(400);
        assertThat(send(chunked(body(LARGEST))).statusCode()).isEqualTo(400);
    }

    private static void refuses(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("\"urn:coachpay:problem:too-large\"").contains("\"status\":413");
    }

    /** Well-formed, and of exactly this length, but no profile. */
    private static byte[] body(int length) {
        String frame = "{\"headline\": \"\"}";
        return ("{\"headline\": \"" + "x".repeat(length - frame.length()) + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    private static BodyPublisher chunked(byte[] body) {
        return BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(body));
    }

    private HttpResponse<String> send(BodyPublisher body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(service.resolve("/v1/me/coach-profile"))
                .header("Authorization", "Bearer " + Person.called("carol").token())
                .header("Content-Type", "application/json").PUT(body).build();
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build().send(request,
                HttpResponse.BodyHandlers.ofString());
    }
}
