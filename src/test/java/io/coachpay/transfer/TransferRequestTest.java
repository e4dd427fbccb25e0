package io.coachpay.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;

import io.coachpay.transfer.TransferRequest.Kind;
import io.coachpay.transfer.TransferRequest.Purpose;
import io.coachpay.transfer.TransferRequest.Status;

class TransferRequestTest {

    private static final Instant NOW = Instant.parse("2030-05-06T09:00:00Z");
    private static final UUID CAUSE = UUID.randomUUID();

    private final TransferRequest step = step(Purpose.DISPUTE_WON, "USD 100.00");

    @Test
    void beginsAsAWish() {
        assertThat(step.status()).isEqualTo(Status.REQUESTED);
        assertThat(step.amount()).isEqualTo(Money.parse("USD 100.00"));
        assertThat(step.attempt()).isOne();
        assertThat(step.stripeId()).isNull();
    }

    @Test
    void belongsToWhatItsPurposeSpeaksOf() {
        assertThat(step.disputeId()).isEqualTo(CAUSE);
        assertThat(step.refundId()).isNull();
        assertThat(step(Purpose.REFUND_FAILED, "USD 1.00").refundId()).isEqualTo(CAUSE);
    }

    @Test
    void movesNothingThatIsNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> step(Purpose.REFUND_REST, "USD 0.00"));
    }

    @Test
    void takesAnotherKeyAfterEachWaitForFunds() {
        step.waitForFunds(1, "balance_insufficient", "Not enough", NOW, NOW);
        step.waitForFunds(2, "balance_insufficient", "Not enough", NOW, NOW);

        assertThat(step.status()).isEqualTo(Status.WAITING_FOR_FUNDS);
        assertThat(step.attempt()).isEqualTo(3);
        assertThat(step.isOpen()).isTrue();
    }

    @Test
    void takesOneKeyForOneAnswerHoweverManyHearIt() {
        step.waitForFunds(1, "balance_insufficient", "Not enough", NOW, NOW);
        step.waitForFunds(1, "balance_insufficient", "Not enough", NOW, NOW);

        assertThat(step.attempt()).isEqualTo(2);
    }

    @Test
    void keepsTheKeyOfACallThatMayBeUnderWay() {
        step.retry(CAUSE, NOW);
        assertThat(step.attempt()).isOne();

        step.withdraw(CAUSE, NOW);
        assertThat(step.isOpen()).isFalse();
        step.retry(CAUSE, NOW);

        assertThat(step.status()).isEqualTo(Status.REQUESTED);
        assertThat(step.attempt()).isOne();
    }

    @Test
    void staysDueWhenFundsArriveWhileStripeRefuses() {
        Instant next = NOW.plusSeconds(60);
        Instant far = NOW.plusSeconds(3600);
        step.checkNext(next);
        step.waitForFunds(1, "balance_insufficient", "Not enough", next, far);
        assertThat(step.checkAt()).isEqualTo(far);

        step.checkNext(NOW);
        step.waitForFunds(2, "balance_insufficient", "Not enough", next, far);

        assertThat(step.checkAt()).isEqualTo(NOW);
    }

    /** Withdrawing a request does not undo a transfer that Stripe has made. */
    @Test
    void isNotWithdrawnOnceStripeHasMadeIt() {
        step.created("tr_1");

        assertThatThrownBy(() -> step.withdraw(CAUSE, NOW)).isInstanceOf(TransferRequestRefused.Over.class);

        assertThat(step.status()).isEqualTo(Status.CREATED);
        assertThat(step.isDecided()).isFalse();
    }

    @Test
    void isMadeAfterWaiting() {
        step.waitForFunds(1, "balance_insufficient", "Not enough", NOW, NOW);
        step.created("tr_1");

        assertThat(step.status()).isEqualTo(Status.CREATED);
        assertThat(step.stripeId()).isEqualTo("tr_1");
        assertThat(step.isOpen()).isFalse();
    }

    @Test
    void isNotRefusedOnceItIsMade() {
        step.created("tr_1");

        assertThatIllegalStateException().isThrownBy(() -> step.refuse("too_late", "Too late"));
    }

    @Test
    void isMadeWhereStripeHasMadeItAfterAll() {
        step.refuse("account_closed", "Closed");
        step.created("tr_1");

        assertThat(step.status()).isEqualTo(Status.CREATED);
        assertThat(step.stripeId()).isEqualTo("tr_1");
        assertThat(step.failureCode()).isNull();
    }

    @Test
    void staysWithdrawnAlsoWhereStripeHasMadeIt() {
        step.withdraw();
        step.created("tr_1");

        assertThat(step.status()).isEqualTo(Status.REFUSED);
        assertThat(step.stripeId()).isEqualTo("tr_1");
        assertThat(step.isWithdrawn()).isTrue();
    }

    @Test
    void isTriedAgainAfterARefusal() {
        step.refuse("account_closed", "Closed");
        step.retry(CAUSE, NOW);

        assertThat(step.status()).isEqualTo(Status.REQUESTED);
        assertThat(step.attempt()).isEqualTo(2);
        assertThat(step.checkAt()).isEqualTo(NOW);
        assertThat(step.isDecided()).isTrue();
    }

    @Test
    void triesNothingAgainThatNobodyWants() {
        step.withdraw();

        assertThatThrownBy(() -> step.retry(CAUSE, NOW)).isInstanceOf(TransferRequestRefused.Over.class);
    }

    @Test
    void hasTheIdThatItHadBeforeTheDatabaseWasPutBack() {
        UUID payment = UUID.randomUUID();
        Function<Integer, UUID> again = number -> TransferRequest.of(Kind.TRANSFER, Purpose.DISPUTE_WON, payment, null,
                UUID.randomUUID(), Money.parse("USD 1.00"), number, NOW.plusSeconds(number)).id();

        assertThat(again.apply(0)).isEqualTo(again.apply(0));
        assertThat(again.apply(0)).isNotEqualTo(again.apply(1));
    }

    private static TransferRequest step(Purpose purpose, String amount) {
        return TransferRequest.of(Kind.TRANSFER, purpose, UUID.randomUUID(), null, CAUSE, Money.parse(amount), 0, NOW);
    }
}
