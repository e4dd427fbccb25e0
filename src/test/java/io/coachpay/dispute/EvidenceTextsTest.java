package io.coachpay.dispute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import org.junit.jupiter.api.Test;

import io.coachpay.http.InvalidField;

class EvidenceTextsTest {

    private final Evidence none = new Evidence(Map.of());

    @Test
    void takesTheNewTextInThePlaceOfTheOld() {
        Evidence evidence = none.with(Map.of("service_date", "Monday", "customer_name", "Alice"))
                .with(Map.of("service_date", "Tuesday"));

        assertThat(evidence.said()).containsExactly(Map.entry("customer_name", "Alice"), Map.entry("service_date", "Tuesday"));
    }

    @Test
    void remembersWhatWasTakenAwayForStripe() {
        Evidence evidence = none.with(Map.of("customer_name", "Alice")).with(Map.of("customer_name", ""));

        assertThat(evidence.isEmpty()).isTrue();
        assertThat(evidence.texts()).containsExactly(Map.entry("customer_name", ""));
    }

    @Test
    void takesSoMuchAndNoMore() {
        String longest = "x".repeat(Evidence.LONGEST_TEXT);
        Evidence evidence = none;
        for (String name : Evidence.NAMES.subList(0, 7)) {
            evidence = evidence.with(Map.of(name, longest));
        }
        Evidence full = evidence.with(Map.of(Evidence.NAMES.get(7), "x".repeat(10_000)));

        assertThatThrownBy(() -> full.with(Map.of(Evidence.NAMES.get(8), "x"))).isInstanceOf(InvalidField.class);
        assertThat(full.with(Map.of(Evidence.NAMES.get(7), "y")).said()).hasSize(8);
    }

    @Test
    void knowsTheNamesThatStripeKnows() {
        assertThatThrownBy(() -> none.with(Map.of("customer_signature", "file_1"))).isInstanceOf(InvalidField.class);
    }
}
