package io.coachpay.session;

import java.math.BigDecimal;
import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/**
 * Settings of bookings. The agreed terms are frozen into each session, so a change applies to later bookings. The database
 * limits holds too ({@code db/rules/open-holds.sql}), and no setting exceeds that.
 */
@ConfigMapping(prefix = "coachpay.session")
interface SessionSettings {

    /** The time for which a booking holds its slot before a payment has begun. */
    @WithDefault("30M")
    Duration hold();

    /** The time from its booking to the final end of a hold, however often a payment was begun and cancelled. */
    @WithDefault("2H")
    Duration longestHold();

    /** The number of unpaid slots that one mentee may hold. */
    @WithDefault("5")
    int openHoldsPerMentee();

    /** The number of slots of one coach that mentees may hold without having paid. */
    @WithDefault("50")
    int openHoldsPerCoach();

    /** The shortest session, in minutes. */
    @WithDefault("15")
    int shortestMinutes();

    /** The longest session, in minutes. */
    @WithDefault("480")
    int longestMinutes();

    /** The longest time from a booking to its start. */
    @WithDefault("365D")
    Duration furthestAhead();

    /** The full price goes back to the mentee until so many hours before the start. */
    @WithDefault("24")
    int freeCancellationHours();

    /** The share of the price that goes back to the mentee afterwards, in percent. */
    @WithDefault("0")
    BigDecimal lateCancellationRefundPercentage();

    /** The time after its end when a session that no coach reported on counts as completed. */
    @WithDefault("24H")
    Duration completedAfter();
}
