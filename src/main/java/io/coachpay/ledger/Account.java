package io.coachpay.ledger;

import java.util.Locale;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * An account of the ledger; with a currency beside it, one row of {@code ledger_accounts}.
 *
 * @param kind what the account is for
 * @param owner the coach or the user it belongs to; null for a shared account
 */
public record Account(Kind kind, @Nullable UUID owner) {

    /** The chart of accounts. Positive entries credit an account: we owe its owner, or it is income. */
    public enum Kind {
        /** What a coach has earned and Stripe has not made available yet. */
        COACH_PENDING(true),
        /** What a coach can be paid out. */
        COACH_AVAILABLE(true),
        /** On its way to a coach's bank. */
        COACH_IN_TRANSIT(true),
        /** Arrived at a coach's bank. */
        COACH_PAID_OUT(true),
        /** The world outside: payers, banks and Stripe's own pocket. */
        EXTERNAL(false),
        /** Where one currency became another, at Stripe and at its rate. */
        FX(false),
        /** Platform fees earned. */
        PLATFORM_REVENUE(false),
        /** The platform's own bank, as far as it was filled from or has filled the balance at Stripe. */
        PLATFORM_BANK(false),
        /** What Stripe charged the platform. */
        STRIPE_FEES(false),
        /** What payers' banks took back, until coaches or Stripe have made up for it. */
        DISPUTE_LOSSES(false),
        /** Refunds on their way through, until reversal and fee refund have met them; what stays was borne by the platform. */
        REFUND_CLEARING(false),
        /**
         * What Stripe did to the platform's balance that is no fact of the business: a coach's debt that it cleared, goodwill.
         */
        PLATFORM_ADJUSTMENTS(false);

        private final boolean owned;

        Kind(boolean owned) {
            this.owned = owned;
        }

        /** Whether each account of this kind belongs to somebody and keeps a running balance. */
        public boolean owned() {
            return owned;
        }

        /** The kind as the database writes it. */
        public String column() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Account {
        if (kind.owned() != (owner != null)) {
            throw new IllegalArgumentException(kind + (kind.owned() ? " belongs to somebody" : " belongs to nobody"));
        }
    }

    static Account of(Kind kind, UUID owner) {
        return new Account(kind, owner);
    }

    static Account shared(Kind kind) {
        return new Account(kind, null);
    }
}
