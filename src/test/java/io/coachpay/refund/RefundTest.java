package io.coachpay.refund;

import static io.coachpay.refund.Refund.Status.REFUSED;
import static io.coachpay.refund.Refund.Status.REQUESTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.coachpay.payment.PaymentStatus;
import io.coachpay.payment.SomePayment;
import io.coachpay.refund.Refund.Status;
import io.coachpay.stripe.StripeRefund;

class RefundTest {

    private static final Instant NOW = Instant.parse("2030-05-06T09:00:00Z");
    private static final Instant LATER = NOW.plus(Duration.ofMinutes(10));
    private static final UUID SOMEBODY = UUID.randomUUID();
    private static final String SHORT = "coach_balance_insufficient";

    private final Refund refund = Refund.of(SomePayment.in(PaymentStatus.COMPLETED), Money.parse("USD 25.00"),
            "requested", null, null, NOW);

    @Test
    void beginsAsAWish() {
        assertThat(refund.status()).isEqualTo(REQUESTED);
        assertThat(refund.amount()).isEqualTo(Money.parse("USD 25.00"));
        assertThat(refund.stripeId()).isNull();
        assertThat(refund.attempt()).isOne();
    }

    @ParameterizedTest
    @EnumSource(value = Status.class, mode = Mode.EXCLUDE, names = { "REQUESTED", "REFUSED" })
    void followsStripeFromTheWish(Status told) {
        refund.apply(stripe(told), NOW);

        assertThat(refund.status()).isEqualTo(told);
        assertThat(refund.stripeId()).isEqualTo("re_1");
    }

    @ParameterizedTest
    @EnumSource(value = Status.class, mode = Mode.EXCLUDE, names = { "REQUESTED", "REFUSED", "FAILED" })
    void staysSucceededWhateverOlderEventsSay(Status told) {
        refund.apply(stripe(Status.SUCCEEDED), NOW);

        refund.apply(stripe(told), NOW);

        assertThat(refund.status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void failsEvenAfterItSucceeded() {
        refund.apply(stripe(Status.SUCCEEDED), NOW);
        refund.apply(stripe(Status.FAILED), NOW);
        refund.apply(stripe(Status.SUCCEEDED), NOW);

        assertThat(refund.status()).isEqualTo(Status.FAILED);
    }

    @Test
    void isRefusedOnlyBeforeStripeHasIt() {
        refund.refuse("insufficient_funds", "There is not enough");
        assertThat(refund.status()).isEqualTo(REFUSED);

        Refund begun = Refund.of(SomePayment.in(PaymentStatus.COMPLETED), Money.parse("USD 1.00"), "requested", null, null,
                NOW);
        begun.apply(stripe(Status.PENDING), NOW);
        begun.refuse("late", "too late");
        assertThat(begun.status()).isEqualTo(Status.PENDING);
    }

    @Test
    void takesOneKeyForOneAnswerHoweverManyHearIt() {
        assertThat(refund.waitForFunds(1, SHORT, "Not enough", NOW, LATER)).isTrue();
        assertThat(refund.waitForFunds(1, SHORT, "Not enough", NOW, LATER)).isFalse();

        assertThat(refund.attempt()).isEqualTo(2);
    }

    @Test
    void keepsTheKeyOfACallThatMayBeUnderWay() {
        refund.retry(SOMEBODY, NOW);
        assertThat(refund.attempt()).isOne();

        refund.withdraw(SOMEBODY, NOW);
        refund.retry(SOMEBODY, NOW);

        assertThat(refund.status()).isEqualTo(REQUESTED);
        assertThat(refund.attempt()).isOne();
    }

    /** Stripe keeps a refusal under the key of the refused call. */
    @Test
    void takesAnotherKeyAlsoWhereWhatStripeRefusedWasWithdrawnSince() {
        refund.refuse("not_today", "No");
        refund.withdraw(SOMEBODY, NOW);
        refund.retry(SOMEBODY, NOW);

        assertThat(refund.status()).isEqualTo(REQUESTED);
        assertThat(refund.attempt()).isEqualTo(2);
    }

    @Test
    void takesAnotherKeyOnceStripeHasRefused() {
        refund.refuse("not_today", "No");
        refund.retry(SOMEBODY, NOW);
        assertThat(refund.attempt()).isEqualTo(2);

        refund.refuse("not_today", "No");
        refund.platformPays(SOMEBODY, NOW);
        assertThat(refund.attempt()).isEqualTo(3);

        refund.refuse("not_today", "No");
        refund.platformPays(SOMEBODY, NOW);
        assertThat(refund.attempt()).isEqualTo(4);
    }

    @Test
    void isThePlatformsToPayOnlyWhileNobodyAsksForIt() {
        assertThatThrownBy(() -> refund.platformPays(SOMEBODY, NOW)).isInstanceOf(RefundRefused.BeingAsked.class);
        refund.waitForFunds(1, SHORT, "Not enough", NOW, LATER);
        refund.checkNext(NOW.plus(Refund.CALL_LASTS));
        assertThatThrownBy(() -> refund.platformPays(SOMEBODY, NOW)).isInstanceOf(RefundRefused.BeingAsked.class);

        refund.checkNext(LATER);
        refund.platformPays(SOMEBODY, NOW);

        assertThat(refund.isBorneAlone()).isTrue();
        assertThat(refund.attempt()).as("nobody has used that key").isEqualTo(2);
    }

    @Test
    void isThePlatformsToPayOnlyOnceACallForWhatWasWithdrawnIsOver() {
        refund.withdraw(SOMEBODY, NOW);
        assertThatThrownBy(() -> refund.platformPays(SOMEBODY, NOW)).isInstanceOf(RefundRefused.BeingAsked.class);

        refund.platformPays(SOMEBODY, LATER);

        assertThat(refund.attempt()).isEqualTo(2);
    }

    @Test
    void isTriedAgainWhenFundsAreExpectedUnlessTheyArrivedMeanwhile() {
        refund.waitForFunds(1, SHORT, "Not enough", NOW, LATER);
        assertThat(refund.checkAt()).isEqualTo(LATER);
        assertThat(refund.failureCode()).isEqualTo(SHORT);
        assertThat(refund.failureMessage()).isEqualTo("Not enough");

        refund.checkNext(NOW);
        refund.waitForFunds(2, SHORT, "Not enough", LATER, LATER);
        assertThat(refund.checkAt()).as("due earlier than while Stripe was asked").isEqualTo(NOW);
    }

    @Test
    void tellsWhatHoldsItUpOnlyWhileItIsHeldUp() {
        refund.apply(stripe(Status.PENDING, "insufficient_funds"), NOW);
        assertThat(refund.pendingReason()).isEqualTo("insufficient_funds");

        refund.apply(stripe(Status.SUCCEEDED, "insufficient_funds"), LATER);

        assertThat(refund.pendingReason()).isNull();
        assertThat(refund.checkAt()).isEqualTo(LATER);
    }

    @Test
    void forgetsWhenToAskStripeOnceItIsRefusedAndKeepsTheFirstMessage() {
        refund.refuse("not_today", "No");
        refund.refuse("never", null);

        assertThat(refund.failureCode()).isEqualTo("never");
        assertThat(refund.failureMessage()).isEqualTo("No");
        assertThat(refund.checkAt()).isNull();
    }

    /** Stripe's state wins, whatever an administrator decides. */
    @Test
    void isNotDecidedOnceStripeHasIt() {
        refund.apply(stripe(Status.PENDING), NOW);

        assertThatThrownBy(() -> refund.retry(SOMEBODY, NOW)).isInstanceOf(RefundRefused.NotToBeDecided.class);
        assertThatThrownBy(() -> refund.withdraw(SOMEBODY, NOW)).isInstanceOf(RefundRefused.NotToBeDecided.class);
        assertThatThrownBy(() -> refund.platformPays(SOMEBODY, LATER)).isInstanceOf(RefundRefused.NotToBeDecided.class);

        assertThat(refund.status()).isEqualTo(Status.PENDING);
        assertThat(refund.isBorneAlone()).isFalse();
    }

    @Test
    void remembersSinceWhenTheCoachIsShortUntilStripeRefusesIt() {
        assertThat(refund.coachIsShort(NOW)).isEqualTo(NOW);
        refund.retry(SOMEBODY, NOW);
        assertThat(refund.coachIsShort(LATER)).isEqualTo(NOW);

        refund.refuse("not_today", "No");
        refund.retry(SOMEBODY, NOW);

        assertThat(refund.coachIsShort(LATER)).isEqualTo(LATER);
    }

    private static StripeRefund stripe(Status status) {
        return stripe(status, null);
    }

    private static StripeRefund stripe(Status status, @Nullable String pendingReason) {
        ObjectNode json = new ObjectMapper().createObjectNode().put("id", "re_1").put("object", "refund")
                .put("status", status.name().toLowerCase(Locale.ROOT)).put("amount", 2500).put("currency", "usd")
                .put("payment_intent", "pi_1").put("charge", "ch_1").put("created", NOW.getEpochSecond())
                .put("pending_reason", pendingReason);
        json.putObject("metadata");
        return StripeRefund.from(json);
    }
}
