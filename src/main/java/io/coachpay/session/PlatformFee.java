package io.coachpay.session;

import java.math.BigDecimal;

import io.coachpay.subscription.Benefits;

/**
 * The platform's part of a session's price, as a booking freezes it.
 *
 * @param percentage of the price, 0 to 100
 */
record PlatformFee(BigDecimal percentage, FeeSource source) {

    /**
     * The lower one of the coach's own fee and that of the coach's plan; the coach's own where they are equal.
     *
     * @param own in percent
     * @param coachs the benefits of the coach's plan
     */
    static PlatformFee of(BigDecimal own, Benefits coachs) {
        BigDecimal plans = coachs.platformFeePercentage();
        return plans != null && plans.compareTo(own) < 0 ? new PlatformFee(plans, FeeSource.PLAN)
                : new PlatformFee(own, FeeSource.PROFILE);
    }
}
