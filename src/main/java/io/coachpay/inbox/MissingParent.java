package io.coachpay.inbox;

/**
 * The row that an event is about is not there: its database transaction has not been committed yet, or the object is not one of
 * ours.
 * <p>
 * The event is tried again. After an hour an object without our {@code coachpay_id} counts as foreign (made by hand in Stripe's
 * dashboard, say) and its event is ignored; one with it is retried like any failure.
 */
public final class MissingParent extends RuntimeException {

    /** @param parent the missing row, such as {@code transaction of pi_123} */
    public MissingParent(String parent) {
        super("There is no " + parent, null, false, false);
    }
}
