package io.coachpay.coach;

import jakarta.persistence.EnumeratedValue;

import com.fasterxml.jackson.annotation.JsonProperty;

/** When a coach is paid out, at midnight in the coach's time zone. */
public enum PayoutSchedule {
    /** As soon as funds are available. */
    @JsonProperty("instant")
    INSTANT("instant"),
    /** Every day. */
    @JsonProperty("daily")
    DAILY("daily"),
    /** On Mondays. */
    @JsonProperty("weekly")
    WEEKLY("weekly"),
    /** On the first of the month. */
    @JsonProperty("monthly")
    MONTHLY("monthly");

    @EnumeratedValue
    final String column;

    PayoutSchedule(String column) {
        this.column = column;
    }
}
