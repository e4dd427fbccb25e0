package io.coachpay.development;

import java.nio.file.Path;

import io.coachpay.Migrations;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/**
 * The entry point of development: starts PostgreSQL first, on data that is kept between starts, then the service itself. The
 * sandbox and the identity provider start inside of it.
 */
@QuarkusMain(name = "development")
public final class Development {

    /** The directory of what development keeps: the database and the sandbox's state. Delete it to start afresh. */
    static final Path HOME = Path.of(System.getProperty("coachpay.development.home", ".dev"));

    /** The key of the sandbox: any other leads to Stripe itself. */
    static final String SANDBOX_KEY = "sk_test_sandbox";

    private static final String API_BASE = "coachpay.stripe.api-base";
    private static final String SANDBOX = "http://localhost:8090";
    private static final String STARTED = "coachpay.development.postgres";

    Development() {
    }

    public static void main(String[] arguments) {
        startSurroundings();
        migrate();
        Quarkus.run(arguments);
    }

    /** Migrates after a live reload too, since the change may be one of the schema. */
    private static void migrate() {
        new Migrations(System.getProperty("quarkus.datasource.jdbc.url"), System.getProperty("quarkus.liquibase.username"),
                System.getProperty("quarkus.liquibase.password")).migrate();
    }

    /** Starts the surroundings once: a live reload runs {@code main} again in the same process, and finds them running. */
    private static void startSurroundings() {
        if (System.getProperty(STARTED) != null) {
            return;
        }
        if (System.getenv("STRIPE_SECRET_KEY") == null && System.getProperty(API_BASE) == null) {
            System.setProperty(API_BASE, SANDBOX);
        }
        Postgres postgres = Postgres.start(HOME.resolve("postgres"), 0);
        postgres.properties().forEach(System::setProperty);
        System.setProperty(STARTED, postgres.jdbcUrl());
    }
}
