package io.coachpay.payment;

import static io.coachpay.payment.SomePayment.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.coachpay.payment.PaymentAttempt.Method;

class PaymentAttemptTest {

    private static final DeclineReason DECLINED = new DeclineReason("card_declined", "generic_decline",
            "Your card was declined.");

    private final PaymentAttempt attempt = new PaymentAttempt(Method.CHECKOUT, NOW);

    @Test
    void keepsItsKeyUntilStripeKnowsIt() {
        attempt.retry(Method.SAVED_CARD, false, NOW);
        assertThat(attempt.number()).isEqualTo(1);
        assertThat(attempt.method()).isEqualTo(Method.SAVED_CARD);

        attempt.retry(Method.SAVED_CARD, true, NOW);
        assertThat(attempt.number()).isEqualTo(2);
    }

    @Test
    void countsToTheNextKeyOnceForAllWhoAskForIt() {
        attempt.nextKey(1);
        attempt.nextKey(1);

        assertThat(attempt.number()).isEqualTo(2);
    }

    @Test
    void takesAnyNewsOfTheSecondItKnowsAndNoneBefore() {
        assertThat(attempt.acceptIfNewer(NOW.plusMillis(900))).isTrue();

        assertThat(attempt.acceptIfNewer(NOW)).isTrue();
        assertThat(attempt.acceptIfNewer(NOW.minusMillis(1))).isFalse();
    }

    @Test
    void takesNoNewsOfAnEarlierTry() {
        attempt.retry(Method.CHECKOUT, true, NOW.plusMillis(500));

        assertThat(attempt.acceptIfNewer(NOW.plusMillis(900))).isFalse();
        assertThat(attempt.acceptIfNewer(NOW.plusSeconds(1))).isTrue();
    }

    @Test
    void tellsARefusalByStripeFromOneByTheBank() {
        attempt.refuse(DECLINED, NOW);
        assertThat(attempt.isRefusedByStripe()).isTrue();

        attempt.fail(DECLINED);
        assertThat(attempt.isRefusedByStripe()).isFalse();
        assertThat(attempt.failure()).isEqualTo(DECLINED);
    }

    @Test
    void knowsWhyTheLastTryFailedWhileTheNextIsOpen() {
        attempt.refuse(DECLINED, NOW);

        attempt.retry(Method.PAYMENT_INTENT, true, NOW);

        assertThat(attempt.failure()).isEqualTo(DECLINED);
        assertThat(attempt.isRefusedByStripe()).isFalse();
    }

    @Test
    void isCheckedUntilItIsOver() {
        assertThat(attempt.checkAt()).isAfter(NOW);
        attempt.checkNext(NOW.plus(Duration.ofHours(1)));
        assertThat(attempt.checkAt()).isEqualTo(NOW.plus(Duration.ofHours(1)));

        attempt.refuse(DECLINED, NOW);
        attempt.succeed();
        assertThat(attempt.checkAt()).isNull();
        assertThat(attempt.failure()).isNull();
        assertThat(attempt.isRefusedByStripe()).isFalse();

        attempt.checkNext(NOW);
        attempt.cancel();
        assertThat(attempt.checkAt()).isNull();
    }
}
