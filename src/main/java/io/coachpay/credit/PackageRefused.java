package io.coachpay.credit;

import org.joda.money.Money;

import io.coachpay.http.Refused;
import io.coachpay.money.Credits;

/** Refusals to administrators who manage packages. */
abstract class PackageRefused extends Refused {

    private PackageRefused(String name, int status, String title, String detail) {
        super(name, status, title, detail);
    }

    /** A buyer would get less than what they pay. */
    static final class CreditsBelowPrice extends PackageRefused {
        CreditsBelowPrice(Credits credits, Money price) {
            super("credits-below-price", 422, "Credits below price",
                    credits + " credits are worth less than " + price + ": a credit is worth 1.00");
        }
    }

    /** Credits are sold in one currency. */
    static final class OtherCurrency extends PackageRefused {
        OtherCurrency(Money price) {
            super("currency-not-for-credits", 422, "No credits in this currency",
                    "Credits are sold in " + Credits.CURRENCY + " alone, not in " + price.getCurrencyUnit());
            with("currency", price.getCurrencyUnit().getCode());
        }
    }

    /** Another administrator was faster. */
    static final class Changed extends PackageRefused {
        Changed() {
            super("package-changed", 409, "Package changed",
                    "The package was changed since the time in updatedAt: read it again, and decide again");
        }
    }
}
