package io.coachpay.money;

import org.joda.money.Money;

/**
 * An amount or a currency that is not accepted. Each reason is a type of its own, so that the edge answers with the right
 * problem: {@link Malformed} for bad notation (400), {@link NotChargeable} for well written money that Stripe does not charge
 * (422). Messages are meant for the caller and hold nothing secret.
 */
public abstract sealed class MoneyRefused extends RuntimeException {

    private MoneyRefused(String message) {
        super(message);
    }

    /** The last part of the problem's type, such as {@code amount-not-chargeable}. */
    public abstract String problem();

    /** The text is not money as the API writes it: a 400 that names the field. */
    public abstract static sealed class Malformed extends MoneyRefused {
        private Malformed(String message) {
            super(message);
        }
    }

    /** Well written money, but Stripe does not charge such an amount: a 422. */
    public abstract static sealed class NotChargeable extends MoneyRefused {
        private NotChargeable(String message) {
            super(message);
        }
    }

    /** Not one of the currencies that Stripe charges in. */
    public static final class UnknownCurrency extends Malformed {
        UnknownCurrency() {
            super("must be an upper-case three-letter code of a currency that Stripe charges in");
        }

        @Override
        public String problem() {
            return "unknown-currency";
        }
    }

    /** Not a plain decimal number: a sign, an exponent, a space, a needless zero, too long, or nothing at all. */
    public static final class MalformedAmount extends Malformed {
        MalformedAmount() {
            super("must be a plain decimal number such as \"125.00\", with at most " + MoneyText.MAX_WHOLE_DIGITS
                    + " digits before the point");
        }

        @Override
        public String problem() {
            return "malformed-amount";
        }
    }

    /** An amount in a request is never negative; the field's name says who owes whom. */
    public static final class NegativeAmount extends Malformed {
        NegativeAmount() {
            super("must not be negative");
        }

        @Override
        public String problem() {
            return "negative-amount";
        }
    }

    /** More or fewer digits after the point than the currency has. */
    public static final class WrongDigits extends Malformed {
        WrongDigits(StripeCurrency currency) {
            super("must have exactly " + currency.digits() + " digits after the point in " + currency.code());
        }

        @Override
        public String problem() {
            return "wrong-digits";
        }
    }

    /** Not a whole multiple of Stripe's charge unit, as 0.005 KWD where the unit is 0.010. */
    public static final class OffUnit extends NotChargeable {
        OffUnit(Money amount, Money unit) {
            super(amount + " is not a multiple of " + unit + ", the smallest step Stripe takes");
        }

        @Override
        public String problem() {
            return "amount-not-chargeable";
        }
    }

    /** Below the smallest charge Stripe makes in the currency. */
    public static final class TooSmall extends NotChargeable {
        TooSmall(Money amount, Money minimum) {
            super(amount + " is below " + minimum + ", the smallest charge in this currency");
        }

        @Override
        public String problem() {
            return "amount-too-small";
        }
    }

    /** Above the largest charge Stripe makes in the currency. */
    public static final class TooLarge extends NotChargeable {
        TooLarge(Money amount, Money maximum) {
            super(amount + " is above " + maximum + ", the largest charge in this currency");
        }

        @Override
        public String problem() {
            return "amount-too-large";
        }
    }

    /** A number from Stripe that is not money in the currency it names: Stripe's table of currencies and ours differ. */
    public static final class NotStripeAmount extends MoneyRefused {
        NotStripeAmount(long minor, String currency) {
            super(minor + " is not an amount of Stripe's in " + currency);
        }

        @Override
        public String problem() {
            return "not-a-stripe-amount";
        }
    }
}
