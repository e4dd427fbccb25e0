package io.coachpay.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import io.coachpay.reconciliation.Sweep.Part;

class SweepTest {

    private static final Instant NOW = Instant.parse("2030-05-06T09:00:00Z");

    @Test
    void beginsTheFirstAtOnce() {
        Sweep first = Sweep.NONE.due(NOW);

        assertThat(first.began()).isEqualTo(NOW);
        assertThat(first.part()).isEqualTo(Part.JOURNALS);
        assertThat(first.id()).isEqualTo(new UUID(0, 0));
    }

    @Test
    void resumesWhereARunBeforeStopped() {
        Sweep stopped = Sweep.NONE.due(NOW).after("8d7a3f0e-0000-4000-8000-000000000000");

        assertThat(stopped.due(NOW.plus(Duration.ofDays(30)))).isEqualTo(stopped);
        assertThat(Sweep.of(stopped.began(), stopped.column())).isEqualTo(stopped);
        assertThat(stopped.id()).isEqualTo(UUID.fromString("8d7a3f0e-0000-4000-8000-000000000000"));
    }

    @Test
    void takesEachPartFromItsFirstObject() {
        List<Part> parts = new ArrayList<>();
        Sweep sweep = Sweep.NONE.due(NOW);
        while (sweep.part() != null) {
            parts.add(sweep.part());
            if (sweep.part() == Part.DAYS) {
                assertThat(sweep.day()).isEqualTo(LocalDate.of(1, 1, 1));
            } else {
                assertThat(sweep.id()).isEqualTo(new UUID(0, 0));
            }
            sweep = sweep.after(sweep.part() == Part.DAYS ? "2030-05-06" : UUID.randomUUID().toString()).nextPart();
        }

        assertThat(parts).containsExactly(Part.values());
        assertThat(sweep.began()).isEqualTo(NOW);
        assertThat(sweep.column()).isNull();
    }

    @Test
    void beginsAnotherAWeekAfterTheLastBegan() {
        Sweep over = Sweep.of(NOW, null);

        assertThat(over.due(NOW.plus(Duration.ofDays(7)).minusMillis(1))).isEqualTo(over);
        assertThat(over.due(NOW.plus(Duration.ofDays(7)))).isEqualTo(Sweep.NONE.due(NOW.plus(Duration.ofDays(7))));
    }

    @Test
    void staysOverWithoutAnotherPart() {
        assertThat(Sweep.of(NOW, null).nextPart()).isEqualTo(Sweep.of(NOW, null));
    }
}
