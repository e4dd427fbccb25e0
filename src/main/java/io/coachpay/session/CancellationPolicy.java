package io.coachpay.session;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.joda.money.Money;

import io.coachpay.money.Share;

/**
 * The refund for a mentee who cancels, as agreed at booking.
 *
 * @param freeHours the full price goes back until so many hours before the start
 * @param latePercentage the share of the price that goes back afterwards, 0 to 100
 */
@Embeddable
record CancellationPolicy(@Column(name = "free_cancellation_hours", updatable = false) int freeHours,
        @Column(name = "late_cancellation_refund_percentage", updatable = false) BigDecimal latePercentage) {

    /** The refund of this price; it may be zero. */
    Money refund(Money price, Instant startsAt, Instant now) {
        boolean early = !now.isAfter(startsAt.minus(Duration.ofHours(freeHours)));
        return early ? price : Share.percent(price, latePercentage);
    }
}
