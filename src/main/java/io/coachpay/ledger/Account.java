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
        /** Earned by a coach, not yet available at Stripe. */
        COACH_PENDING(true),
        /** Can be paid out to a coach. */
        COACH_AVAILABLE(true),
        /** On its way to a coach's bank. */
        COACH_IN_TRANSIT(true),
        /** Arrived at a coach's bank. */
        COACH_PAID_OUT(true),
        /** Credits in a user's wallet. */
        CREDITS(true),
        /** Credits that pay for a session which has not taken place, or whose coach is not paid yet. */
        DEFERRED(true),
        /** Credits that a user has spent and whose money went back; negative, and paid by the next ones. */
        CREDIT_DEBT(true),
        /** The world outside: payers, banks and Stripe's own pocket. */
        EXTERNAL(false),
        /** Exchange of one currency for another, at Stripe and at its rate. */
        FX(false),
        /** Platform fees earned. */
        PLATFORM_REVENUE(false),
        /** Credits that the platform gave beyond what was paid for them; negative. */
        PLATFORM_PROMOTIONS(false),
        /** The platform's own bank: payouts to it, less top-ups from it, as a negative figure. */
        PLATFORM_BANK(false),
        /** Stripe's charges to the platform. */
        STRIPE_FEES(false),
        /** Amounts that payers' banks took back, until coaches or Stripe have compensated for them. */
        DISPUTE_LOSSES(false),
        /** Refunds in progress, until reversal and fee refund have met them; the rest was borne by the platform. */
        REFUND_CLEARING(false),
        /** Taxes collected with subscriptions: owed to the state. */
        TAX_PAYABLE(false),
        /**
         * Changes that Stripe made to the platform's balance without a fact of the business: a coach's debt that it cleared,
         * goodwill.
         */
        PLATFORM_ADJUSTMENTS(false);

        private final boolean owned;

        Kind(boolean owned) {
            this.owned = owned;
        }

        /** Whether each account of this kind belongs to a person and keeps a running balance. */
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
