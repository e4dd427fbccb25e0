package io.coachpay.inbox;

/**
 * Nothing here says which of two states of one second is newer, because the object was mirrored while the event was being
 * applied. The event is tried again after a look at the object at Stripe, however old it is.
 */
public final class Undecided extends RuntimeException {

    /** @param stripeId of the object */
    public Undecided(String stripeId) {
        super("Only a look at " + stripeId + " shows which state is newer", null, false, false);
    }
}
