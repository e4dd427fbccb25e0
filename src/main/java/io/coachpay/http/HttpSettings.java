package io.coachpay.http;

import java.time.Duration;
import java.util.OptionalInt;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The limits of the API. */
@ConfigMapping(prefix = "coachpay.http")
interface HttpSettings {

    /** Requests that move money, for each user and minute. */
    @WithDefault("60")
    int moneyMovingPerMinute();

    /** Requests that each user may have under way on one instance. */
    @WithDefault("50")
    int requestsAtOnce();

    /** Time that a request's body may take to arrive. */
    @WithDefault("10S")
    Duration bodyDeadline();

    /** Bytes that the bodies of all requests under way may have together, on one instance. */
    @WithDefault("32M")
    MemorySize bodyBudget();

    /**
     * The number of proxies in front of the service, each of which appends to {@code X-Forwarded-For}; 0 where clients connect
     * to it. Without it nobody's address is known, and none is counted.
     */
    OptionalInt proxies();

    /** Requests that ask Stripe without moving money, for each user and minute. */
    @WithDefault("60")
    int askingStripePerMinute();
}
