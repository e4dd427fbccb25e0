package io.coachpay.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;

import org.junit.jupiter.api.Test;

class TransferRequestProgressTest {

    private static final Instant NOW = Instant.parse("2030-05-06T09:00:00Z");

    private final TransferRequestProgress progress = TransferRequestProgress.requested(NOW);

    @Test
    void takesAnotherKeyAfterEachWaitForFunds() {
        progress.waitForFunds(1, "balance_insufficient", "Not enough", NOW, NOW);
        progress.waitForFunds(2, "balance_insufficient", "Not enough", NOW, NOW);

        assertThat(progress.status()).isEqualTo(TransferRequestStatus.WAITING_FOR_FUNDS);
        assertThat(progress.attempt()).isEqualTo(3);
        assertThat(progress.isOpen()).isTrue();
    }

    @Test
    void takesOneKeyForOneAnswerHoweverManyHearIt() {
        progress.waitForFunds(1, "balance_insufficient", "Not enough", NOW, NOW);
        progress.waitForFunds(1, "balance_insufficient", "Not enough", NOW, NOW);

        assertThat(progress.attempt()).isEqualTo(2);
    }

    @Test
    void staysDueWhenFundsArriveWhileStripeRefuses() {
        Instant next = NOW.plusSeconds(60);
        Instant far = NOW.plusSeconds(3600);
        progress.checkNext(next);
        progress.waitForFunds(1, "balance_insufficient", "Not enough", next, far);
        assertThat(progress.checkAt()).isEqualTo(far);

        progress.checkNext(NOW);
        progress.waitForFunds(2, "balance_insufficient", "Not enough", next, far);

        assertThat(progress.checkAt()).isEqualTo(NOW);
    }

    @Test
    void isMadeAfterWaiting() {
        progress.waitForFunds(1, "balance_insufficient", "Not enough", NOW, NOW);
        progress.created("tr_1");

        assertThat(progress.status()).isEqualTo(TransferRequestStatus.CREATED);
        assertThat(progress.stripeId()).isEqualTo("tr_1");
        assertThat(progress.isOpen()).isFalse();
    }

    @Test
    void isNotRefusedOnceItIsMade() {
        progress.created("tr_1");

        assertThatIllegalStateException().isThrownBy(() -> progress.refuse("too_late", "Too late"));
    }

    @Test
    void isMadeWhereStripeHasMadeItAfterAll() {
        progress.refuse("account_closed", "Closed");
        progress.created("tr_1");

        assertThat(progress.status()).isEqualTo(TransferRequestStatus.CREATED);
        assertThat(progress.stripeId()).isEqualTo("tr_1");
        assertThat(progress.failureCode()).isNull();
    }

    @Test
    void staysWithdrawnAlsoWhereStripeHasMadeIt() {
        progress.withdraw();
        progress.created("tr_1");

        assertThat(progress.status()).isEqualTo(TransferRequestStatus.REFUSED);
        assertThat(progress.stripeId()).isEqualTo("tr_1");
        assertThat(progress.isWithdrawn()).isTrue();
    }

    @Test
    void countsOnToTheNextKeyOnceForEachAttempt() {
        progress.nextAttempt(1);
        progress.nextAttempt(1);

        assertThat(progress.attempt()).isEqualTo(2);
    }

    @Test
    void isGivenUpOnlyWhileStripeMayStillMakeIt() {
        progress.giveUp();

        assertThat(progress.status()).isEqualTo(TransferRequestStatus.REFUSED);
        assertThat(progress.isWithdrawn()).as("by the service itself").isFalse();
        assertThatThrownBy(progress::giveUp).isInstanceOf(TransferRequestRefused.Over.class);
    }
}
