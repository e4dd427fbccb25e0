package io.coachpay.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

import org.junit.jupiter.api.Test;

class RoundsTest {

    @Test
    void goOnUntilOneFindsLessThanItCouldTake() {
        Queue<Integer> found = new ArrayDeque<>(List.of(Rounds.AT_ONCE, Rounds.AT_ONCE, 3, 7));

        assertThat(Rounds.run(found::remove)).isEqualTo(2 * Rounds.AT_ONCE + 3);
        assertThat(found).containsExactly(7);
    }

    @Test
    void endAtOnceWhereThereIsNothing() {
        assertThat(Rounds.run(() -> 0)).isZero();
    }
}
