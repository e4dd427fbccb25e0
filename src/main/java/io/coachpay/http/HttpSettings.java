package io.coachpay.http;

import java.time.Duration;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The limits of the API. */
@ConfigMapping(prefix = "coachpay.http")
interface HttpSettings {

    /** How many requests that move money each user may send a minute. */
    @WithDefault("60")
    int moneyMovingPerMinute();

    /** How many requests each user may have under way on one instance. */
    @WithDefault("50")
    int requestsAtOnce();

    /** How long a request's body may take to arrive. */
    @WithDefault("10S")
    Duration bodyDeadline();

    /** How many bytes the bodies of all requests that are under way may have together, on one instance. */
    @WithDefault("32M")
    MemorySize bodyBudget();

    /** How many requests that ask Stripe, without moving money, each user may send a minute. */
    @WithDefault("60")
    int askingStripePerMinute();
}
