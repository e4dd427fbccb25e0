package io.coachpay.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class EnvelopeReaderPropertiesTest {

    @Property
    void throwsNothingButTheRefusalAtAnyBytes(@ForAll @Size(max = 300) byte[] body) {
        assertReadOrRefused(body);
    }

    @Property
    void throwsNothingButTheRefusalAtDamagedEvents(@ForAll @IntRange(max = 400) int place, @ForAll byte damage,
            @ForAll boolean cut) {
        byte[] body = EnvelopeReaderTest.EVENT.getBytes(StandardCharsets.UTF_8);
        int at = place % body.length;
        if (cut) {
            body = Arrays.copyOf(body, at);
        } else {
            body[at] = damage;
        }

        assertReadOrRefused(body);
    }

    @Property
    void throwsNothingButTheRefusalAtAnyHeader(@ForAll String header) {
        try {
            assertThat(Signature.of(List.of(header)).seconds()).isNotNegative();
        } catch (WebhookRefused refused) {
            assertThat(refused.status()).isEqualTo(400);
        }
    }

    private static void assertReadOrRefused(byte[] body) {
        try {
            EnvelopeReader.text(body);
            assertThat(EnvelopeReader.read(body).eventId()).startsWith("evt_");
        } catch (WebhookRefused refused) {
            assertThat(refused.status()).isEqualTo(400);
        }
    }
}
