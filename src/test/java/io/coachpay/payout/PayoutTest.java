package io.coachpay.payout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;

import io.coachpay.coach.SomeAccount;
import io.coachpay.stripe.StripePayout;

class PayoutTest {

    private static final Instant NOW = Instant.parse("2030-05-06T09:00:00Z");
    private static final Instant ARRIVAL = NOW.plus(Duration.ofDays(2));
    private static final Money AMOUNT = Money.parse("USD 148.00");
    private static final UUID COACH = UUID.randomUUID();

    private final Payout payout = requested(PayoutSpeed.STANDARD);

    @Test
    void beginsWithNothingAtStripeAndNoLineFound() {
        assertThat(payout.status()).isEqualTo(PayoutStatus.REQUESTED);
        assertThat(payout.userId()).isEqualTo(COACH);
        assertThat(payout.amount()).isEqualTo(AMOUNT);
        assertThat(payout.unallocated()).isEqualTo(AMOUNT);
        assertThat(payout.stripeId()).isNull();
        assertThat(payout.progress().attempt()).isOne();
        assertThat(payout.speed().instant()).isFalse();
        assertThat(payout.origin().byRun()).isTrue();
        assertThat(payout.feeAmount().isZero()).isTrue();
        assertThat(payout.status().isOver()).isFalse();
    }

    @Test
    void knowsItselfByStripesIdOrElseByOursAndTheAmount() {
        StripePayout ours = stripe(StripePayout.Status.PENDING);
        assertThat(payout.isOf(ours)).as("our id is not on it").isFalse();
        assertThat(payout.isOf(tagged(AMOUNT))).isTrue();
        assertThat(payout.isOf(tagged(AMOUNT.plus(1)))).as("a copy of another amount").isFalse();

        payout.progress().apply(ours);

        assertThat(payout.isOf(ours)).isTrue();
    }

    @Test
    void costsOnlyWhatIsPaidOutAtOnceAndInItsOwnCurrency() {
        Payout instant = requested(PayoutSpeed.INSTANT).costing(Money.parse("USD 1.48"), NOW);

        assertThat(instant.feeAmount()).isEqualTo(Money.parse("USD 1.48"));
        assertThatIllegalArgumentException().isThrownBy(() -> payout.costing(Money.parse("USD 1.48"), NOW));
        assertThatIllegalArgumentException().isThrownBy(() -> instant.costing(Money.parse("EUR 1.48"), NOW));
        assertThatIllegalArgumentException().isThrownBy(() -> instant.costing(Money.parse("USD -0.01"), NOW));
    }

    @Test
    void owesItsFeeFromTheDayStripeHasItUntilItIsTaken() {
        Payout instant = requested(PayoutSpeed.INSTANT).costing(Money.parse("USD 1.48"), NOW);
        assertThat(instant.feeIsDue()).as("Stripe has not made it").isFalse();

        instant.progress().apply(stripe(StripePayout.Status.PAID));
        assertThat(instant.feeIsDue()).isTrue();

        instant.fee().taken("tr_1", "py_1");
        assertThat(instant.feeIsDue()).isFalse();
    }

    @Test
    void costsNothingAndTakesAnotherKeyWhereItFallsBack() {
        Payout instant = requested(PayoutSpeed.INSTANT).costing(Money.parse("USD 1.48"), NOW);

        instant.fallBack(PayoutSpeed.NOT_ELIGIBLE);

        assertThat(instant.speed().instant()).isFalse();
        assertThat(instant.feeAmount().isZero()).isTrue();
        assertThat(instant.speed().fallbackReason()).isEqualTo(PayoutSpeed.NOT_ELIGIBLE);
        assertThat(instant.progress().attempt()).isEqualTo(2);
    }

    private static Payout requested(PayoutSpeed speed) {
        return Payout.requested(SomeAccount.of(COACH), AMOUNT, speed, new PayoutOrigin(PayoutOrigin.RUN, null, null, NOW, NOW),
                NOW.plusSeconds(60));
    }

    private static StripePayout stripe(StripePayout.Status told) {
        return new StripePayout("po_1", AMOUNT, told, false, false, ARRIVAL, null, null, "txn_1", null, Map.of(), NOW);
    }

    private StripePayout tagged(Money amount) {
        return new StripePayout("po_2", amount, StripePayout.Status.PENDING, false, false, ARRIVAL, null, null, "txn_2", null,
                Map.of("coachpay_id", payout.id().toString()), NOW);
    }
}
