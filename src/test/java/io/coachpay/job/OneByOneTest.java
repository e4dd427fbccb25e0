package io.coachpay.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class OneByOneTest {

    @Test
    void letsEachHaveItsTurnAndFailsAtTheEnd() {
        List<Integer> done = new ArrayList<>();

        assertThatThrownBy(() -> OneByOne.forEachIsolated(List.of(1, 2, 3, 4), number -> {
            if (number % 2 == 0) {
                throw new IllegalStateException("not " + number);
            }
            done.add(number);
        })).isInstanceOf(IllegalStateException.class).hasMessage("not 2");

        assertThat(done).containsExactly(1, 3);
    }

    @Test
    void saysNothingWhenAllGoesWell() {
        List<String> done = new ArrayList<>();

        OneByOne.forEachIsolated(List.of("a", "b"), done::add);

        assertThat(done).containsExactly("a", "b");
    }
}
