package io.coachpay.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.coachpay.job.Job;
import io.coachpay.job.Jobs;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/**
 * Plays stories and checks their results. {@code -Dseeds=} says how many (50), {@code -Dfirst=} which is the first (1), and
 * {@code -Dseed=} plays that one alone.
 */
@QuarkusTest
@TestProfile(Simulated.class)
class SimulationTest {

    private static final int STORIES = 25;
    private static final int ENOUGH_FAILURES = 5;
    private static final int BETWEEN_LINES = 25;

    @Inject
    Jobs jobs;
    @Inject
    MeterRegistry meters;
    @Inject
    @All
    List<Job> all;

    @Test
    void keepsItsPromisesWhateverGoesWrong() {
        long one = Long.getLong("seed", -1);
        Teller teller = one >= 0 ? Teller.of(all, jobs).aloud() : Teller.of(all, jobs);
        long first = one >= 0 ? one : Long.getLong("first", 1);
        long stories = one >= 0 ? 1 : Long.getLong("seeds", STORIES);
        long began = System.nanoTime();
        Map<Long, List<String>> failed = new TreeMap<>();
        for (long seed = first; seed < first + stories && failed.size() < ENOUGH_FAILURES; seed++) {
            List<String> broken = teller.tell(seed);
            if (!broken.isEmpty()) {
                failed.put(seed, broken);
            }
            long told = seed - first + 1;
            if (told % BETWEEN_LINES == 0 || told == stories) {
                System.out.printf("%d stories, %d a minute, %d failed%n", told,
                        Math.round(told * 60e9 / (System.nanoTime() - began)), failed.size());
            }
        }
        System.out.println(teller.tally());
        double processed = meters.find("coachpay.inbox.events").tag("outcome", "processed").counters().stream()
                .mapToDouble(Counter::count).sum();
        DistributionSummary together = meters.get("coachpay.inbox.together").summary();
        System.out.printf("events %.0f, %.0f of them applied together in %d bunches, %.0f bunches parted%n", processed,
                together.totalAmount(), together.count(), meters.get("coachpay.inbox.parted").counter().count());

        assertThat(together.totalAmount()).as("events applied together, and others alone")
                .isBetween(stories < STORIES ? 0 : 1.0, processed - 1);
        assertThat(failed).as("seeds that failed; `./mvnw -Psimulation verify -Dseed=…` tells one again").isEmpty();
        assertThat(stories < STORIES ? List.of() : ColumnsInUse.withoutWriter())
                .as("columns that no story fills: write them or drop them").isEmpty();
    }
}
