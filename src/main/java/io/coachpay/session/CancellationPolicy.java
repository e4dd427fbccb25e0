package io.coachpay.session;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.joda.money.Money;

import io.coachpay.money.Share;

/**
 * What a mentee who cancels gets back, as it was agreed at booking.
 *
 * @param freeHours everything until so many hours before the start
 * @param latePercentage this share of the price afterwards
 */
@Embeddable
record CancellationPolicy(@Column(name = "free_cancellation_hours") int freeHours,
        @Column(name = "late_cancellation_refund_percentage") BigDecimal latePercentage) {

    /** What goes back of this price; nothing is zero. */
    Money refund(Money price, Instant startsAt, Instant now) {
        boolean early = !now.isAfter(startsAt.minus(Duration.ofHours(freeHours)));
        return early ? price : Share.percent(price, latePercentage);
    }
}
