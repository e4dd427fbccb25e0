package io.coachpay.session;

import java.math.BigDecimal;
import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/**
 * The rules of booking. What the sides agree on is frozen into each session, so a change is for bookings to come. The limits
 * of holds have walls of their own in the database ({@code db/rules/open-holds.sql}), which no setting passes.
 */
@ConfigMapping(prefix = "coachpay.session")
interface SessionSettings {

    /** How long a booking holds its slot before a payment has begun. */
    @WithDefault("30M")
    Duration hold();

    /** How long after its booking a hold ends for good, however often a payment was begun and given up. */
    @WithDefault("2H")
    Duration longestHold();

    /** How many slots one mentee may hold without having paid for them. */
    @WithDefault("5")
    int openHoldsPerMentee();

    /** How many slots of one coach may be held by people who have not paid for them. */
    @WithDefault("50")
    int openHoldsPerCoach();

    /** The shortest session, in minutes. */
    @WithDefault("15")
    int shortestMinutes();

    /** The longest session, in minutes. */
    @WithDefault("480")
    int longestMinutes();

    /** How far ahead can be booked. */
    @WithDefault("365D")
    Duration furthestAhead();

    /** The mentee gets everything back until so many hours before the start. */
    @WithDefault("24")
    int freeCancellationHours();

    /** The share of the price that a mentee gets back afterwards, in percent. */
    @WithDefault("0")
    BigDecimal lateCancellationRefundPercentage();

    /** A session that nobody spoke of is taken for completed so long after its end. */
    @WithDefault("24H")
    Duration completedAfter();
}
