package io.coachpay.reporting;

import java.util.Arrays;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** The kind of a line. Kinds with a journal are booked facts; the others make a page or a payout add up. */
enum LineKind {
    SESSION_PRICE("session_paid", Sum.SESSIONS, "Price of a session"),
    CREDIT_SESSION("session_paid_by_credits", Sum.SESSIONS, "Session paid with credits, less the platform's fee"),
    HELD_PAYMENT("payment_held", Sum.SESSIONS, "Paid otherwise than was agreed, and to go back"),
    PLATFORM_FEE(null, Sum.FEES, "The platform's fee"),
    REFUND("transfer_reversed", Sum.REFUNDS, "Refunded to the mentee"),
    FEE_REFUND("fee_refunded", Sum.REFUNDS, "The platform's fee, given back for a refund"),
    REFUND_REPAYMENT("refund_repaid", Sum.REFUNDS, "Given back, because a refund failed"),
    DISPUTE_RECOVERY("dispute_recovered", Sum.DISPUTES, "Taken back, because the payment is disputed"),
    DISPUTE_REPAYMENT("dispute_repaid", Sum.DISPUTES, "Given back, because the dispute was won"),
    PAYOUT("payout_created", Sum.PAYOUTS, "Paid out to the bank"),
    PAYOUT_FAILURE("payout_failed", Sum.PAYOUTS, "Came back, because a payout failed or was canceled"),
    INSTANT_FEE("instant_fee", Sum.PAYOUTS, "Fee for an instant payout"),
    CONVERSION("converted", Sum.OTHER, "Converted by Stripe"),
    ADJUSTMENT("adjusted", Sum.OTHER, "Sent, taken back or cleared at Stripe, for no payment in particular"),
    AVAILABILITY("funds_available", Sum.OTHER, "Between pending and available"),
    /** Booked, and of no kind that is shown apart. */
    OTHER(null, Sum.OTHER, "Something else"),
    /** All lines older than a page's. */
    CARRIED_FORWARD(null, Sum.OTHER, "Carried forward"),
    /** The part of a split line that belongs to another payout. */
    OTHER_PAYOUTS(null, Sum.OTHER, "The part of it that is in other payouts or still to be paid"),
    /** Items of the same payout that this page does not show. */
    OTHER_PAGES(null, Sum.OTHER, "On other pages"),
    /** A payout from Stripe's dashboard may pay more than was booked until then. */
    UNALLOCATED(null, Sum.OTHER, "Not allocated to anything yet");

    /** The sums of a statement. */
    enum Sum {
        SESSIONS,
        FEES,
        REFUNDS,
        DISPUTES,
        PAYOUTS,
        OTHER
    }

    private final @Nullable String journal;
    final Sum sum;
    final String text;

    LineKind(@Nullable String journal, Sum sum, String text) {
        this.journal = journal;
        this.sum = sum;
        this.text = text;
    }

    static LineKind ofJournal(String kind) {
        return Arrays.stream(values()).filter(known -> kind.equals(known.journal)).findFirst().orElse(OTHER);
    }

    static LineKind of(Line line) {
        return valueOf(line.kind().toUpperCase(Locale.ROOT));
    }

    String column() {
        return name().toLowerCase(Locale.ROOT);
    }
}
