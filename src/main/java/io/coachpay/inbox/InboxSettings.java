package io.coachpay.inbox;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings for receiving and processing Stripe's events. */
@ConfigMapping(prefix = "coachpay.inbox")
interface InboxSettings {

    /** Signing secrets of the platform's endpoint; several while one is rotated, none closes the endpoint. */
    Optional<List<String>> platformSecrets();

    /** Signing secrets of the Connect endpoint; several while one is rotated, none closes the endpoint. */
    Optional<List<String>> connectSecrets();

    /** The most that a signature's time may lie in the past or in the future. */
    @WithDefault("300S")
    Duration tolerance();

    /** Whether events about real money are expected; unset, the secret key of the Stripe account tells. */
    Optional<Boolean> livemode();

    /** Connections that store arrivals at once. */
    @WithDefault("2")
    int writers();

    /** Arrivals that one statement stores at most. */
    @WithDefault("100")
    int arrivalsPerWrite();

    /** Arrivals that may wait to be stored; any more are answered with 503, and Stripe sends them again. */
    @WithDefault("2048")
    int arrivalsWaiting();

    /** Threads that apply events together, each in one database transaction for many of them. */
    @WithDefault("1")
    int appliers();

    /** Events that are applied together at most. */
    @WithDefault("64")
    int eventsTogether();

    /** Events that wait in memory at most, from their arrival until they are applied; more wait in the database alone. */
    @WithDefault("1024")
    int eventsHandedOver();

    /**
     * The lease of an event that waits in memory from its arrival on; short, for it is applied at once or its instance died.
     */
    @WithDefault("10S")
    Duration handOverLease();

    /** Events applied alone at once. Most of the time each waits for its commit, so more than there are cores. */
    @WithDefault("8")
    int threads();

    /** Events that need objects from Stripe and are worked on at once. No more of them are claimed. */
    @WithDefault("8")
    int fetchingThreads();

    /** Other events claimed at once. */
    @WithDefault("128")
    int batchSize();

    /** The pause between looks for retries, and for events that other instances left. */
    @WithDefault("1S")
    Duration pollInterval();

    /** The lease of a claimed event; when it has run out, its worker counts as dead, and the event is claimed again. */
    @WithDefault("60S")
    Duration lease();

    /**
     * The lease of an event that needs objects from Stripe: longer than the budget, the retries and the timeouts of two calls.
     */
    @WithDefault("5M")
    Duration fetchingLease();

    /** Attempts before an event is given up. */
    @WithDefault("15")
    int attempts();

    /** The pause after an event's first failure; each further pause is three times as long. */
    @WithDefault("1S")
    Duration firstPause();

    /** The longest pause between two attempts. With fifteen attempts, all pauses together are about three days. */
    @WithDefault("16H")
    Duration longestPause();

    /** The time after which an event about an object that nobody here knows counts as foreign. */
    @WithDefault("1H")
    Duration foreignAfter();

    /** The time for which the payload of a finished or dead event is kept. */
    @WithDefault("90D")
    Duration retention();

    /** The time for which the rest of a finished event is kept; not less than 90 days, which the database enforces. */
    @WithDefault("400D")
    Duration kept();

    /** The time before the mark that a listing covers again, for events that Stripe lists late. */
    @WithDefault("1H")
    Duration backfillOverlap();

    /** Accounts whose events are listed at once, within the budget of calls. */
    @WithDefault("4")
    int backfillWorkers();
}
