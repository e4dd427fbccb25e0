package io.coachpay.inbox;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;

import io.coachpay.http.Choice;

/** The state of an event. */
public enum EventStatus {

    /** Accepted, and waiting for its first attempt. */
    RECEIVED,
    /** Applied by every handler of its type. */
    PROCESSED,
    /** No handler takes its type, or its object is not one of ours. */
    IGNORED,
    /** Failed, and to be tried again. */
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
