package io.coachpay.http;

import java.util.List;

/** A field whose value no valid request can have. */
public final class InvalidField extends Refused {

    /**
     * @param field the field's path in the request, such as {@code hourlyRate.amount}
     * @param message explains to the reader of the answer what is wrong with it
     */
    public InvalidField(String field, String message) {
        super("invalid-request", 400, "Bad Request", field + ": " + message);
        with("violations", List.of(new Violation(field, message)));
    }

    /** One field and the reason why it is invalid. */
    public record Violation(String field, String message) {
    }
}
