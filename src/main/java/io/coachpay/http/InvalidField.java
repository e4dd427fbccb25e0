package io.coachpay.http;

import java.util.List;

/** A field of the request that no valid request can have that way. */
public final class InvalidField extends Refused {

    /**
     * @param field the field's path in the request, such as {@code hourlyRate.amount}
     * @param message what is wrong with it, for the person who reads the answer
     */
    public InvalidField(String field, String message) {
        super("invalid-request", 400, "Bad Request", field + ": " + message);
        with("violations", List.of(new Violation(field, message)));
    }

    /** One field and what is wrong with it. */
    public record Violation(String field, String message) {
    }
}
