package io.coachpay.credit;

import org.joda.money.CurrencyUnit;

import io.coachpay.http.Refused;
import io.coachpay.money.Credits;

/** Refusals of a purchase of credits, of paying with them, and of an administrator's adjustment. */
public abstract class CreditRefused extends Refused {

    private CreditRefused(String name, int status, String title, String detail) {
        super(name, status, title, detail);
    }

    /** The platform would owe more credits than it allows itself to. */
    static final class CapacityExceeded extends CreditRefused {
        CapacityExceeded(Credits available) {
            super("capacity-exceeded", 409, "Not so many credits now",
                    available + " credits can be bought at the moment; a smaller package may fit, or ask again later");
            with("available", available.toString());
        }
    }

    /** The buyer has as many open pages as one may. */
    static final class TooManyOpenCheckouts extends CreditRefused {
        TooManyOpenCheckouts(int most) {
            super("too-many-open-checkouts", 409, "Too many open purchases",
                    "You have " + most + " purchases that are not paid; pay one of them, or wait until they end");
            with("most", most);
        }
    }

    /** The wallet holds too few credits. */
    static final class Insufficient extends CreditRefused {
        Insufficient(Credits missing) {
            super("credits-insufficient", 422, "Not enough credits", missing + " credits are missing");
            with("missing", missing.toString());
        }
    }

    /** The user owes credits, since money for those spent went back. */
    static final class InDebt extends CreditRefused {
        InDebt(Credits debt) {
            super("credit-debt", 409, "Credits are owed",
                    debt + " credits are owed, since the money for them went back; buy credits, or pay in another way");
            with("debt", debt.toString());
        }
    }

    /** The session's price is in a currency that credits are not worth anything in. */
    static final class OtherCurrency extends CreditRefused {
        OtherCurrency(CurrencyUnit currency) {
            super("currency-not-payable-with-credits", 422, "Not payable with credits",
                    "A price in " + currency + " cannot be paid with credits, which are worth " + Credits.CURRENCY);
        }
    }

    /** More credits are to be taken than the wallet holds. */
    static final class ExceedsBalance extends CreditRefused {
        ExceedsBalance(Credits balance) {
            super("exceeds-balance", 422, "More than the balance", "The wallet holds " + balance + " credits");
            with("balance", balance.toString());
        }
    }

    /** One call adjusts more than it may. */
    static final class AdjustmentTooLarge extends CreditRefused {
        AdjustmentTooLarge(Credits most) {
            super("adjustment-too-large", 422, "Too large an adjustment", "One adjustment moves " + most + " credits at most");
            with("most", most.toString());
        }
    }
}
