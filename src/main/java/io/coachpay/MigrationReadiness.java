package io.coachpay;

import java.time.Duration;
import java.time.Instant;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

import io.quarkus.liquibase.LiquibaseFactory;
import liquibase.Liquibase;
import liquibase.exception.LiquibaseException;

/**
 * Ready when the database has every change that this version needs, which matters where migrations are run apart from the
 * start. Once it has them it keeps them, so nobody asks again.
 */
@Readiness
@ApplicationScoped
class MigrationReadiness implements HealthCheck {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);
    private static final int UNKNOWN = -1;

    private final LiquibaseFactory migrations;
    private int missing = UNKNOWN;
    private Instant looked = Instant.EPOCH;

    MigrationReadiness(LiquibaseFactory migrations) {
        this.migrations = migrations;
    }

    @Override
    public synchronized HealthCheckResponse call() {
        // Wall-clock: how often to look has nothing to do with the business's time.
        if (missing != 0 && looked.plus(BETWEEN_LOOKS).isBefore(Instant.now())) {
            missing = count();
            looked = Instant.now();
        }
        return HealthCheckResponse.named("Database migrations").status(missing == 0)
                .withData("missing", missing == UNKNOWN ? "unknown" : Integer.toString(missing)).build();
    }

    private int count() {
        try (Liquibase liquibase = migrations.createLiquibase()) {
            return liquibase.listUnrunChangeSets(migrations.createContexts(), migrations.createLabels()).size();
        } catch (LiquibaseException | RuntimeException e) {
            // Whether the database answers at all is another check's to say.
            return UNKNOWN;
        }
    }
}
