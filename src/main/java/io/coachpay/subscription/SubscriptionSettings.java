package io.coachpay.subscription;

import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of subscriptions. */
@ConfigMapping(prefix = "coachpay.subscription")
interface SubscriptionSettings {

    /** The time for which subscribers whose renewal was refused keep tier and benefits, while Stripe tries again. */
    @WithDefault("7D")
    Duration grace();
}
