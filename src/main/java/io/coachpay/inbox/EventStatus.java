package io.coachpay.inbox;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;

import io.coachpay.http.Choice;

/** How far an event has come. */
public enum EventStatus {

    /** Accepted, and waits for its first attempt. */
    RECEIVED,
    /** Applied by every handler of its type. */
    PROCESSED,
    /** Nobody takes its type, or its object is none of ours. */
    IGNORED,
    /** Tried, and tried again later. */
    FAILED,
    /** Given up; an administrator may replay it. */
    DEAD;

    /** Its name in the database and on the wire. */
    @JsonValue
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static EventStatus of(String code) {
        return Choice.of("status", code, values(), EventStatus::code);
    }
}
