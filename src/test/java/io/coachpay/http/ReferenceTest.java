package io.coachpay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {

    @Test
    void readsOurIdAndStripes() {
        UUID id = UUID.randomUUID();

        assertThat(Reference.of(id.toString(), "pi_")).isEqualTo(Reference.to(id));
        assertThat(Reference.of("ch_1AbC", "pi_", "ch_").stripeId()).isEqualTo("ch_1AbC");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "x", "pi_", "po_1AbC", "pi_1' or 1=1", "pi_1\0", "1-1-1-1-1", "PI_1" })
    void refusesWhatIsNeither(String given) {
        assertThatThrownBy(() -> Reference.of(given, "pi_", "ch_")).isInstanceOf(InvalidField.class)
                .hasMessageContaining("pi_ or ch_");
    }
}
