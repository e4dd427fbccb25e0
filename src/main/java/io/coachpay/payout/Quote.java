package io.coachpay.payout;

import org.joda.money.Money;

/**
 * The result of a request for a payout.
 *
 * @param method its speed
 * @param fee Stripe's charge for it; zero for a standard one
 * @param bearer the party that pays the fee
 */
record Quote(Money amount, PayoutSpeed method, Money fee, PayoutSettings.Bearer bearer) {

    /** The fee that the coach's money has to cover besides the amount. */
    Money feeOfCoach() {
        return switch (bearer) {
            case COACH -> fee;
            case PLATFORM -> Money.zero(fee.getCurrencyUnit());
        };
    }
}
