package io.coachpay.payment;

import static io.coachpay.payment.PaymentStatus.CANCELED;
import static io.coachpay.payment.PaymentStatus.COMPLETED;
import static io.coachpay.payment.PaymentStatus.FAILED;
import static io.coachpay.payment.PaymentStatus.PARTIALLY_REFUNDED;
import static io.coachpay.payment.PaymentStatus.PENDING;
import static io.coachpay.payment.PaymentStatus.PROCESSING;
import static io.coachpay.payment.PaymentStatus.REFUNDED;
import static io.coachpay.payment.SomePayment.NOW;
import static io.coachpay.payment.SomePayment.PRICE;
import static io.coachpay.payment.SomePayment.intent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.Consumer;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.stripe.StripePaymentIntent;

class TransactionTest {

    @Test
    void beginsWithTheSplitOfItsOrder() {
        Transaction payment = SomePayment.pending();

        assertThat(payment.status()).isEqualTo(PENDING);
        assertThat(payment.amount()).isEqualTo(PRICE);
        assertThat(payment.amounts().fee()).isEqualTo(Money.parse("USD 25.00"));
        assertThat(payment.amounts().payout()).isEqualTo(Money.parse("USD 100.00"));
        assertThat(payment.amounts().refunded().isZero()).isTrue();
        assertThat(payment.attempt().number()).isOne();
        assertThat(payment.atStripe().isKnown()).isFalse();
        assertThat(payment.attempt().checkAt()).isAfter(NOW).isBefore(NOW.plus(Duration.ofMinutes(1)));
    }

    @Test
    void completesWithWhatStripeTells() {
        Transaction payment = SomePayment.in(FAILED);

        payment.complete(intent("succeeded"), NOW);

        assertThat(payment.status().isPaid()).isTrue();
        assertThat(payment.paymentIntent()).isEqualTo("pi_1");
        assertThat(payment.atStripe().charge()).isEqualTo("ch_1");
        assertThat(payment.attempt().failure()).isNull();
    }

    @ParameterizedTest
    @CsvSource({ "amount_received, 15000, 150.00 USD with a fee of 25.00 USD for acct_1, 125.00",
            "amount_received, 10000, 100.00 USD with a fee of 25.00 USD for acct_1, 75.00",
            "amount_received, 2000, 20.00 USD with a fee of 20.00 USD for acct_1, 0.00",
            "application_fee_amount, 3000, 125.00 USD with a fee of 30.00 USD for acct_1, 95.00",
            "application_fee_amount, null, 125.00 USD with a fee of 0.00 USD for acct_1, 125.00",
            "currency, eur, 125.00 EUR with a fee of 25.00 EUR for acct_1, 100.00",
            "destination, acct_2, 125.00 USD with a fee of 25.00 USD for acct_2, 0.00",
            "destination, null, 125.00 USD with a fee of 25.00 USD for nobody, 0.00",
            "transfer_amount, 9000, 125.00 USD with a fee of 25.00 USD for nobody, 0.00" })
    void holdsWhatWasTakenOtherwise(String what, String value, String taken, String payout) {
        StripePaymentIntent intent = SomePayment.intent("succeeded", what, value);
        Transaction payment = SomePayment.pending();

        assertThat(Taken.isAsAgreed(payment, intent)).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> payment.complete(intent, NOW));
        payment.hold(intent, Taken.agreed(payment), NOW, NOW);

        assertThat(payment.status().isPaid()).isTrue();
        assertThat(payment.completion().isHeld()).isTrue();
        assertThat(payment.completion().mismatch())
                .isEqualTo("taken " + taken + " by pi_1, agreed 125.00 USD with a fee of 25.00 USD for acct_1");
        assertThat(payment.amount()).isEqualTo(intent.amountReceived());
        assertThat(payment.amounts().payout().getAmount()).isEqualByComparingTo(payout);
        assertThat(payment.reachedCoach()).isEqualTo(taken.endsWith("acct_1"));
        assertThat(payment.amounts().split().price()).isEqualTo(payment.amount());
    }

    /** The platform keeps all of a payment without a destination. */
    @ParameterizedTest
    @NullSource
    @ValueSource(ints = 9000)
    void holdsWhatWentOnAlthoughThePlatformWasToKeepIt(Integer part) {
        Transaction payment = SomePayment.ordered(Purpose.SESSION_PAYMENT, null);
        StripePaymentIntent wentOn = SomePayment.withoutFee(part);

        assertThat(Taken.isAsAgreed(payment, SomePayment.withoutFee(0))).isTrue();
        assertThat(Taken.isAsAgreed(payment, wentOn)).isFalse();
        payment.hold(wentOn, Taken.agreed(payment), NOW, NOW);

        assertThat(payment.reachedCoach()).isFalse();
        assertThat(payment.completion().mismatch()).endsWith("agreed 125.00 USD with a fee of 0.00 USD for nobody");
    }

    @ParameterizedTest
    @EnumSource(PaymentStatus.class)
    void followsItsEdgesAndNoOthers(PaymentStatus from) {
        attempts(from, PROCESSING, payment -> payment.process(intent("processing")));
        attempts(from, COMPLETED, payment -> payment.complete(intent("succeeded"), NOW));
        attempts(from, FAILED, payment -> payment.fail(new DeclineReason("card_declined", null, null)));
        attempts(from, CANCELED, Transaction::cancel);
        attempts(from, PENDING, payment -> payment.retry(PaymentAttempt.Method.SAVED_CARD, "pm_2", NOW));
        attempts(from, PARTIALLY_REFUNDED, payment -> payment.refunded(Money.parse("USD 0.01")));
        attempts(from, REFUNDED, payment -> payment.refunded(PRICE));
    }

    @Test
    void countsEachRetry() {
        Transaction payment = SomePayment.in(FAILED);
        payment.atStripe().linkPaymentIntent("pi_1");

        payment.retry(PaymentAttempt.Method.SAVED_CARD, "pm_2", NOW);

        assertThat(payment.attempt().number()).isEqualTo(2);
        assertThat(payment.attempt().method()).isEqualTo(PaymentAttempt.Method.SAVED_CARD);
        assertThat(payment.atStripe().paymentMethod()).isEqualTo("pm_2");
    }

    @Test
    void keepsItsKeyUntilStripeKnowsIt() {
        Transaction payment = SomePayment.pending();

        payment.retry(PaymentAttempt.Method.SAVED_CARD, "pm_2", NOW);

        assertThat(payment.attempt().number()).isEqualTo(1);
        assertThat(payment.atStripe().isFor("pm_2")).isTrue();
        assertThat(payment.atStripe().isFor("pm_3")).isFalse();
    }

    @Test
    void isOnePaymentAtStripe() {
        Transaction payment = SomePayment.pending();
        payment.atStripe().linkPaymentIntent("pi_1");
        payment.atStripe().linkPaymentIntent("pi_1");

        assertThatThrownBy(() -> payment.atStripe().linkPaymentIntent("pi_2")).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("pi_1").hasMessageContaining("pi_2");
    }

    @ParameterizedTest
    @ValueSource(strings = { "USD -0.01", "USD 125.01", "USD 1000000.00" })
    void refusesRefundsOfMoreThanWasPaid(String total) {
        Transaction payment = SomePayment.in(COMPLETED);

        assertThatThrownBy(() -> payment.refunded(Money.parse(total))).isInstanceOf(IllegalArgumentException.class);
        assertThat(payment.status()).isEqualTo(COMPLETED);
        assertThat(payment.amounts().refunded().isZero()).isTrue();
    }

    @Test
    void followsHowMuchWasRefunded() {
        Transaction payment = SomePayment.in(COMPLETED);

        payment.refunded(Money.parse("USD 124.99"));
        assertThat(payment.status()).isEqualTo(PARTIALLY_REFUNDED);
        payment.refunded(PRICE);
        assertThat(payment.status()).isEqualTo(REFUNDED);
        payment.refunded(Money.parse("USD 0.00"));
        assertThat(payment.status()).isEqualTo(COMPLETED);
        assertThat(payment.status().isPaid()).isTrue();
    }

    @Test
    void refusesRefundsOfWhatWasNotPaid() {
        Transaction payment = SomePayment.pending();

        assertThatThrownBy(() -> payment.refunded(Money.parse("USD 1.00"))).isInstanceOf(IllegalStateException.class);
        assertThat(payment.amounts().refunded().isZero()).isTrue();
    }

    @Test
    void completesLateWithoutBuyingWhatAnotherPaymentBought() {
        Transaction payment = SomePayment.in(CANCELED);

        payment.completeLate(intent("succeeded"), NOW, true, NOW.plusSeconds(1));

        assertThat(payment.status()).isEqualTo(COMPLETED);
        assertThat(payment.completion().isSurplus()).isTrue();
        assertThat(payment.completion().completedAt()).isEqualTo(NOW);
    }

    @Test
    void isLateOnlyOnceCancelled() {
        Transaction payment = SomePayment.in(PROCESSING);

        assertThatIllegalStateException().isThrownBy(() -> payment.completeLate(intent("succeeded"), NOW, false, NOW));
        assertThat(payment.completion().completedAt()).isNull();
    }

    /** The row is another one, on the terms of the same order. */
    @Test
    void isMadeAgainOnTheSameTerms() {
        Transaction payment = SomePayment.in(PARTIALLY_REFUNDED);

        Transaction other = payment.another(NOW.plusSeconds(1));

        assertThat(other.id()).isNotEqualTo(payment.id());
        assertThat(other.terms()).isEqualTo(payment.terms());
        assertThat(Taken.agreed(other).isLike(Taken.agreed(payment))).isTrue();
        assertThat(other.amounts().refunded().isZero()).isTrue();
        assertThat(other.status()).isEqualTo(PENDING);
        assertThat(other.atStripe().customer()).isEqualTo("cus_1");
        assertThat(other.atStripe().isKnown()).isFalse();
    }

    @Test
    void belongsToItsPayerAndItsCoachAlone() {
        Transaction payment = SomePayment.pending();
        Transaction kept = SomePayment.ordered(Purpose.SESSION_PAYMENT, null);

        assertThat(payment.terms().isBetween(payment.terms().payerId())).isTrue();
        assertThat(payment.terms().isBetween(payment.coachId())).isTrue();
        assertThat(payment.terms().isBetween(payment.id())).isFalse();
        assertThatIllegalStateException().isThrownBy(kept::coachId);
        assertThatIllegalStateException().isThrownBy(kept::destinationAccount);
    }

    @Test
    void isOverAtItsEnd() {
        PaymentTerms terms = SomePayment.pending().terms();

        assertThat(terms.isOver(terms.expiresAt().minusMillis(1))).isFalse();
        assertThat(terms.isOver(terms.expiresAt())).isTrue();
    }

    @Test
    void isNeitherPaidNorHeldWhileTheBankTakesItsTime() {
        Transaction payment = SomePayment.in(PROCESSING);

        assertThat(payment.status().isPaid()).isFalse();
        assertThat(payment.completion().isHeld()).isFalse();
        assertThat(payment.atStripe().charge()).isEqualTo("ch_1");
    }

    private static void attempts(PaymentStatus from, PaymentStatus to, Consumer<Transaction> change) {
        Transaction payment = SomePayment.in(from);
        if (from == to || from.next().contains(to)) {
            change.accept(payment);
            assertThat(payment.status()).isEqualTo(to);
            return;
        }
        assertThatThrownBy(() -> change.accept(payment)).as(from + " to " + to).isInstanceOf(IllegalStateException.class);
        assertThat(payment.status()).isEqualTo(from);
    }
}
