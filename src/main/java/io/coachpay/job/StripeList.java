package io.coachpay.job;

/** Lists that are read account by account, each from its own cursor on. */
public enum StripeList {
    /** Events, to find those whose webhook never came. */
    EVENTS("events"),
    /** Balance transactions: Stripe's own books. */
    BALANCE_TRANSACTIONS("balance_transactions"),
    /** Payouts, to find states whose webhook never came, and payouts made in Stripe's dashboard. */
    PAYOUTS("payouts"),
    /** Transfers of our payments that lack one; the cursor is a place among those payments. */
    TRANSFERS("transfers");

    private final String code;

    StripeList(String code) {
        this.code = code;
    }

    /** Its name in the table of cursors. */
    String code() {
        return code;
    }
}
