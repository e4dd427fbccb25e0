package io.coachpay.coach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Instant;

import org.junit.jupiter.api.Test;

class AccountConnectionTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final AccountConnection connection = AccountConnection.none(NOON);

    @Test
    void believesTheFirstAccountItHearsOf() {
        assertThat(connection.made("acct_1")).isTrue();
        assertThat(connection.made("acct_2")).isFalse();

        assertThat(connection.stripeId()).isEqualTo("acct_1");
    }

    @Test
    void asksStripeUnderAnotherKeyWhenPayoutsWereGivenBack() {
        connection.payoutsAreOurs(1);
        assertThat(connection.payoutsManual()).isTrue();

        connection.payoutsAreStripes();

        assertThat(connection.payoutsManual()).isFalse();
        assertThat(connection.attempt()).isEqualTo(2);
        connection.payoutsAreOurs(1);
        assertThat(connection.payoutsManual()).as("an answer to the earlier attempt").isFalse();
    }

    @Test
    void keepsItsKeyWherePayoutsWereNeverOurs() {
        connection.payoutsAreStripes();

        assertThat(connection.attempt()).isOne();
    }

    @Test
    void comesBackOnceAndAsksForManualPayoutsAgain() {
        connection.payoutsAreOurs(1);
        connection.deauthorize(NOON);
        connection.reconnect(NOON.minusSeconds(1));
        assertThat(connection.deauthorizedAt()).as("news from before").isEqualTo(NOON);

        connection.reconnect(NOON.plusSeconds(1));
        connection.reconnect(NOON.plusSeconds(2));

        assertThat(connection.deauthorizedAt()).isNull();
        assertThat(connection.payoutsManual()).isFalse();
        assertThat(connection.attempt()).isEqualTo(2);
    }

    @Test
    void ignoresADisconnectionFromBeforeItCameBack() {
        connection.deauthorize(NOON);
        connection.reconnect(NOON.plusSeconds(2));

        connection.deauthorize(NOON.plusSeconds(2));
        assertThat(connection.deauthorizedAt()).isNull();

        connection.deauthorize(NOON.plusSeconds(3));
        assertThat(connection.deauthorizedAt()).isEqualTo(NOON.plusSeconds(3));
        assertThat(connection.isHeardAgain(NOON.plusSeconds(2))).isFalse();
        assertThat(connection.isHeardAgain(NOON.plusSeconds(3))).isTrue();
    }

    @Test
    void isReplacedOnlyOnceItIsDisconnectedAndKeepsTheOldId() {
        connection.made("acct_1");
        assertThatIllegalStateException().isThrownBy(() -> connection.beginAnother(NOON));
        connection.payoutsAreOurs(1);
        connection.deauthorize(NOON);

        connection.beginAnother(NOON.plusSeconds(60));

        assertThat(connection.stripeId()).isNull();
        assertThat(connection.replaced()).containsExactly("acct_1");
        assertThat(connection.deauthorizedAt()).isNull();
        assertThat(connection.payoutsManual()).isFalse();
        assertThat(connection.soughtFrom()).isEqualTo(NOON.plusSeconds(60));
        assertThat(connection.attempt()).isEqualTo(2);
    }

    @Test
    void looksForAnAccountOnlySinceItWasLastSoughtInVain() {
        connection.soughtInVain(NOON.plusSeconds(10));
        connection.soughtInVain(NOON.plusSeconds(5));

        assertThat(connection.soughtFrom()).isEqualTo(NOON.plusSeconds(10));
    }

    @Test
    void countsOnToTheNextKeyOnceForEachAttempt() {
        connection.nextAttempt(1);
        connection.nextAttempt(1);

        assertThat(connection.attempt()).isEqualTo(2);
    }
}
