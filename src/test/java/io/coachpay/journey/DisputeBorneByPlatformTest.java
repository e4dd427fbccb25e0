package io.coachpay.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import org.junit.jupiter.api.Test;

import io.coachpay.OwnWorld;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** A platform that bears its coaches' disputes: nothing is taken from them, and nothing has to be given back. */
@QuarkusTest
@TestProfile(DisputeBorneByPlatformTest.Generous.class)
class DisputeBorneByPlatformTest {

    @Test
    void leavesTheCoachEverythingWhoeverWins() {
        Sale lost = Sale.usual();
        Sale won = Sale.usual();

        lost.decided(lost.disputed(12500), "lost");
        won.decided(won.disputed(12500), "won");

        Outcome.isSoon(lost.payment, "100.00", "-118.93", "18.93");
        Outcome.isSoon(won.payment, "100.00", "6.07", "-106.07");
        assertThat(Books.texts("select id::text from transfer_steps")).isEmpty();
        lost.agrees();
        won.agrees();
    }

    /** The platform bears disputes. */
    public static class Generous extends OwnWorld {

        public Generous() {
            super("generous");
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("coachpay.dispute.recover-from-coach", "false");
        }
    }
}
