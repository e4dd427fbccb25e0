package io.coachpay.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAwayTest {

    @ParameterizedTest
    @ValueSource(strings = { "08001", "08003", "08006", "57P01", "57P02", "57P03", "53300" })
    void knowsALostConnection(String state) {
        assertThat(DatabaseAway.isBehind(new IllegalStateException(new RuntimeException(new SQLException("gone", state)))))
                .isTrue();
    }

    @Test
    void knowsAConnectionLostAtACommit() {
        RuntimeException commit = new RuntimeException("could not commit");
        commit.addSuppressed(new IllegalStateException(commit));
        assertThat(DatabaseAway.isBehind(new IllegalStateException(commit))).isFalse();
        commit.addSuppressed(new IllegalStateException(new SQLException("terminating", "57P01")));

        assertThat(DatabaseAway.isBehind(new IllegalStateException(commit))).isTrue();
    }

    @Test
    void knowsAnExhaustedPool() {
        assertThat(DatabaseAway.isBehind(new RuntimeException(new SQLException("Sorry, acquisition timeout!")))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = { "23505", "42501", "40001", "57014", "22003" })
    void leavesWhatWasAskedWronglyToOthers(String state) {
        assertThat(DatabaseAway.isBehind(new IllegalStateException(new SQLException("no", state)))).isFalse();
        assertThat(DatabaseAway.isBehind(new IllegalStateException("acquisition timeout"))).isFalse();
        assertThat(DatabaseAway.isBehind(new SQLException())).isFalse();
    }
}
