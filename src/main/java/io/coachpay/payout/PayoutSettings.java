package io.coachpay.payout;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How coaches are paid out. */
@ConfigMapping(prefix = "coachpay.payout")
interface PayoutSettings {

    /** Whose cost something is. */
    enum Bearer {
        COACH,
        PLATFORM;

        /** The bearer as settings and the API write it. */
        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Nothing is paid out that was not asked for before: after a restore, until the books agree with Stripe's again. */
    @WithDefault("false")
    boolean hold();

    /** How many coaches one instance pays at once. */
    @WithDefault("8")
    int workers();

    /** How long after its session has ended, or was cancelled, an earning may be paid out; until then it is held. */
    @WithDefault("24H")
    Duration releaseAfter();

    /** Who bears what Stripe charges the platform for an instant payout. */
    @WithDefault("coach")
    Bearer instantFee();

    /** What that is, in hundredths of the payout's amount; at least about half a dollar. */
    @WithDefault("1.00")
    @DecimalMin("0")
    @DecimalMax("50")
    BigDecimal instantFeePercentage();

    /** The first pause after Stripe could not be asked or refused; each further one is twice as long, up to a week. */
    @WithDefault("1M")
    Duration firstPause();

    /** How long no run pays a coach after a payout came back or was canceled; twice as long each time until one arrives. */
    @WithDefault("1D")
    Duration pauseAfterFailure();

    /** How often payouts of an account are listed where something happened lately, to find what no webhook told. */
    @WithDefault("1H")
    Duration listingInterval();

    /** How far back a listing reaches: a bank may return a payout so long after it arrived. */
    @WithDefault("30D")
    Duration listingReach();
}
