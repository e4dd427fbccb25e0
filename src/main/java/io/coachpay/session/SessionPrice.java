package io.coachpay.session;

import java.math.BigDecimal;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;

import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.joda.money.Money;

import io.coachpay.money.Split;
import io.coachpay.money.StripeCurrencies;

/**
 * A session's price with its parts and the terms it was computed from, frozen at booking.
 *
 * @param price what the mentee pays, in the currency's major unit as the other amounts are
 * @param fee what the platform keeps
 * @param payout what the coach gets
 * @param feePercentage of the price, 0 to 100
 * @param feeSource the percentage's origin
 */
@Embeddable
record SessionPrice(@Column(name = "price_amount", updatable = false) BigDecimal price,
        @Column(columnDefinition = "bpchar(3)", updatable = false) @JdbcTypeCode(SqlTypes.CHAR) String currency,
        @Column(name = "platform_fee_amount", updatable = false) BigDecimal fee,
        @Column(name = "coach_payout_amount", updatable = false) BigDecimal payout,
        @Column(name = "hourly_rate", updatable = false) BigDecimal hourlyRate,
        @Column(name = "platform_fee_percentage", updatable = false) BigDecimal feePercentage,
        @Enumerated(EnumType.STRING) @Column(name = "fee_source", updatable = false) FeeSource feeSource) {

    static SessionPrice of(Booking booking) {
        Split split = booking.split();
        return new SessionPrice(split.price().getAmount(), split.price().getCurrencyUnit().getCode(), split.fee().getAmount(),
                split.payout().getAmount(), booking.hourlyRate().getAmount(), booking.fee().percentage(),
                booking.fee().source());
    }

    Split split() {
        return new Split(money(price), money(fee), money(payout));
    }

    private Money money(BigDecimal amount) {
        return StripeCurrencies.of(currency).of(amount);
    }
}
