package io.coachpay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;

class RoundsTest {

    @Test
    void takesTheMiddleOfAnOddNumber() {
        assertThat(Rounds.median(List.of(900.0, 100.0, 200.0))).isEqualTo(200);
    }

    @Test
    void takesTheMeanOfTheTwoInTheMiddleOfAnEvenNumber() {
        assertThat(Rounds.median(List.of(900.0, 100.0, 200.0, 400.0))).isEqualTo(300);
        assertThat(Rounds.median(List.of(300.0, 100.0))).isEqualTo(200);
    }
}
