package io.coachpay.payout;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of payouts. */
@ConfigMapping(prefix = "coachpay.payout")
interface PayoutSettings {

    /** The party that bears a cost. */
    enum Bearer {
        COACH,
        PLATFORM;

        /** The bearer as settings and the API write it. */
        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether all payouts that are not requested yet are held: after a restore, until the books agree with Stripe's again. */
    @WithDefault("false")
    boolean hold();

    /** The number of coaches that one instance pays at the same time. */
    @WithDefault("8")
    int workers();

    /** The time after a session's end or cancellation for which its earning is held. */
    @WithDefault("24H")
    Duration releaseAfter();

    /** The party that bears Stripe's charge for an instant payout. */
    @WithDefault("coach")
    Bearer instantFee();

    /** That charge, in hundredths of the payout's amount; at least about half a dollar. */
    @WithDefault("1.00")
    @DecimalMin("0")
    @DecimalMax("50")
    BigDecimal instantFeePercentage();

    /** The first pause after Stripe was away or refused; each further one is twice as long, up to a week. */
    @WithDefault("1M")
    Duration firstPause();

    /**
     * The time for which runs do not pay a coach after a payout came back or was canceled; doubled each time until one
     * arrives.
     */
    @WithDefault("1D")
    Duration pauseAfterFailure();

    /** The interval of listing an account's payouts after recent changes, to find those that no webhook reported. */
    @WithDefault("1H")
    Duration listingInterval();

    /** The time that a listing reaches back: a bank may return a payout so long after it arrived. */
    @WithDefault("30D")
    Duration listingReach();
}
