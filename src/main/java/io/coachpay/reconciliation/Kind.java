package io.coachpay.reconciliation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;

/** The kinds of findings: the comparison that found a difference. */
public enum Kind {

    /** The entries of a currency do not sum to zero. */
    ENTRIES(true),
    /** The kept balance of an account is not the sum of its entries. */
    KEPT_BALANCE(true),
    /** A coach's pending funds are not what the account's balance transactions say. */
    PENDING(true),
    /** A coach's available funds are not what the account's balance transactions say. */
    AVAILABLE(true),
    /** Money on its way to a coach's bank is not the sum of the payouts on their way. */
    IN_TRANSIT(true),
    /** Money that has arrived there is not the sum of the payouts paid. */
    PAID_OUT(true),
    /** The platform's own accounts are not what its balance transactions say. */
    PLATFORM(true),
    /** The balance transactions imported do not sum to the balance that Stripe reports: some are missing, or should not be. */
    IMPORTED(true),
    /** Stripe counts other balance transactions as available than their days say. */
    RELEASED(true),

    /** A balance transaction without a journal. */
    UNBOOKED(false),
    /** A balance transaction of a type that nobody here knows. */
    UNKNOWN_TYPE(false),
    /** Journals without a balance transaction. */
    UNTOLD(false),
    /** The journals about an object move another amount than its balance transactions. */
    UNEQUAL(false),
    /** A balance transaction's money should have been moved from pending to available, or back. */
    UNMOVED(false),

    /** A refund that neither its reversal nor its fee refund has met: the platform bears the rest. */
    REFUND_CLEARING(false),
    /** Money is still to be moved between the platform and a coach, and waits for Stripe. */
    WAITING_STEP(false),
    /** Money was to be moved between the platform and a coach, and Stripe refused. */
    REFUSED_STEP(false),
    /** Stripe refused to give a payer the money back. */
    REFUSED_REFUND(false),
    /** A payer waits for a refund: for funds, or for longer than Stripe should need. */
    WAITING_REFUND(false),
    /** A refund that is due to a payer did not get there. */
    FAILED_REFUND(false),
    /** A refund failed that had taken something from its coach, and nobody has decided what of that goes back. */
    UNREPAID_REFUND(false),
    /** Stripe refused to pay a coach out. */
    REFUSED_PAYOUT(false),
    /** The fee of an instant payout is still to be taken from its coach. */
    WAITING_PAYOUT_FEE(false),
    /** Stripe refused to take the fee of an instant payout from its coach: the platform bears it. */
    REFUSED_PAYOUT_FEE(false),
    /** Stripe refused a payment itself, rather than a bank the card, and nobody has paid for that session since. */
    REFUSED_PAYMENT(false),
    /** A payment is not the one agreed, and has not gone back. */
    AMOUNT_MISMATCH(false),
    /** A payment succeeded although Stripe had ended it before. */
    LATE_PAYMENT(false),
    /** A page at Stripe is complete, and nobody has paid on it. */
    UNPAID_PAGE(false),
    /**
     * A refund of an invoice has no credit note, as Stripe made none; or it failed, and its credit note says that it did not.
     */
    CREDIT_NOTE(false),
    /** Somebody made a subscription at Stripe for a customer of ours: it is paid, and gives nothing here. */
    FOREIGN_SUBSCRIPTION(false),
    /** Stripe does not have a subscription any more that it made for us. */
    MISSING_SUBSCRIPTION(false),
    /** A second subscription was paid with its owner's credit balance, which no refund brings back. */
    SURPLUS_BALANCE(false),
    /** A slot is held long after its time, as Stripe does not end the payment. */
    STUCK_HOLD(false),
    /** A payout is long overdue: it should have arrived, or been made. */
    OVERDUE_PAYOUT(false),
    /** Stripe settled a payment in another currency. */
    CONVERTED(false),
    /** Somebody gave an account's payouts back to Stripe. */
    PAYOUTS_GIVEN_BACK(false),
    /** No payment reaches a coach who is set up for it: Stripe refuses them, or the country is out of reach. */
    UNREACHABLE_COACH(false),
    /** A coach owes the platform: more went back to payers than the coach has. */
    COACH_DEBT(false),
    /** There is money in an account that its coach has disconnected. */
    DEAUTHORIZED(false),
    /** An account's balance transactions cannot be read. */
    IMPORT_FAILED(false),
    /** One of them is not understood, and was set aside. */
    UNREADABLE_LINE(false),
    /** One of them is understood, and our books refuse it. */
    UNBOOKABLE_LINE(false),
    /** Stripe's balance of an account is not understood. */
    UNREADABLE_BALANCE(false),
    /** Somebody changed the billing portal's configuration at Stripe. */
    PORTAL_CHANGED(false),
    /** An account's events cannot be listed, so missed webhooks of it are not found. */
    LISTING_FAILED(false),
    /** An event was given up, and nobody replayed it before its payload was emptied. */
    LOST_EVENT(false);

    private final boolean drift;

    Kind(boolean drift) {
        this.drift = drift;
    }

    /** Whether a balance of ours differs from Stripe's. The findings that explain such a difference do not count as drift. */
    boolean isDrift() {
        return drift;
    }

    /** The kinds by which a balance differs, as the database writes them. */
    static List<String> drifts() {
        return Arrays.stream(values()).filter(Kind::isDrift).map(Kind::code).toList();
    }

    /** Its name in the database and on the wire. */
    @JsonValue
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
