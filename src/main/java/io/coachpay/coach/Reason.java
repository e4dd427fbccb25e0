package io.coachpay.coach;

import com.fasterxml.jackson.annotation.JsonValue;

/** Reasons why a coach cannot be booked or paid out. */
public enum Reason {
    /** There is no account at Stripe yet. */
    NO_ACCOUNT("no_account"),
    /** The coach has not completed Stripe's form. */
    ONBOARDING_INCOMPLETE("onboarding_incomplete"),
    /** Stripe requires information by now. */
    REQUIREMENTS_DUE("requirements_due"),
    /** Stripe is verifying the information. */
    VERIFICATION_PENDING("verification_pending"),
    /** Stripe does not let payments go to the account. */
    CHARGES_DISABLED("charges_disabled"),
    /** Stripe does not let money leave for the bank. */
    PAYOUTS_DISABLED("payouts_disabled"),
    /** Payments of the platform do not reach accounts of that country. */
    COUNTRY_OUT_OF_REACH("country_out_of_reach"),
    /** Stripe refused a payment because of the account, though it says that it can be charged. */
    CHARGES_REFUSED("charges_refused"),
    /** The coach disconnected the account from the platform. */
    ACCOUNT_DEAUTHORIZED("account_deauthorized"),
    /** Stripe would have to convert the money on its way to the bank, or a payout to that bank came back. */
    NO_BANK_ACCOUNT_FOR_CURRENCY("no_bank_account_for_currency"),
    /** A request for a payout in this currency is in progress. */
    PAYOUT_IN_PROGRESS("payout_in_progress"),
    /** The platform has paused all payouts. */
    PAYOUTS_HELD("payouts_held"),
    /** More was given back to payers than the coach has earned since the last payout. */
    NEGATIVE_BALANCE("negative_balance"),
    /** The earnings come from sessions that are not over long enough, or a part of them goes back right now. */
    HELD("held"),
    /** There is nothing that could be paid out. */
    NOTHING_AVAILABLE("nothing_available"),
    /** The amount is below the coach's minimum, or below Stripe's. */
    BELOW_MINIMUM("below_minimum"),
    /** The day of the payout has not come, or is closed. */
    NOT_DUE("not_due");

    private final String code;

    Reason(String code) {
        this.code = code;
    }

    /** Whether it prevents payouts, and not payments alone. */
    boolean preventsPayouts() {
        return this != CHARGES_DISABLED && this != COUNTRY_OUT_OF_REACH && this != CHARGES_REFUSED;
    }

    /** The API's code of the reason. */
    @JsonValue
    public String code() {
        return code;
    }
}
