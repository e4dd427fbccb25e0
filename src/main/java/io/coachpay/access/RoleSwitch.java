package io.coachpay.access;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.TransactionScoped;

/**
 * Gives each database transaction its role and user, by the first statement on its connection.
 * <p>
 * Both settings are local to the database transaction, so a pooled connection carries nothing over to the next one. When the
 * role cannot be taken on, the transaction is taken off the thread here: the thread carries it already when this observer runs,
 * and the caller that began it never ends it, since its begin failed.
 */
@ApplicationScoped
class RoleSwitch {

    private static final String SWITCH = "select set_config('role', ?, true), set_config('app.user_id', ?, true)";

    private final Access access;
    private final DataSource database;

    RoleSwitch(Access access, DataSource database) {
        this.access = access;
        this.database = database;
    }

    void begin(@Observes @Initialized(TransactionScoped.class) Object transaction) {
        boolean begun = false;
        try {
            takeOn(access.current());
            begun = true;
        } finally {
            if (!begun) {
                Leftovers.detach();
            }
        }
    }

    private void takeOn(Identity identity) {
        UUID userId = identity.userId();
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(SWITCH)) {
            statement.setString(1, identity.role().databaseRole());
            statement.setString(2, userId == null ? "" : userId.toString());
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "The database transaction could not take on the role " + identity.role().databaseRole(), e);
        }
    }
}
