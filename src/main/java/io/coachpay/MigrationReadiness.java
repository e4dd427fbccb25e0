package io.coachpay;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready when the database has every change that this version needs. Once it has them it keeps them, so it is not asked again.
 */
@Readiness
@ApplicationScoped
class MigrationReadiness implements HealthCheck {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);
    private static final int UNKNOWN = -1;

    private final DataSource database;
    private int missing = UNKNOWN;
    private Instant looked = Instant.EPOCH;

    MigrationReadiness(@io.quarkus.agroal.DataSource("service") DataSource database) {
        this.database = database;
    }

    @Override
    public synchronized HealthCheckResponse call() {
        // Wall-clock: the pause between looks has nothing to do with the business's time.
        if (missing != 0 && looked.plus(BETWEEN_LOOKS).isBefore(Instant.now())) {
            missing = count();
            looked = Instant.now();
        }
        return HealthCheckResponse.named("Database migrations").status(missing == 0)
                .withData("missing", missing == UNKNOWN ? "unknown" : Integer.toString(missing)).build();
    }

    private int count() {
        try (Connection connection = database.getConnection()) {
            return Changelog.read().of(connection).missing().size();
        } catch (SQLException e) {
            // Another check reports whether the database answers at all.
            return UNKNOWN;
        }
    }
}
