package io.coachpay.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.coachpay.job.Job;
import io.coachpay.job.Jobs;
import io.quarkus.arc.All;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/**
 * The simulation can fail: it finds what is made to be wrong, and says within how many stories. Run by
 * {@code ./mvnw -Psimulation verify -Dsimulation=DefectHunt} and not with the other tests, for it takes a while.
 */
@QuarkusTest
@TestProfile(Simulated.class)
class DefectHunt {

    private static final int STORIES = 400;

    @Inject
    Jobs jobs;
    @Inject
    @All
    List<Job> all;

    private Defect introduced;

    @AfterEach
    void mend() {
        introduced.end();
    }

    @ParameterizedTest
    @EnumSource
    void finds(Defect defect) {
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
