package io.coachpay.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;

import io.coachpay.transfer.TransferRequest.Kind;
import io.coachpay.transfer.TransferRequest.Purpose;

class TransferRequestTest {

    private static final Instant NOW = Instant.parse("2030-05-06T09:00:00Z");
    private static final UUID CAUSE = UUID.randomUUID();

    private final TransferRequest step = step(Purpose.DISPUTE_WON, "USD 100.00");

    @Test
    void beginsAsAWish() {
        assertThat(step.status()).isEqualTo(TransferRequestStatus.REQUESTED);
        assertThat(step.amount()).isEqualTo(Money.parse("USD 100.00"));
        assertThat(step.progress().attempt()).isOne();
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
    void keepsTheKeyOfACallThatMayBeUnderWay() {
        step.retry(CAUSE, NOW);
        assertThat(step.progress().attempt()).isOne();

        step.withdraw(CAUSE, NOW);
        assertThat(step.isOpen()).isFalse();
        step.retry(CAUSE, NOW);

        assertThat(step.status()).isEqualTo(TransferRequestStatus.REQUESTED);
        assertThat(step.progress().attempt()).isOne();
    }

    /** Withdrawing a request does not undo a transfer that Stripe has made. */
    @Test
    void isNotWithdrawnOnceStripeHasMadeIt() {
        step.progress().created("tr_1");

        assertThatThrownBy(() -> step.withdraw(CAUSE, NOW)).isInstanceOf(TransferRequestRefused.Over.class);

        assertThat(step.status()).isEqualTo(TransferRequestStatus.CREATED);
        assertThat(step.isDecided()).isFalse();
    }

    @Test
    void isTriedAgainAfterARefusal() {
        step.progress().refuse("account_closed", "Closed");
        step.retry(CAUSE, NOW);

        assertThat(step.status()).isEqualTo(TransferRequestStatus.REQUESTED);
        assertThat(step.progress().attempt()).isEqualTo(2);
        assertThat(step.progress().checkAt()).isEqualTo(NOW);
        assertThat(step.isDecided()).isTrue();
    }

    @Test
    void triesNothingAgainThatNobodyWants() {
        step.progress().withdraw();

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
