package io.coachpay.coach;

import java.util.Locale;

import jakarta.persistence.EnumeratedValue;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The days on which a coach is paid out, at midnight in the coach's time zone. */
public enum PayoutSchedule {
    /** As soon as there is something to pay out, by standard payouts. */
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

    /** The schedule as the database and the API write it. */
    public String code() {
        return column;
    }

    /** The schedule with that code. */
    public static PayoutSchedule of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
