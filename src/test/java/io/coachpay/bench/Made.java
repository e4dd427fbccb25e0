package io.coachpay.bench;

import java.util.HexFormat;
import java.util.UUID;

/** Invented ids, ours and Stripe's: the same ones every time. */
enum Made {
    USER,
    PROFILE,
    CONNECTED_ACCOUNT,
    IMPORT,
    MARK,
    LISTING,
    SESSION,
    TRANSACTION,
    TRANSFER,
    REFUND,
    REVERSAL,
    FEE_REFUND,
    PAYOUT,
    PAYOUT_ITEM,
    LEDGER_ACCOUNT,
    DAILY_TOTAL,
    JOURNAL,
    ENTRY,
    BALANCE_TRANSACTION,
    /** On the coach's side, where a payment has an id of its own. */
    DESTINATION_PAYMENT,
    DESTINATION_REFUND,
    CHARGE,
    APPLICATION_FEE,
    CUSTOMER;

    private static final HexFormat HEX = HexFormat.of();
    private static final long ODD = 0x9e3779b97f4a7c15L;

    /** A version 7 id: later ones are larger, and so are larger numbers of one millisecond. */
    UUID id(long millis, long number) {
        return new UUID(millis << 16 | 0x7000, 0x8000_0000_0000_0000L | (long) ordinal() << 48 | number);
    }

    /** An id as Stripe makes them, in no order, so that its index is as wide and as scattered as in life. */
    String stripeId(String prefix, long number) {
        long mixed = (number + ((long) ordinal() << 48)) * ODD;
        return prefix + "_1H" + HEX.toHexDigits(mixed ^ mixed >>> 32) + HEX.toHexDigits((short) number);
    }
}
