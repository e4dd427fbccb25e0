package io.coachpay.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class BackoffTest {

    private final Backoff backoff = new Backoff(Duration.ofSeconds(1), 3, Duration.ofHours(16));

    @Test
    void spreadsFifteenAttemptsOverAboutThreeDays() {
        Duration all = IntStream.range(1, 15).mapToObj(attempt -> backoff.after(attempt, middle()))
                .reduce(Duration.ZERO, Duration::plus);

        assertThat(all).isBetween(Duration.ofHours(70), Duration.ofHours(74));
    }

    @Test
    void triplesEachPauseUpToTheLongest() {
        assertThat(backoff.after(1, middle())).isEqualTo(Duration.ofSeconds(1));
        assertThat(backoff.after(4, middle())).isEqualTo(Duration.ofSeconds(27));
        assertThat(backoff.after(15, middle())).isEqualTo(Duration.ofHours(16));
        assertThat(backoff.after(10_000, middle())).isEqualTo(Duration.ofHours(16));
    }

    @Test
    void doublesEachPauseUpToTheLongest() {
        Backoff doubling = Backoff.doubling(Duration.ofMinutes(10), Duration.ofHours(5));

        assertThat(IntStream.of(0, 1, 2, 5, 6, 1000).mapToObj(doubling::after)).containsExactly(Duration.ofMinutes(10),
                Duration.ofMinutes(10), Duration.ofMinutes(20), Duration.ofMinutes(160), Duration.ofHours(5),
                Duration.ofHours(5));
    }

    @Test
    void keepsThoseThatFailedTogetherApart() {
        RandomGenerator random = RandomGenerator.getDefault();

        assertThat(IntStream.range(0, 50).mapToObj(i -> backoff.after(8, random)).distinct().count()).isGreaterThan(10);
        assertThat(IntStream.range(0, 50).mapToObj(i -> backoff.after(2, random)))
                .allSatisfy(pause -> assertThat(pause).isBetween(Duration.ofMillis(2700), Duration.ofMillis(3300)));
    }

    private static RandomGenerator middle() {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public double nextDouble() {
                return 0.5;
            }
        };
    }
}
