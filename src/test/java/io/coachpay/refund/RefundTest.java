package io.coachpay.refund;

import static io.coachpay.refund.RefundStatus.REFUSED;
import static io.coachpay.refund.RefundStatus.REQUESTED;
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
        assertThat(refund.progress().attempt()).isOne();
    }

    @ParameterizedTest
    @EnumSource(value = RefundStatus.class, mode = Mode.EXCLUDE, names = { "REQUESTED", "REFUSED" })
    void followsStripeFromTheWish(RefundStatus told) {
        refund.apply(stripe(told), NOW);

        assertThat(refund.status()).isEqualTo(told);
        assertThat(refund.stripeId()).isEqualTo("re_1");
    }

    @ParameterizedTest
    @EnumSource(value = RefundStatus.class, mode = Mode.EXCLUDE, names = { "REQUESTED", "REFUSED", "FAILED" })
    void staysSucceededWhateverOlderEventsSay(RefundStatus told) {
        refund.apply(stripe(RefundStatus.SUCCEEDED), NOW);

        refund.apply(stripe(told), NOW);

        assertThat(refund.status()).isEqualTo(RefundStatus.SUCCEEDED);
    }

    @Test
    void failsEvenAfterItSucceeded() {
        refund.apply(stripe(RefundStatus.SUCCEEDED), NOW);
        refund.apply(stripe(RefundStatus.FAILED), NOW);
        refund.apply(stripe(RefundStatus.SUCCEEDED), NOW);

        assertThat(refund.status()).isEqualTo(RefundStatus.FAILED);
    }

    @Test
    void isRefusedOnlyBeforeStripeHasIt() {
        refund.progress().refuse("insufficient_funds", "There is not enough");
        assertThat(refund.status()).isEqualTo(REFUSED);

        Refund begun = Refund.of(SomePayment.in(PaymentStatus.COMPLETED), Money.parse("USD 1.00"), "requested", null, null,
                NOW);
        begun.apply(stripe(RefundStatus.PENDING), NOW);
        begun.progress().refuse("late", "too late");
        assertThat(begun.status()).isEqualTo(RefundStatus.PENDING);
    }

    @Test
    void keepsTheKeyOfACallThatMayBeUnderWay() {
        refund.retry(SOMEBODY, NOW);
        assertThat(refund.progress().attempt()).isOne();

        refund.withdraw(SOMEBODY, NOW);
        refund.retry(SOMEBODY, NOW);

        assertThat(refund.status()).isEqualTo(REQUESTED);
        assertThat(refund.progress().attempt()).isOne();
    }

    /** Stripe keeps a refusal under the key of the refused call. */
    @Test
    void takesAnotherKeyAlsoWhereWhatStripeRefusedWasWithdrawnSince() {
        refund.progress().refuse("not_today", "No");
        refund.withdraw(SOMEBODY, NOW);
        refund.retry(SOMEBODY, NOW);

        assertThat(refund.status()).isEqualTo(REQUESTED);
        assertThat(refund.progress().attempt()).isEqualTo(2);
    }

    @Test
    void takesAnotherKeyOnceStripeHasRefused() {
        refund.progress().refuse("not_today", "No");
        refund.retry(SOMEBODY, NOW);
        assertThat(refund.progress().attempt()).isEqualTo(2);

        refund.progress().refuse("not_today", "No");
        refund.platformPays(SOMEBODY, NOW);
        assertThat(refund.progress().attempt()).isEqualTo(3);

        refund.progress().refuse("not_today", "No");
        refund.platformPays(SOMEBODY, NOW);
        assertThat(refund.progress().attempt()).isEqualTo(4);
    }

    @Test
    void isThePlatformsToPayOnlyWhileNobodyAsksForIt() {
        assertThatThrownBy(() -> refund.platformPays(SOMEBODY, NOW)).isInstanceOf(RefundRefused.BeingAsked.class);
        refund.progress().waitForFunds(1, SHORT, "Not enough", NOW, LATER);
        refund.progress().checkNext(NOW.plus(RefundProgress.CALL_LASTS));
        assertThatThrownBy(() -> refund.platformPays(SOMEBODY, NOW)).isInstanceOf(RefundRefused.BeingAsked.class);

        refund.progress().checkNext(LATER);
        refund.platformPays(SOMEBODY, NOW);

        assertThat(refund.isBorneAlone()).isTrue();
        assertThat(refund.progress().attempt()).as("nobody has used that key").isEqualTo(2);
    }

    @Test
    void isThePlatformsToPayOnlyOnceACallForWhatWasWithdrawnIsOver() {
        refund.withdraw(SOMEBODY, NOW);
        assertThatThrownBy(() -> refund.platformPays(SOMEBODY, NOW)).isInstanceOf(RefundRefused.BeingAsked.class);

        refund.platformPays(SOMEBODY, LATER);

        assertThat(refund.progress().attempt()).isEqualTo(2);
    }

    @Test
    void tellsWhatHoldsItUpOnlyWhileItIsHeldUp() {
        refund.apply(stripe(RefundStatus.PENDING, "insufficient_funds"), NOW);
        assertThat(refund.progress().pendingReason()).isEqualTo("insufficient_funds");

        refund.apply(stripe(RefundStatus.SUCCEEDED, "insufficient_funds"), LATER);

        assertThat(refund.progress().pendingReason()).isNull();
        assertThat(refund.progress().checkAt()).isEqualTo(LATER);
    }

    /** Stripe's state wins, whatever an administrator decides. */
    @Test
    void isNotDecidedOnceStripeHasIt() {
        refund.apply(stripe(RefundStatus.PENDING), NOW);

        assertThatThrownBy(() -> refund.retry(SOMEBODY, NOW)).isInstanceOf(RefundRefused.NotToBeDecided.class);
        assertThatThrownBy(() -> refund.withdraw(SOMEBODY, NOW)).isInstanceOf(RefundRefused.NotToBeDecided.class);
        assertThatThrownBy(() -> refund.platformPays(SOMEBODY, LATER)).isInstanceOf(RefundRefused.NotToBeDecided.class);

        assertThat(refund.status()).isEqualTo(RefundStatus.PENDING);
        assertThat(refund.isBorneAlone()).isFalse();
    }

    @Test
    void remembersSinceWhenTheCoachIsShortUntilStripeRefusesIt() {
        assertThat(refund.coachIsShort(NOW)).isEqualTo(NOW);
        refund.retry(SOMEBODY, NOW);
        assertThat(refund.coachIsShort(LATER)).isEqualTo(NOW);

        refund.progress().refuse("not_today", "No");
        refund.retry(SOMEBODY, NOW);

        assertThat(refund.coachIsShort(LATER)).isEqualTo(LATER);
    }

    private static StripeRefund stripe(RefundStatus status) {
        return stripe(status, null);
    }

    private static StripeRefund stripe(RefundStatus status, @Nullable String pendingReason) {
        ObjectNode json = new ObjectMapper().createObjectNode().put("id", "re_1").put("object", "refund")
                .put("status", status.name().toLowerCase(Locale.ROOT)).put("amount", 2500).put("currency", "usd")
                .put("payment_intent", "pi_1").put("charge", "ch_1").put("created", NOW.getEpochSecond())
                .put("pending_reason", pendingReason);
        json.putObject("metadata");
        return StripeRefund.from(json);
    }
}
