package io.coachpay.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.http.InvalidField;

class PaymentMetadataTest {

    @Test
    void takesWhatStripeTakesToo() {
        Map<String, @Nullable String> sent = new HashMap<>(Map.of("k".repeat(40), "v".repeat(200), "order no. 7", "A-17 ✓"));
        for (int i = 2; i < 20; i++) {
            sent.put("key" + i, "value");
        }

        assertThat(PaymentMetadata.of(sent).values()).isEqualTo(sent).hasSize(20);
        assertThat(PaymentMetadata.of(null)).isEqualTo(PaymentMetadata.NONE);

        sent.put("one more", "value");
        assertThatThrownBy(() -> PaymentMetadata.of(sent)).isInstanceOf(InvalidField.class)
                .hasMessageContaining("20 keys at most");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", " ", "coachpay_id", "coachpay_", "CoachPay_note", "session_id", "a[b]", "a\nb",
            "12345678901234567890123456789012345678901" })
    void refusesKeysOfOursAndThoseThatStripeRefuses(String key) {
        assertThatThrownBy(() -> PaymentMetadata.of(Map.of(key, "value"))).isInstanceOf(InvalidField.class)
                .hasMessageContaining("metadata");
    }

    @Test
    void refusesValuesThatStripeWouldCutOrForget() {
        assertThatThrownBy(() -> PaymentMetadata.of(Map.of("key", "v".repeat(201)))).isInstanceOf(InvalidField.class);
        assertThatThrownBy(() -> PaymentMetadata.of(Map.of("key", ""))).isInstanceOf(InvalidField.class);
        assertThatThrownBy(() -> PaymentMetadata.of(Collections.<String, @Nullable String> singletonMap("key", null)))
                .isInstanceOf(InvalidField.class);
    }
}
