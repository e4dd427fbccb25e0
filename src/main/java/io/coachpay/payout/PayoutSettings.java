package io.coachpay.payout;

import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How coaches are paid out. */
@ConfigMapping(prefix = "coachpay.payout")
interface PayoutSettings {

    /** How many coaches one instance pays at once. */
    @WithDefault("8")
    int workers();

    /** How long after its session has ended, or was cancelled, an earning may be paid out; until then it is held. */
    @WithDefault("24H")
    Duration releaseAfter();

    /** The first pause after Stripe could not be asked or refused; each further one is twice as long, up to a week. */
    @WithDefault("1M")
    Duration firstPause();

    /** How long no run pays a coach after a payout came back or was canceled; twice as long each time until one arrives. */
    @WithDefault("1D")
    Duration pauseAfterFailure();

    /** How often each account's payouts are listed, to find what no webhook told. */
    @WithDefault("1H")
    Duration listingInterval();

    /** How far back a listing reaches: a bank may return a payout so long after it arrived. */
    @WithDefault("30D")
    Duration listingReach();
}
