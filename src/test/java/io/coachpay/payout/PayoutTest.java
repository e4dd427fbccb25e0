package io.coachpay.payout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import io.coachpay.coach.SomeAccount;
import io.coachpay.payout.Payout.Status;
import io.coachpay.stripe.StripePayout;

class PayoutTest {

    private static final Instant NOW = Instant.parse("2030-05-06T09:00:00Z");
    private static final Instant ARRIVAL = NOW.plus(Duration.ofDays(2));
    private static final Money AMOUNT = Money.parse("USD 148.00");
    private static final UUID COACH = UUID.randomUUID();

    private final Payout payout = requested(PayoutSpeed.STANDARD);

    @Test
    void beginsWithNothingAtStripeAndNoLineFound() {
        assertThat(payout.status()).isEqualTo(Status.REQUESTED);
        assertThat(payout.userId()).isEqualTo(COACH);
        assertThat(payout.amount()).isEqualTo(AMOUNT);
        assertThat(payout.unallocated()).isEqualTo(AMOUNT);
        assertThat(payout.stripeId()).isNull();
        assertThat(payout.attempt()).isOne();
        assertThat(payout.instant()).isFalse();
        assertThat(payout.byRun()).isTrue();
        assertThat(payout.feeAmount().isZero()).isTrue();
        assertThat(payout.isOver()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = Status.class, mode = Mode.EXCLUDE, names = { "REQUESTED", "REFUSED" })
    void followsStripeFromTheRequest(Status told) {
        assertThat(payout.apply(stripe(told, ARRIVAL))).isTrue();

        assertThat(payout.status()).isEqualTo(told);
        assertThat(payout.stripeId()).isEqualTo("po_1");
        assertThat(payout.arrivalDate()).isEqualTo(ARRIVAL);
        assertThat(payout.failureCode()).isEqualTo("account_closed");
        assertThat(payout.failureMessage()).isEqualTo("The account is closed");
    }

    @ParameterizedTest
    @EnumSource(value = Status.class, names = { "PENDING", "IN_TRANSIT", "CANCELED" })
    void staysPaidWhateverOlderEventsSay(Status told) {
        payout.apply(stripe(Status.PAID, ARRIVAL));

        assertThat(payout.apply(stripe(told, ARRIVAL))).isFalse();

        assertThat(payout.status()).isEqualTo(Status.PAID);
    }

    @Test
    void failsEvenAfterItWasPaid() {
        payout.apply(stripe(Status.PAID, ARRIVAL));

        assertThat(payout.apply(stripe(Status.FAILED, ARRIVAL))).isTrue();

        assertThat(payout.isOver()).isTrue();
    }

    @Test
    void waitsForTheLaterOfTwoDaysThatStripeTellsInOneState() {
        payout.apply(stripe(Status.IN_TRANSIT, ARRIVAL));

        payout.apply(stripe(Status.IN_TRANSIT, ARRIVAL.plusSeconds(1)));
        payout.apply(stripe(Status.IN_TRANSIT, ARRIVAL));

        assertThat(payout.arrivalDate()).isEqualTo(ARRIVAL.plusSeconds(1));
    }

    @Test
    void isThereWhateverAStateMeansThatNobodyKnows() {
        StripePayout unknown = stripe(StripePayout.Status.UNKNOWN, ARRIVAL);

        assertThat(payout.apply(unknown)).isTrue();
        assertThat(payout.status()).isEqualTo(Status.PENDING);

        payout.apply(stripe(Status.IN_TRANSIT, ARRIVAL));
        assertThat(payout.apply(unknown)).isFalse();
        assertThat(payout.status()).isEqualTo(Status.IN_TRANSIT);
    }

    @Test
    void isRefusedOnlyBeforeStripeHasIt() {
        Payout made = requested(PayoutSpeed.STANDARD);
        made.apply(stripe(Status.PENDING, ARRIVAL));

        assertThat(made.refuse("late", "Too late")).isFalse();
        assertThat(payout.refuse("no_account", "There is no bank account")).isTrue();

        assertThat(made.status()).isEqualTo(Status.PENDING);
        assertThat(payout.status()).isEqualTo(Status.REFUSED);
        assertThat(payout.failureCode()).isEqualTo("no_account");
        assertThat(payout.failureMessage()).isEqualTo("There is no bank account");
        assertThat(payout.isOver()).isTrue();
    }

    @Test
    void knowsItselfByStripesIdOrElseByOursAndTheAmount() {
        StripePayout ours = stripe(StripePayout.Status.PENDING, ARRIVAL);
        assertThat(payout.isOf(ours)).as("our id is not on it").isFalse();
        assertThat(payout.isOf(tagged(AMOUNT))).isTrue();
        assertThat(payout.isOf(tagged(AMOUNT.plus(1)))).as("a copy of another amount").isFalse();

        payout.apply(ours);

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

        instant.apply(stripe(Status.PAID, ARRIVAL));
        assertThat(instant.feeIsDue()).isTrue();

        instant.fee().taken("tr_1", "py_1");
        assertThat(instant.feeIsDue()).isFalse();
    }

    @Test
    void costsNothingAndTakesAnotherKeyWhereItFallsBack() {
        Payout instant = requested(PayoutSpeed.INSTANT).costing(Money.parse("USD 1.48"), NOW);

        instant.fallBack(PayoutSpeed.NOT_ELIGIBLE);

        assertThat(instant.instant()).isFalse();
        assertThat(instant.feeAmount().isZero()).isTrue();
        assertThat(instant.fallbackReason()).isEqualTo(PayoutSpeed.NOT_ELIGIBLE);
        assertThat(instant.attempt()).isEqualTo(2);
    }

    private static Payout requested(PayoutSpeed speed) {
        return Payout.requested(SomeAccount.of(COACH), AMOUNT, NOW, speed, Payout.RUN, null, null, NOW, NOW.plusSeconds(60));
    }

    private static StripePayout stripe(Status told, Instant arrival) {
        return stripe(StripePayout.Status.valueOf(told.name()), arrival);
    }

    private static StripePayout stripe(StripePayout.Status told, Instant arrival) {
        return new StripePayout("po_1", AMOUNT, told, false, false, arrival, "account_closed", "The account is closed", "txn_1",
                null, Map.of(), NOW);
    }

    private StripePayout tagged(Money amount) {
        return new StripePayout("po_2", amount, StripePayout.Status.PENDING, false, false, ARRIVAL, null, null, "txn_2", null,
                Map.of("coachpay_id", payout.id().toString()), NOW);
    }
}
