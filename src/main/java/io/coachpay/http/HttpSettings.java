package io.coachpay.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The limits of the API. */
@ConfigMapping(prefix = "coachpay.http")
interface HttpSettings {

    /** How many requests that move money each user may send a minute. */
    @WithDefault("60")
    int moneyMovingPerMinute();

    /** How many requests that ask Stripe, without moving money, each user may send a minute. */
    @WithDefault("60")
    int askingStripePerMinute();
}
