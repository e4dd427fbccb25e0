package io.coachpay.payout;

import org.joda.money.Money;

/**
 * What a request for a payout comes to.
 *
 * @param method how fast it goes
 * @param fee what Stripe charges for it; zero for a standard one
 * @param bearer who pays that
 */
record Quote(Money amount, PayoutSpeed method, Money fee, PayoutSettings.Bearer bearer) {

    /** What the coach's money has to cover besides the amount. */
    Money feeOfCoach() {
        return switch (bearer) {
            case COACH -> fee;
            case PLATFORM -> Money.zero(fee.getCurrencyUnit());
        };
    }
}
