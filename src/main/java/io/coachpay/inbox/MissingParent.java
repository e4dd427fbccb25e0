package io.coachpay.inbox;

/**
 * The row an event is about is not there: its transaction has not been committed yet, or the object is none of ours.
 * <p>
 * The event is tried again. After an hour an object without our {@code coachpay_id} is taken for a foreign one (made by hand
 * in Stripe's dashboard, say) and its event is ignored; one with it is tried on, as any failure.
 */
public final class MissingParent extends RuntimeException {

    /** @param parent what was looked for, such as {@code transaction of pi_123} */
    public MissingParent(String parent) {
        super("There is no " + parent, null, false, false);
    }
}
