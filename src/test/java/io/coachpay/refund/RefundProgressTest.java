package io.coachpay.refund;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;

class RefundProgressTest {

    private static final Instant NOW = Instant.parse("2030-05-06T09:00:00Z");
    private static final Instant LATER = NOW.plus(Duration.ofMinutes(10));
    private static final String SHORT = "coach_balance_insufficient";

    private final RefundProgress progress = RefundProgress.requested(NOW);

    @Test
    void isDueAtOnceWithTheFirstKey() {
        assertThat(progress.status()).isEqualTo(RefundStatus.REQUESTED);
        assertThat(progress.checkAt()).isEqualTo(NOW);
        assertThat(progress.isAt(1)).isTrue();
    }

    @Test
    void takesOneKeyForOneAnswerHoweverManyHearIt() {
        assertThat(progress.waitForFunds(1, SHORT, "Not enough", NOW, LATER)).isTrue();
        assertThat(progress.waitForFunds(1, SHORT, "Not enough", NOW, LATER)).isFalse();

        assertThat(progress.attempt()).isEqualTo(2);
    }

    @Test
    void isTriedAgainWhenFundsAreExpectedUnlessTheyArrivedMeanwhile() {
        progress.waitForFunds(1, SHORT, "Not enough", NOW, LATER);
        assertThat(progress.checkAt()).isEqualTo(LATER);
        assertThat(progress.failureCode()).isEqualTo(SHORT);
        assertThat(progress.failureMessage()).isEqualTo("Not enough");

        progress.checkNext(NOW);
        progress.waitForFunds(2, SHORT, "Not enough", LATER, LATER);
        assertThat(progress.checkAt()).as("due earlier than while Stripe was asked").isEqualTo(NOW);
    }

    @Test
    void forgetsWhenToAskStripeOnceItIsRefusedAndKeepsTheFirstMessage() {
        progress.refuse("not_today", "No");
        progress.refuse("never", null);

        assertThat(progress.failureCode()).isEqualTo("never");
        assertThat(progress.failureMessage()).isEqualTo("No");
        assertThat(progress.checkAt()).isNull();
    }

    @Test
    void restsOnlyWhileItWaitsForFundsAndNobodyAsksForIt() {
        assertThat(progress.restsAt(NOW)).as("due now").isFalse();

        progress.waitForFunds(1, SHORT, "Not enough", NOW, LATER);
        assertThat(progress.restsAt(NOW)).isTrue();

        progress.checkNext(NOW.plus(RefundProgress.CALL_LASTS));
        assertThat(progress.restsAt(NOW)).as("a worker asks").isFalse();

        progress.checkNext(LATER);
        progress.explain("The platform pays");
        assertThat(progress.restsAt(NOW)).as("waits no longer").isFalse();
    }

    @Test
    void countsOnToTheNextKeyOnceForEachAttempt() {
        progress.nextAttempt(1);
        progress.nextAttempt(1);

        assertThat(progress.attempt()).isEqualTo(2);
    }

    @Test
    void isWithdrawnOnce() {
        progress.withdraw();

        assertThat(progress.status()).isEqualTo(RefundStatus.REFUSED);
        assertThat(progress.isWithdrawn()).isTrue();
        assertThat(progress.checkAt()).isNull();
        assertThatThrownBy(progress::withdraw).isInstanceOf(RefundRefused.NotToBeDecided.class);
    }
}
