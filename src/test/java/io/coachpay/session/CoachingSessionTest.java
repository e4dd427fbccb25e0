package io.coachpay.session;

import static io.coachpay.session.SessionStatus.CANCELLED;
import static io.coachpay.session.SessionStatus.COMPLETED;
import static io.coachpay.session.SessionStatus.CONFIRMED;
import static io.coachpay.session.SessionStatus.EXPIRED;
import static io.coachpay.session.SessionStatus.PENDING_PAYMENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.coachpay.money.Split;
import io.coachpay.payment.PaymentRefused;
import io.coachpay.payment.PaymentStatus;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;

class CoachingSessionTest {

    private static final Instant NOW = Instant.parse("2030-05-06T09:00:00Z");
    private static final SessionSettings SETTINGS = new SmallRyeConfigBuilder()
            .withConverter(Duration.class, 200, new DurationConverter()).withMapping(SessionSettings.class).build()
            .getConfigMapping(SessionSettings.class);

    private static final Duration LONGEST = SETTINGS.longestHold();

    private final CoachingSession session = CoachingSession.book(UUID.randomUUID(),
            new Booking(UUID.randomUUID(), UUID.randomUUID(),
                    NOW.plus(Duration.ofDays(3)), 75, Money.parse("USD 100.00"),
                    new PlatformFee(new BigDecimal("20.00"), FeeSource.PROFILE),
                    Split.of(Money.parse("USD 125.00"), new BigDecimal("20.00"))),
            SETTINGS, NOW);

    @Test
    void holdsItsSlotForHalfAnHour() {
        assertThat(session.status()).isEqualTo(PENDING_PAYMENT);
        assertThat(session.slot().endsAt()).isEqualTo(session.slot().startsAt().plus(Duration.ofMinutes(75)));
        assertThat(session.slot().isHoldOver(NOW.plus(Duration.ofMinutes(30)).minusMillis(1))).isFalse();
        assertThat(session.slot().isHoldOver(NOW.plus(Duration.ofMinutes(30)))).isTrue();
    }

    @Test
    void holdsLongerForAPaymentAndNeverShorter() {
        Instant end = NOW.plus(Duration.ofMinutes(31));

        session.holdUntil(end, LONGEST);
        session.holdUntil(NOW.plus(Duration.ofMinutes(5)), LONGEST);

        assertThat(session.slot().holdExpiresAt()).isEqualTo(end);
    }

    @Test
    void holdsForTwoHoursInAllHoweverOftenAPaymentBegins() {
        for (int minutes = 25; minutes < 180; minutes += 25) {
            session.holdUntil(NOW.plus(Duration.ofMinutes(minutes + 31)), LONGEST);
        }

        assertThat(session.slot().holdExpiresAt()).isEqualTo(NOW.plus(Duration.ofHours(2)));
    }

    @Test
    void asksForItsPaymentWhileItIsHeld() {
        assertThatCode(() -> session.requirePayable(NOW)).doesNotThrowAnyException();
        assertThatThrownBy(() -> session.requirePayable(NOW.plus(Duration.ofMinutes(30))))
                .isInstanceOf(SessionRefused.Expired.class);
    }

    @Test
    void asksForNothingOnceItHasBegunAndHoldsNoLongerThanThat() {
        session.holdUntil(NOW.plus(Duration.ofDays(4)), Duration.ofDays(5));

        assertThat(session.slot().holdExpiresAt()).isEqualTo(session.slot().startsAt());
        assertThatCode(() -> session.requirePayable(session.slot().startsAt().minusMillis(1))).doesNotThrowAnyException();
        assertThatThrownBy(() -> session.requirePayable(session.slot().startsAt()))
                .isInstanceOf(SessionRefused.BegunUnpaid.class);
    }

    @Test
    void asksForNothingOncePaid() {
        session.confirm("pi_1");

        assertThat(session.status()).isEqualTo(CONFIRMED);
        assertThat(session.slot().holdExpiresAt()).isNull();
        assertThatThrownBy(() -> session.requirePayable(NOW)).isInstanceOf(PaymentRefused.AlreadyPaid.class);
    }

    @Test
    void asksForNothingOnceExpired() {
        session.expire();

        assertThat(session.status()).isEqualTo(EXPIRED);
        assertThatThrownBy(() -> session.requirePayable(NOW)).isInstanceOf(SessionRefused.Expired.class);
    }

    @Test
    void takesPlaceAfterAllWhenPaidLate() {
        session.expire();

        session.confirm("pi_1");

        assertThat(session.status()).isEqualTo(CONFIRMED);
    }

    @Test
    void doesNotExpireOnceConfirmed() {
        session.confirm("pi_1");

        assertThatThrownBy(session::expire).isInstanceOf(IllegalStateException.class).hasMessageContaining("confirmed");
        assertThatThrownBy(() -> session.confirm("pi_2")).isInstanceOf(IllegalStateException.class);
        assertThat(session.status()).isEqualTo(CONFIRMED);
    }

    @Test
    void callsACompletedPaymentPaid() {
        session.payment().is(PaymentStatus.COMPLETED);
        assertThat(session.payment().status()).isEqualTo("paid");

        session.payment().is(PaymentStatus.PARTIALLY_REFUNDED);
        assertThat(session.payment().status()).isEqualTo("partially_refunded");
    }

    @Test
    void staysDisputedWhateverItsPaymentDoes() {
        session.payment().disputed(true, PaymentStatus.COMPLETED);

        session.payment().is(PaymentStatus.PARTIALLY_REFUNDED);
        assertThat(session.payment().status()).isEqualTo("disputed");

        session.payment().disputed(false, PaymentStatus.PARTIALLY_REFUNDED);
        assertThat(session.payment().status()).isEqualTo("partially_refunded");
    }

    @Test
    void isCancelledByTheMenteeBeforeItsStartAlone() {
        Instant start = session.slot().startsAt();

        assertThatCode(() -> session.requireCancellable(Party.MENTEE, start.minusMillis(1))).doesNotThrowAnyException();
        assertThatThrownBy(() -> session.requireCancellable(Party.MENTEE, start)).isInstanceOf(SessionRefused.Begun.class);
        assertThatCode(() -> session.requireCancellable(Party.COACH, start)).doesNotThrowAnyException();
    }

    @Test
    void isCancelledOnce() {
        session.cancel(Party.MENTEE, NOW);

        assertThat(session.status()).isEqualTo(CANCELLED);
        assertThat(session.cancelledAt()).isEqualTo(NOW);
        assertThat(session.cancelledBy()).isEqualTo("mentee");
        assertThatThrownBy(() -> session.cancel(Party.COACH, NOW)).isInstanceOf(SessionRefused.NotCancellable.class);
    }

    @Test
    void takesPlaceFromItsStartOn() {
        session.confirm("pi_1");
        assertThatThrownBy(() -> session.complete(session.slot().startsAt().minusMillis(1)))
                .isInstanceOf(SessionRefused.NotBegun.class);

        session.complete(session.slot().startsAt());

        assertThat(session.status()).isEqualTo(COMPLETED);
        assertThatThrownBy(() -> session.missed(session.slot().endsAt())).isInstanceOf(SessionRefused.NotConfirmed.class);
        assertThatThrownBy(() -> session.cancel(Party.COACH, session.slot().endsAt()))
                .isInstanceOf(SessionRefused.NotCancellable.class);
    }

    @Test
    void takesNoPlaceUnpaid() {
        assertThatThrownBy(() -> session.complete(session.slot().endsAt())).isInstanceOf(SessionRefused.NotConfirmed.class);
    }

    @ParameterizedTest
    @CsvSource({ "MENTEE, 25, 0, USD 125.00", "MENTEE, 24, 0, USD 125.00", "MENTEE, 23, 0, USD 0.00",
            "COACH, -1, 0, USD 125.00",
            "ADMIN, 1, 0, USD 125.00", "MENTEE, 1, 50, USD 62.50", "MENTEE, 1, 33.33, USD 41.66", "MENTEE, 1, 0.01, USD 0.01",
            "MENTEE, 1, 100, USD 125.00" })
    void givesBackWhatWasAgreed(Party by, int hoursBefore, BigDecimal latePercentage, String amount) {
        CancellationPolicy policy = new CancellationPolicy(24, latePercentage);
        Money price = Money.parse("USD 125.00");
        Instant start = session.slot().startsAt();

        Money refund = by == Party.MENTEE ? policy.refund(price, start, start.minus(Duration.ofHours(hoursBefore)))
                : session.refundTo(by, start.minus(Duration.ofHours(hoursBefore)));

        assertThat(refund).isEqualTo(Money.parse(amount));
    }
}
