package io.coachpay;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.coachpay.database.Database;
import io.coachpay.development.Postgres;
import io.quarkus.test.junit.QuarkusTestProfile;

/**
 * The service with a database and a sandbox that no other test writes to; a second sandbox would give the first one's ids
 * again.
 */
public abstract class OwnWorld implements QuarkusTestProfile {

    private final String database;

    /** @param database the name of the new one */
    protected OwnWorld(String database) {
        this.database = database;
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(OwnEnvironment.class, Map.of(OwnEnvironment.DATABASE, database)));
    }

    @Override
    public boolean disableGlobalTestResources() {
        return true;
    }

    /** The environment with a database that is new. */
    public static class OwnEnvironment extends Environment {

        private static final String DATABASE = "database";

        private String name;

        @Override
        public void init(Map<String, String> arguments) {
            name = Objects.requireNonNull(arguments.get(DATABASE));
        }

        @Override
        protected Map<String, String> database() {
            Postgres server = Database.server();
            String url = Database.fresh(name);
            Map<String, String> settings = new HashMap<>(server.properties());
            settings.replaceAll((key, value) -> value.equals(server.jdbcUrl()) ? url : value);
            return settings;
        }
    }
}
