package io.coachpay.sandbox;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The cards of Stripe's documentation, by number and by their name in {@code pm_card_…} and {@code tok_…}.
 *
 * @param name after the prefix, for example {@code visa_chargeDeclined}
 * @param code and {@code declineCode}, of the error if the card is declined
 * @see <a href="https://docs.stripe.com/testing">Stripe: testing</a>
 */
record TestCard(String number, String name, String brand, String country, Reaction reaction, String code, String declineCode) {

    /** Stripe's reaction to a payment with the card. */
    enum Reaction {
        SUCCEEDS,
        DECLINES,
        /** Can be attached to a customer, and is declined when charged. */
        DECLINES_WHEN_CHARGED,
        /** Needs authentication for every payment. */
        AUTHENTICATES,
        /** Needs authentication unless it was set up for later payments. */
        AUTHENTICATES_UNLESS_SET_UP,
        /** Needs authentication, and is declined after it. */
        AUTHENTICATES_THEN_DECLINES,
        /** The funds are available at once. */
        SKIPS_PENDING,
        REFUND_PENDS,
        REFUND_FAILS,
        DISPUTED_AS_FRAUDULENT,
        DISPUTED_AS_NOT_RECEIVED,
        INQUIRED,
        /**
         * The bank of the card or wallet takes its time: processing until the control endpoint ends it. Stripe has no test card
         * for that.
         */
        PROCESSES,
        /** A bank account rather than a card: processing, then paid. */
        DEBITS,
        /** A bank account whose debit stays processing. */
        DEBITS_FOREVER
    }

    private static final List<TestCard> ALL = List.of(
            card("4242424242424242", "visa", "visa", "US", Reaction.SUCCEEDS),
            card("4000056655665556", "visa_debit", "visa", "US", Reaction.SUCCEEDS),
            card("5555555555554444", "mastercard", "mastercard", "US", Reaction.SUCCEEDS),
            card("5200828282828210", "mastercard_debit", "mastercard", "US", Reaction.SUCCEEDS),
            card("378282246310005", "amex", "amex", "US", Reaction.SUCCEEDS),
            card("6011111111111117", "discover", "discover", "US", Reaction.SUCCEEDS),
            card("3056930009020004", "diners", "diners", "US", Reaction.SUCCEEDS),
            card("3566002020360505", "jcb", "jcb", "JP", Reaction.SUCCEEDS),
            card("6200000000000005", "unionpay", "unionpay", "CN", Reaction.SUCCEEDS),
            card("4000008260000000", "gb", "visa", "GB", Reaction.SUCCEEDS),
            card("4000002760000016", "de", "visa", "DE", Reaction.SUCCEEDS),
            card("4000002500000003", "fr", "visa", "FR", Reaction.SUCCEEDS),
            card("4000003920000003", "jp", "visa", "JP", Reaction.SUCCEEDS),
            card("4000000000000077", "bypassPending", "visa", "US", Reaction.SKIPS_PENDING),
            declined("4000000000000002", "visa_chargeDeclined", "card_declined", "generic_decline"),
            declined("4000000000009995", "visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
            declined("4000000000009987", "visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
            declined("4000000000009979", "visa_chargeDeclinedStolenCard", "card_declined", "stolen_card"),
            declined("4000000000006975", "visa_chargeDeclinedVelocityLimitExceeded", "card_declined",
                    "card_velocity_exceeded"),
            declined("4000000000000069", "chargeDeclinedExpiredCard", "expired_card", "expired_card"),
            declined("4000000000000127", "chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
            declined("4000000000000119", "chargeDeclinedProcessingError", "processing_error", "processing_error"),
            declined("4100000000000019", "radarBlock", "card_declined", "fraudulent"),
            new TestCard("4000000000000341", "chargeCustomerFail", "visa", "US", Reaction.DECLINES_WHEN_CHARGED,
                    "card_declined", "generic_decline"),
            card("4000002760003184", "authenticationRequired", "visa", "US", Reaction.AUTHENTICATES),
            card("4000000000003220", "threeDSecure2Required", "visa", "US", Reaction.AUTHENTICATES),
            card("4000002500003155", "authenticationRequiredOnSetup", "visa", "US", Reaction.AUTHENTICATES_UNLESS_SET_UP),
            new TestCard("4000008400001629", "threeDSecureRequiredChargeDeclined", "visa", "US",
                    Reaction.AUTHENTICATES_THEN_DECLINES, "card_declined", "generic_decline"),
            new TestCard("4000008260003178", "authenticationRequiredChargeDeclinedInsufficientFunds", "visa", "GB",
                    Reaction.AUTHENTICATES_THEN_DECLINES, "card_declined", "insufficient_funds"),
            card("4000000000007726", "pendingRefund", "visa", "US", Reaction.REFUND_PENDS),
            card("4000000000005126", "refundFail", "visa", "US", Reaction.REFUND_FAILS),
            card("4000000000000259", "createDispute", "visa", "US", Reaction.DISPUTED_AS_FRAUDULENT),
            card("4000000000002685", "createDisputeProductNotReceived", "visa", "US", Reaction.DISPUTED_AS_NOT_RECEIVED),
            card("4000000000001976", "createDisputeInquiry", "visa", "US", Reaction.INQUIRED),
            card("4000000000007338", "processing", "visa", "US", Reaction.PROCESSES),
            card("000123456789", "usBankAccount_success", "bank", "US", Reaction.DEBITS),
            card("000000000009", "usBankAccount_processing", "bank", "US", Reaction.DEBITS_FOREVER));

    private static TestCard card(String number, String name, String brand, String country, Reaction reaction) {
        return new TestCard(number, name, brand, country, reaction, "", "");
    }

    private static TestCard declined(String number, String name, String code, String declineCode) {
        return new TestCard(number, name, "visa", "US", Reaction.DECLINES, code, declineCode);
    }

    /** The card of any other valid number: Stripe declines real cards in test mode. */
    static TestCard byNumber(String number) {
        return ALL.stream().filter(card -> card.number.equals(number)).findFirst()
                .orElseGet(() -> new TestCard(number, "", "visa", "US", Reaction.DECLINES, "card_declined",
                        "test_mode_live_card"));
    }

    /** The card of {@code pm_card_visa}, {@code pm_usBankAccount_success} or {@code tok_visa}, or null. */
    static @Nullable TestCard byAlias(String alias) {
        String name = alias.replaceFirst("^(pm_card_|pm_|tok_)", "");
        return ALL.stream().filter(card -> card.name.equals(name)).findFirst().orElse(null);
    }

    boolean isBankAccount() {
        return brand.equals("bank");
    }

    /** Whether the outcome of a payment is unknown at first. */
    boolean isProcessed() {
        return isBankAccount() || reaction == Reaction.PROCESSES;
    }

    String type() {
        return isBankAccount() ? "us_bank_account" : "card";
    }

    String last4() {
        return number.substring(number.length() - 4);
    }

    boolean declinesWhenAttached() {
        return reaction == Reaction.DECLINES;
    }

    boolean declinesWhenCharged() {
        return switch (reaction) {
            case DECLINES, DECLINES_WHEN_CHARGED -> true;
            case SUCCEEDS, AUTHENTICATES, AUTHENTICATES_UNLESS_SET_UP, AUTHENTICATES_THEN_DECLINES, SKIPS_PENDING, REFUND_PENDS,
                    REFUND_FAILS, DISPUTED_AS_FRAUDULENT, DISPUTED_AS_NOT_RECEIVED, INQUIRED, PROCESSES, DEBITS,
                    DEBITS_FOREVER ->
                false;
        };
    }

    /** Whether the holder must authenticate this payment. */
    boolean authenticates(boolean setUp) {
        return switch (reaction) {
            case AUTHENTICATES, AUTHENTICATES_THEN_DECLINES -> true;
            case AUTHENTICATES_UNLESS_SET_UP -> !setUp;
            case SUCCEEDS, DECLINES, DECLINES_WHEN_CHARGED, SKIPS_PENDING, REFUND_PENDS, REFUND_FAILS, DISPUTED_AS_FRAUDULENT,
                    DISPUTED_AS_NOT_RECEIVED, INQUIRED, PROCESSES, DEBITS, DEBITS_FOREVER ->
                false;
        };
    }
}
