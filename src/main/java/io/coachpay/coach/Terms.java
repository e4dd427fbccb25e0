package io.coachpay.coach;

import java.math.RoundingMode;
import java.time.ZoneId;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.InvalidField;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.money.StripeCurrency;

/**
 * A coach's terms of work, checked.
 *
 * @param hourlyRate chargeable by Stripe for any length of a session, up to a whole day
 * @param minimumPayout in the same currency; zero pays out any amount
 */
record Terms(@Nullable String headline, Money hourlyRate, ZoneId timeZone, PayoutSchedule payoutSchedule,
        Money minimumPayout) {

    /** Roughly, in US dollars. */
    private static final int USUAL_MINIMUM_PAYOUT = 100;
    /** A session of so many hours must still cost less than the largest charge. */
    private static final int LONGEST_CHARGE_HOURS = 24;

    Terms {
        requireReasonable(hourlyRate);
        if (!minimumPayout.isSameCurrency(hourlyRate)) {
            throw new InvalidField("minimumPayout.currency", "must be the currency of the hourly rate");
        }
        StripeCurrency currency = StripeCurrencies.of(hourlyRate.getCurrencyUnit());
        if (minimumPayout.isGreaterThan(currency.maximumCharge())) {
            throw new InvalidField("minimumPayout.amount", "must not be above " + currency.maximumCharge());
        }
    }

    /**
     * Checks the terms of a request; absent ones take their usual value.
     *
     * @throws InvalidField for an unknown time zone, or a minimum payout in another currency than the rate (400)
     * @throws MoneyRefused.NotChargeable for a rate that Stripe would not charge (422)
     */
    static Terms of(@Nullable String headline, Money hourlyRate, @Nullable String timeZone,
            @Nullable PayoutSchedule payoutSchedule, @Nullable Money minimumPayout) {
        return new Terms(headline == null ? null : headline.strip(), hourlyRate, zone(timeZone),
                payoutSchedule == null ? PayoutSchedule.INSTANT : payoutSchedule,
                minimumPayout == null ? usualMinimum(hourlyRate.getCurrencyUnit()) : minimumPayout);
    }

    private static Money usualMinimum(CurrencyUnit unit) {
        StripeCurrency currency = StripeCurrencies.of(unit);
        Money usual = currency.aboutADollar().multipliedBy(USUAL_MINIMUM_PAYOUT);
        return usual.isGreaterThan(currency.maximumCharge()) ? currency.maximumCharge() : usual;
    }

    /** Accepts names of places alone: an offset would not follow the coach through summer and winter. */
    private static ZoneId zone(@Nullable String name) {
        if (name == null) {
            return ZoneId.of("UTC");
        }
        if (!ZoneId.getAvailableZoneIds().contains(name)) {
            throw new InvalidField("timeZone", "must be a name of the IANA time zone database, such as Europe/Berlin");
        }
        return ZoneId.of(name);
    }

    private static void requireReasonable(Money hourlyRate) {
        StripeCurrency currency = StripeCurrencies.of(hourlyRate.getCurrencyUnit());
        currency.requireChargeable(hourlyRate);
        Money highest = currency.maximumCharge().dividedBy(LONGEST_CHARGE_HOURS, RoundingMode.DOWN);
        if (hourlyRate.isGreaterThan(highest)) {
            throw new InvalidField("hourlyRate.amount", "must not be above " + highest);
        }
    }
}
