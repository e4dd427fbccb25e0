package io.coachpay.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;

import org.junit.jupiter.api.Test;

import io.coachpay.database.Database;

class ConnectionsCheckTest {

    @Test
    void saysWhenTheServerHasFewerThanAnInstanceMayNeed() throws SQLException {
        try (Connection service = Database.application()) {
            assertThat(ConnectionsCheck.shortage(service, 40)).isNull();
            // the server has 200, of which three are its administrators'
            assertThat(ConnectionsCheck.shortage(service, 198)).contains("each instance may need 198", "max_connections");
        }
    }
}
