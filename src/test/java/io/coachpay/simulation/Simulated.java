package io.coachpay.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.coachpay.Environment;
import io.coachpay.database.Database;
import io.coachpay.development.Postgres;
import io.quarkus.test.junit.QuarkusTestProfile;

/**
 * The service as stories need it: with a database and a sandbox that nobody else writes to, so that the books of both must
 * agree as a whole.
 */
public class Simulated implements QuarkusTestProfile {

    private static final String DATABASE = "simulation";

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                // Stories decide when jobs run; by themselves they would run whenever the machine is quick enough.
                "coachpay.job.polling-interval", "1H",
                // The SDK sleeps half a second before it tries again, and that is a whole story; so failures reach the service.
                "coachpay.stripe.network-retries", "0",
                "coachpay.stripe.background-calls-per-second", "0",
                "coachpay.inbox.poll-interval", "0.02S",
                // One person asks for more in a story's second than others do in a minute.
                "coachpay.http.money-moving-per-minute", "100000",
                // What is told to players need not be told to the log as well.
                "quarkus.log.category.\"http-problem\".level", "OFF",
                // What Stripe refuses has its row and its finding; the script tells the rest.
                "quarkus.log.level", "FATAL");
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(OwnEnvironment.class));
    }

    @Override
    public boolean disableGlobalTestResources() {
        return true;
    }

    /** The environment with a database that is new. */
    public static class OwnEnvironment extends Environment {

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
