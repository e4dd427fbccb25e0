package io.coachpay.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeReaderTest {

    static final String EVENT = """
            {"id":"evt_1","object":"event","api_version":"2026-07-29.dahlia","account":"acct_1","created":1700000000,
             "data":{"object":{"id":"pi_1","created":5,"type":"other","livemode":true}},"livemode":false,
             "pending_webhooks":1,"request":{"id":null,"idempotency_key":"k"},"type":"payment_intent.succeeded"}""";

    @Test
    void readsASnapshotEvent() {
        assertThat(EnvelopeReader.read(EVENT)).isEqualTo(new Envelope("evt_1", "payment_intent.succeeded", "acct_1",
                "2026-07-29.dahlia", Instant.ofEpochSecond(1_700_000_000), false, false));
    }

    @Test
    void readsAThinEvent() {
        Envelope thin = EnvelopeReader
                .read("""
                        {"id":"evt_test_65","object":"v2.core.event","type":"v2.core.account[requirements].updated","livemode":true,
                         "created":"2026-11-20T12:00:00.123Z","context":"acct_9","related_object":{"id":"acct_9","type":"v2.core.account"}}""");

        assertThat(thin).isEqualTo(new Envelope("evt_test_65", "v2.core.account[requirements].updated", "acct_9", null,
                Instant.parse("2026-11-20T12:00:00.123Z"), true, true));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", " ", "null", "[]", "7", "\"evt_1\"", "{", "{}", "not json", "{\"id\":\"evt_1\"}", "{}{}",
            "{\"id\":\"evt_1\",\"type\":\"a.b\",\"created\":1,\"livemode\":false}",
            "{\"id\":\"evt_1\",\"type\":\"a.b\",\"created\":1,\"livemode\":false,\"data\":[]}",
            "{\"id\":\"evt_1\",\"type\":\"a.b\",\"created\":1,\"livemode\":false,\"data\":{}}x",
            "{\"id\":\"evt_1\",\"type\":\"a.b\",\"created\":1,\"livemode\":false,\"data\":{\"object\":{}}",
            "{\"id\":\"pi_1\",\"type\":\"a.b\",\"created\":1,\"livemode\":false,\"data\":{}}",
            "{\"id\":\"evt_\\u0000\",\"type\":\"a.b\",\"created\":1,\"livemode\":false,\"data\":{}}",
            "{\"id\":7,\"type\":\"a.b\",\"created\":1,\"livemode\":false,\"data\":{}}",
            "{\"id\":\"evt_1\",\"id\":\"evt_2\",\"type\":\"a.b\",\"created\":1,\"livemode\":false,\"data\":{}}",
            "{\"id\":\"evt_1\",\"type\":\"a b\",\"created\":1,\"livemode\":false,\"data\":{}}",
            "{\"id\":\"evt_1\",\"type\":\"a.b\",\"created\":-1,\"livemode\":false,\"data\":{}}",
            "{\"id\":\"evt_1\",\"type\":\"a.b\",\"created\":1.5,\"livemode\":false,\"data\":{}}",
            "{\"id\":\"evt_1\",\"type\":\"a.b\",\"created\":99999999999999999999,\"livemode\":false,\"data\":{}}",
            "{\"id\":\"evt_1\",\"type\":\"a.b\",\"created\":9223372036854775807,\"livemode\":false,\"data\":{}}",
            "{\"id\":\"evt_1\",\"type\":\"a.b\",\"created\":\"yesterday\",\"livemode\":false,\"data\":{}}",
            "{\"id\":\"evt_1\",\"type\":\"a.b\",\"created\":1,\"livemode\":\"false\",\"data\":{}}",
            "{\"id\":\"evt_1\",\"type\":\"a.b\",\"created\":1,\"livemode\":false,\"account\":\"me\",\"data\":{}}" })
    void refusesWhatIsNoEvent(String body) {
        assertThatThrownBy(() -> EnvelopeReader.read(body)).isInstanceOf(WebhookRefused.class);
    }

    @Test
    void refusesWhatIsNotUtf8() {
        byte[] latin = "{\"id\":\"Zürich\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> EnvelopeReader.text(latin)).isInstanceOf(WebhookRefused.class);
        assertThatThrownBy(() -> EnvelopeReader.text(new byte[0])).isInstanceOf(WebhookRefused.class);
    }

    @Test
    void takesTheCharacterThatStandsForUnreadableOnesWhenItWasSent() {
        String sent = "{\"name\":\"\uFFFD\"}";

        assertThat(EnvelopeReader.text(sent.getBytes(StandardCharsets.UTF_8))).isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(strings = { "UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE" })
    void refusesAnyOtherEncoding(String encoding) {
        byte[] body = EVENT.getBytes(Charset.forName(encoding));

        assertThatThrownBy(() -> EnvelopeReader.read(body)).isInstanceOf(WebhookRefused.class);
    }

    @Test
    void refusesAByteOrderMark() {
        byte[] body = ("\uFEFF" + EVENT).getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> EnvelopeReader.read(body)).isInstanceOf(WebhookRefused.class);
    }

    @Test
    void refusesABottomlessPit() {
        String pit = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";

        assertThatThrownBy(() -> EnvelopeReader.read(pit)).isInstanceOf(WebhookRefused.class);
    }
}
