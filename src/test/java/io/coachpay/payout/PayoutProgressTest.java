package io.coachpay.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import io.coachpay.stripe.StripePayout;

class PayoutProgressTest {

    private static final Instant NOW = Instant.parse("2030-05-06T09:00:00Z");
    private static final Instant ARRIVAL = NOW.plus(Duration.ofDays(2));
    private static final Money AMOUNT = Money.parse("USD 148.00");

    private final PayoutProgress progress = PayoutProgress.requested(NOW);

    @ParameterizedTest
    @EnumSource(value = PayoutStatus.class, mode = Mode.EXCLUDE, names = { "REQUESTED", "REFUSED" })
    void followsStripeFromTheRequest(PayoutStatus told) {
        assertThat(progress.apply(stripe(told, ARRIVAL))).isTrue();

        assertThat(progress.status()).isEqualTo(told);
        assertThat(progress.stripeId()).isEqualTo("po_1");
        assertThat(progress.arrivalDate()).isEqualTo(ARRIVAL);
        assertThat(progress.failureCode()).isEqualTo("account_closed");
        assertThat(progress.failureMessage()).isEqualTo("The account is closed");
    }

    @ParameterizedTest
    @EnumSource(value = PayoutStatus.class, names = { "PENDING", "IN_TRANSIT", "CANCELED" })
    void staysPaidWhateverOlderEventsSay(PayoutStatus told) {
        progress.apply(stripe(PayoutStatus.PAID, ARRIVAL));

        assertThat(progress.apply(stripe(told, ARRIVAL))).isFalse();

        assertThat(progress.status()).isEqualTo(PayoutStatus.PAID);
    }

    @Test
    void failsEvenAfterItWasPaid() {
        progress.apply(stripe(PayoutStatus.PAID, ARRIVAL));

        assertThat(progress.apply(stripe(PayoutStatus.FAILED, ARRIVAL))).isTrue();

        assertThat(progress.status().isOver()).isTrue();
    }

    @Test
    void waitsForTheLaterOfTwoDaysThatStripeTellsInOneState() {
        progress.apply(stripe(PayoutStatus.IN_TRANSIT, ARRIVAL));

        progress.apply(stripe(PayoutStatus.IN_TRANSIT, ARRIVAL.plusSeconds(1)));
        progress.apply(stripe(PayoutStatus.IN_TRANSIT, ARRIVAL));

        assertThat(progress.arrivalDate()).isEqualTo(ARRIVAL.plusSeconds(1));
    }

    @Test
    void isThereWhateverAStateMeansThatNobodyKnows() {
        StripePayout unknown = stripe(StripePayout.Status.UNKNOWN, ARRIVAL);

        assertThat(progress.apply(unknown)).isTrue();
        assertThat(progress.status()).isEqualTo(PayoutStatus.PENDING);

        progress.apply(stripe(PayoutStatus.IN_TRANSIT, ARRIVAL));
        assertThat(progress.apply(unknown)).isFalse();
        assertThat(progress.status()).isEqualTo(PayoutStatus.IN_TRANSIT);
    }

    @Test
    void isRefusedOnlyBeforeStripeHasIt() {
        PayoutProgress made = PayoutProgress.requested(NOW);
        made.apply(stripe(PayoutStatus.PENDING, ARRIVAL));

        assertThat(made.refuse("late", "Too late")).isFalse();
        assertThat(progress.refuse("no_account", "There is no bank account")).isTrue();

        assertThat(made.status()).isEqualTo(PayoutStatus.PENDING);
        assertThat(progress.status()).isEqualTo(PayoutStatus.REFUSED);
        assertThat(progress.failureCode()).isEqualTo("no_account");
        assertThat(progress.failureMessage()).isEqualTo("There is no bank account");
        assertThat(progress.status().isOver()).isTrue();
    }

    @Test
    void isAtTheLatestAttemptUntilStripeAnswers() {
        progress.nextAttempt(1);
        progress.nextAttempt(1);
        assertThat(progress.isAt(1)).isFalse();
        assertThat(progress.isAt(2)).isTrue();

        progress.apply(stripe(PayoutStatus.PENDING, ARRIVAL));

        assertThat(progress.isAt(2)).isFalse();
    }

    private static StripePayout stripe(PayoutStatus told, Instant arrival) {
        return stripe(StripePayout.Status.valueOf(told.name()), arrival);
    }

    private static StripePayout stripe(StripePayout.Status told, Instant arrival) {
        return new StripePayout("po_1", AMOUNT, told, false, false, arrival, "account_closed", "The account is closed", "txn_1",
                null, Map.of(), NOW);
    }
}
