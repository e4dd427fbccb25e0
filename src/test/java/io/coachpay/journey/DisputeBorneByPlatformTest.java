package io.coachpay.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.coachpay.Environment;
import io.coachpay.database.Database;
import io.coachpay.development.Postgres;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
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

    /** A database and a sandbox of its own: the ids of a second sandbox are those of the first. */
    public static class Generous implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("coachpay.dispute.recover-from-coach", "false");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(OwnEnvironment.class));
        }

        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }
    }

    /** The environment with a database that is new. */
    public static class OwnEnvironment extends Environment {

        private static final String DATABASE = "generous";

        @Override
        protected Map<String, String> database() {
            Postgres server = Database.server();
            server.createDatabase(DATABASE);
            Map<String, String> settings = new HashMap<>(server.properties());
            settings.replaceAll((name, value) -> value.equals(server.jdbcUrl()) ? server.jdbcUrl(DATABASE) : value);
            return settings;
        }
    }
}
