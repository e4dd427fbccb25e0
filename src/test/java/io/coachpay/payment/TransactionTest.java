package io.coachpay.payment;

import static io.coachpay.payment.SomePayment.NOW;
import static io.coachpay.payment.SomePayment.PRICE;
import static io.coachpay.payment.SomePayment.intent;
import static io.coachpay.payment.Transaction.Status.CANCELED;
import static io.coachpay.payment.Transaction.Status.COMPLETED;
import static io.coachpay.payment.Transaction.Status.FAILED;
import static io.coachpay.payment.Transaction.Status.PARTIALLY_REFUNDED;
import static io.coachpay.payment.Transaction.Status.PENDING;
import static io.coachpay.payment.Transaction.Status.PROCESSING;
import static io.coachpay.payment.Transaction.Status.REFUNDED;
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

import io.coachpay.payment.Transaction.Status;
import io.coachpay.stripe.StripePaymentIntent;

class TransactionTest {

    @Test
    void beginsWithTheSplitOfItsOrder() {
        Transaction payment = SomePayment.pending();

        assertThat(payment.status()).isEqualTo(PENDING);
        assertThat(payment.amount()).isEqualTo(PRICE);
        assertThat(payment.platformFee()).isEqualTo(Money.parse("USD 25.00"));
        assertThat(payment.coachPayout()).isEqualTo(Money.parse("USD 100.00"));
        assertThat(payment.refundedAmount().isZero()).isTrue();
        assertThat(payment.attempt()).isOne();
        assertThat(payment.isAtStripe()).isFalse();
        assertThat(payment.checkAt()).isAfter(NOW).isBefore(NOW.plus(Duration.ofMinutes(1)));
    }

    @Test
    void completesWithWhatStripeTells() {
        Transaction payment = SomePayment.in(FAILED);

        payment.complete(intent("succeeded"), NOW);

        assertThat(payment.isPaid()).isTrue();
        assertThat(payment.paymentIntent()).isEqualTo("pi_1");
        assertThat(payment.charge()).isEqualTo("ch_1");
        assertThat(payment.failure()).isNull();
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

        assertThat(payment.isAsAgreed(intent)).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> payment.complete(intent, NOW));
        payment.hold(intent, payment.agreed(), NOW, NOW);

        assertThat(payment.isPaid()).isTrue();
        assertThat(payment.isHeld()).isTrue();
        assertThat(payment.mismatch())
                .isEqualTo("taken " + taken + " by pi_1, agreed 125.00 USD with a fee of 25.00 USD for acct_1");
        assertThat(payment.amount()).isEqualTo(intent.amountReceived());
        assertThat(payment.coachPayout().getAmount()).isEqualByComparingTo(payout);
        assertThat(payment.reachedCoach()).isEqualTo(taken.endsWith("acct_1"));
        assertThat(payment.split().price()).isEqualTo(payment.amount());
    }

    /** The platform keeps all of a payment without a destination. */
    @ParameterizedTest
    @NullSource
    @ValueSource(ints = 9000)
    void holdsWhatWentOnAlthoughThePlatformWasToKeepIt(Integer part) {
        Transaction payment = SomePayment.ordered(Purpose.SESSION_PAYMENT, null);
        StripePaymentIntent wentOn = SomePayment.withoutFee(part);

        assertThat(payment.isAsAgreed(SomePayment.withoutFee(0))).isTrue();
        assertThat(payment.isAsAgreed(wentOn)).isFalse();
        payment.hold(wentOn, payment.agreed(), NOW, NOW);

        assertThat(payment.reachedCoach()).isFalse();
        assertThat(payment.mismatch()).endsWith("agreed 125.00 USD with a fee of 0.00 USD for nobody");
    }

    @ParameterizedTest
    @EnumSource(Status.class)
    void followsItsEdgesAndNoOthers(Status from) {
        attempts(from, PROCESSING, payment -> payment.process(intent("processing")));
        attempts(from, COMPLETED, payment -> payment.complete(intent("succeeded"), NOW));
        attempts(from, FAILED, payment -> payment.fail(new DeclineReason("card_declined", null, null)));
        attempts(from, CANCELED, Transaction::cancel);
        attempts(from, PENDING, payment -> payment.retry(Transaction.Method.SAVED_CARD, "pm_2", NOW));
        attempts(from, PARTIALLY_REFUNDED, payment -> payment.refunded(Money.parse("USD 0.01")));
        attempts(from, REFUNDED, payment -> payment.refunded(PRICE));
    }

    @Test
    void countsEachRetry() {
        Transaction payment = SomePayment.in(FAILED);
        payment.linkPaymentIntent("pi_1");

        payment.retry(Transaction.Method.SAVED_CARD, "pm_2", NOW);

        assertThat(payment.attempt()).isEqualTo(2);
        assertThat(payment.method()).isEqualTo(Transaction.Method.SAVED_CARD);
        assertThat(payment.savedCard()).isEqualTo("pm_2");
    }

    @Test
    void keepsItsKeyUntilStripeKnowsIt() {
        Transaction payment = SomePayment.pending();

        payment.retry(Transaction.Method.SAVED_CARD, "pm_2", NOW);

        assertThat(payment.attempt()).isEqualTo(1);
        assertThat(payment.isTriedWith(Transaction.Method.SAVED_CARD, "pm_2")).isTrue();
        assertThat(payment.isTriedWith(Transaction.Method.SAVED_CARD, "pm_3")).isFalse();
    }

    @Test
    void isOnePaymentAtStripe() {
        Transaction payment = SomePayment.pending();
        payment.linkPaymentIntent("pi_1");
        payment.linkPaymentIntent("pi_1");

        assertThatThrownBy(() -> payment.linkPaymentIntent("pi_2")).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("pi_1").hasMessageContaining("pi_2");
    }

    @ParameterizedTest
    @ValueSource(strings = { "USD -0.01", "USD 125.01", "USD 1000000.00" })
    void refusesRefundsOfMoreThanWasPaid(String total) {
        Transaction payment = SomePayment.in(COMPLETED);

        assertThatThrownBy(() -> payment.refunded(Money.parse(total))).isInstanceOf(IllegalArgumentException.class);
        assertThat(payment.status()).isEqualTo(COMPLETED);
        assertThat(payment.refundedAmount().isZero()).isTrue();
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
        assertThat(payment.isPaid()).isTrue();
    }

    @Test
    void refusesRefundsOfWhatWasNotPaid() {
        Transaction payment = SomePayment.pending();

        assertThatThrownBy(() -> payment.refunded(Money.parse("USD 1.00"))).isInstanceOf(IllegalStateException.class);
        assertThat(payment.refundedAmount().isZero()).isTrue();
    }

    @Test
    void isNeitherPaidNorHeldWhileTheBankTakesItsTime() {
        Transaction payment = SomePayment.in(PROCESSING);

        assertThat(payment.isPaid()).isFalse();
        assertThat(payment.isHeld()).isFalse();
        assertThat(payment.charge()).isEqualTo("ch_1");
    }

    private static void attempts(Status from, Status to, Consumer<Transaction> change) {
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
