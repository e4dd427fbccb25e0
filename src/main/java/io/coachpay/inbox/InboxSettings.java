package io.coachpay.inbox;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How Stripe's events are received and worked off. */
@ConfigMapping(prefix = "coachpay.inbox")
interface InboxSettings {

    /** Signing secrets of the platform's endpoint; several while one is rotated, none closes the endpoint. */
    Optional<List<String>> platformSecrets();

    /** Signing secrets of the Connect endpoint; several while one is rotated, none closes the endpoint. */
    Optional<List<String>> connectSecrets();

    /** How far a signature's time may lie in the past or in the future. */
    @WithDefault("300S")
    Duration tolerance();

    /** Whether events about real money are expected; unset, the secret key of the Stripe account tells. */
    Optional<Boolean> livemode();

    /** How many connections store arrivals at once. */
    @WithDefault("2")
    int writers();

    /** How many arrivals one statement stores at most. */
    @WithDefault("100")
    int arrivalsPerWrite();

    /** How many arrivals may wait to be stored; any more are answered with 503, and Stripe sends them again. */
    @WithDefault("2048")
    int arrivalsWaiting();

    /** How many events are applied at once. Most of the time each waits for its commit, so more than there are cores. */
    @WithDefault("8")
    int threads();

    /** How many events that have to look at Stripe are worked on at once. No more of them are claimed. */
    @WithDefault("8")
    int fetchingThreads();

    /** How many other events are claimed at once. */
    @WithDefault("128")
    int batchSize();

    /** How often is looked for what nobody told this instance about: retries, and other instances' leftovers. */
    @WithDefault("1S")
    Duration pollInterval();

    /** How long a claimed event is left alone; then its worker is taken for dead, and the event is claimed again. */
    @WithDefault("60S")
    Duration lease();

    /** The same for an event that has to look at Stripe: longer than the budget, the retries and the timeouts of two calls. */
    @WithDefault("5M")
    Duration fetchingLease();

    /** How often an event is tried before it is given up. */
    @WithDefault("15")
    int attempts();

    /** How long after its first failure an event is tried again; each further pause is three times as long. */
    @WithDefault("1S")
    Duration firstPause();

    /** The longest pause between two attempts. With fifteen attempts, all pauses together are about three days. */
    @WithDefault("16H")
    Duration longestPause();

    /** After that time an event about an object that nobody here knows is taken for a foreign one. */
    @WithDefault("1H")
    Duration foreignAfter();

    /** How long the payload of an event is kept that is finished, or was given up. */
    @WithDefault("90D")
    Duration retention();

    /** How long the rest of a finished event is kept; not less than 90 days, which the database holds. */
    @WithDefault("400D")
    Duration kept();

    /** How far a listing reaches back before the mark, for events that Stripe lists late. */
    @WithDefault("1H")
    Duration backfillOverlap();

    /** How many accounts' events are listed at once, within the budget of calls. */
    @WithDefault("4")
    int backfillWorkers();
}
