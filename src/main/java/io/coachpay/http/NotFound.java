package io.coachpay.http;

/** The object does not exist, or is not the caller's to see: the answer does not tell which. */
public final class NotFound extends Refused {

    public NotFound(String what) {
        super("not-found", 404, "Not found", "There is no such " + what);
    }
}
