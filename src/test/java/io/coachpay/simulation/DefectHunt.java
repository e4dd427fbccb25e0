package io.coachpay.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.coachpay.job.Job;
import io.coachpay.job.Jobs;
import io.quarkus.arc.All;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/**
 * Shows that the simulation can fail: it finds each defect, and says within how many stories. Run by
 * {@code ./mvnw -Psimulation verify -Dsimulation=DefectHunt} and not with the other tests, since it takes a while;
 * {@code -Ddefects=} names those to look for, separated by commas.
 */
@QuarkusTest
@TestProfile(Simulated.class)
class DefectHunt {

    private static final int STORIES = 400;
    private static final Set<Defect> WANTED = Stream.of(System.getProperty("defects", "").split(","))
            .filter(name -> !name.isEmpty()).map(Defect::valueOf).collect(Collectors.toUnmodifiableSet());

    @Inject
    Jobs jobs;
    @Inject
    @All
    List<Job> all;

    private @Nullable Defect introduced;

    @AfterEach
    void mend() {
        if (introduced != null) {
            introduced.end();
            introduced = null;
        }
    }

    @ParameterizedTest
    @EnumSource
    void finds(Defect defect) {
        assumeTrue(WANTED.isEmpty() || WANTED.contains(defect), "not asked for");
        introduced = defect;
        defect.begin();
        Teller teller = Teller.of(all, jobs).with(defect);
        List<String> broken = List.of();
        int told = 0;

        while (broken.isEmpty() && told < STORIES) {
            broken = teller.tell(++told);
        }

        assertThat(broken).as("%s, after %d stories", defect, told).isNotEmpty();
        System.out.printf("%s was found within %d stories: %s%n", defect, told, broken.get(0));
    }
}
