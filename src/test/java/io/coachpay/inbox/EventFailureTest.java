package io.coachpay.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;

import org.junit.jupiter.api.Test;

class EventFailureTest {

    @Test
    void tellsTheFailureAndItsRoot() {
        Throwable failure = new IllegalStateException("could not post", new RuntimeException(new SQLException("no such row")));

        assertThat(EventFailure.text(failure)).isEqualTo("IllegalStateException: could not post ← SQLException: no such row");
    }

    @Test
    void tellsNobodysSecretsOrData() {
        String text = EventFailure.text(new IllegalStateException("sk_test_51abc whsec_9x pi_1_secret_abc alice@example.com "
                + "4242 4242 4242 4242 https://connect.stripe.com/setup/e/acct_1/token"));

        assertThat(text).isEqualTo("IllegalStateException: … … … … … …");
    }

    @Test
    void leavesOutTheRowThatPostgresQuotes() {
        assertThat(EventFailure.text(new SQLException("ERROR: violates check\n  Detail: Failing row contains (alice)")))
                .isEqualTo("SQLException: ERROR: violates check");
    }

    @Test
    void isBounded() {
        assertThat(EventFailure.text(new IllegalStateException("x".repeat(10_000)))).hasSizeLessThanOrEqualTo(500);
        assertThat(EventFailure.text(new IllegalStateException())).isEqualTo("IllegalStateException");
    }

    @Test
    void knowsConflictsHoweverDeepTheyAre() {
        assertThat(EventFailure.isConflict(new RuntimeException(new RuntimeException(new SQLException("", "40P01"))))).isTrue();
        assertThat(EventFailure.isConflict(new RuntimeException(new SQLException("", "40001")))).isTrue();
        assertThat(EventFailure.isConflict(new RuntimeException(new SQLException("", "23505")))).isFalse();
    }
}
