package io.coachpay.coach;

import com.fasterxml.jackson.annotation.JsonValue;

/** Why a coach cannot be booked or paid out. */
public enum Reason {
    /** There is no account at Stripe yet. */
    NO_ACCOUNT("no_account"),
    /** The coach has not gone through Stripe's form. */
    ONBOARDING_INCOMPLETE("onboarding_incomplete"),
    /** Stripe wants to know something by now. */
    REQUIREMENTS_DUE("requirements_due"),
    /** Stripe is looking at what it was told. */
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
    /** A payout in this currency is being asked for at this moment. */
    PAYOUT_IN_PROGRESS("payout_in_progress"),
    /** The platform pays nobody out at the moment. */
    PAYOUTS_HELD("payouts_held"),
    /** More was given back to payers than the coach has earned since the last payout. */
    NEGATIVE_BALANCE("negative_balance"),
    /** What there is was earned by sessions that have not been over long enough, or some of it goes back just now. */
    HELD("held"),
    /** There is nothing that could be paid out. */
    NOTHING_AVAILABLE("nothing_available"),
    /** It is less than the coach wants to be bothered with, or less than Stripe pays out. */
    BELOW_MINIMUM("below_minimum"),
    /** Its day has not come, or was dealt with. */
    NOT_DUE("not_due");

    private final String code;

    Reason(String code) {
        this.code = code;
    }

    /** The reason as the API writes it. */
    @JsonValue
    public String code() {
        return code;
    }
}
