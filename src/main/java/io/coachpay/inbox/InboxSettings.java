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

    /** How many events are claimed at once. */
    @WithDefault("128")
    int batchSize();

    /** How often is looked for what nobody told this instance about: retries, and other instances' leftovers. */
    @WithDefault("1S")
    Duration pollInterval();

    /** How long a claimed event is left alone; then its worker is taken for dead, and the event is claimed again. */
    @WithDefault("60S")
    Duration lease();

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

    /** How long the payload of a finished event is kept. */
    @WithDefault("90D")
    Duration retention();

    /** How often Stripe is asked for events whose webhook never came. */
    @WithDefault("1H")
    Duration backfillInterval();

    /** How far a listing reaches back before the mark, for events that Stripe lists late. */
    @WithDefault("1H")
    Duration backfillOverlap();

    /** How many pages of one account's events are listed in one run; the next run goes on from there. */
    @WithDefault("100")
    int backfillPages();
}
