package io.coachpay.credit;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.money.Credits;
import io.coachpay.money.StripeCurrencies;

/**
 * The offer of a package to its next buyer.
 *
 * @param name on Stripe's page and in histories
 * @param price what a buyer pays
 * @param credits what a buyer gets: as many as the price is worth, or more
 * @param active whether it is for sale
 * @param sortOrder its place in the list, lowest first
 */
record PackageTerms(String name, @Nullable String description, Money price, Credits credits, boolean active, int sortOrder) {

    /**
     * Takes terms that may be sold.
     *
     * @throws PackageRefused for another currency than that of credits, and for fewer credits than the price is worth (422)
     * @throws MoneyRefused.NotChargeable for a price that Stripe does not charge (422)
     */
    PackageTerms {
        if (!price.getCurrencyUnit().equals(Credits.CURRENCY)) {
            throw new PackageRefused.OtherCurrency(price);
        }
        StripeCurrencies.of(price.getCurrencyUnit()).requireChargeable(price);
        if (credits.compareTo(Credits.of(price)) < 0) {
            throw new PackageRefused.CreditsBelowPrice(credits, price);
        }
    }
}
