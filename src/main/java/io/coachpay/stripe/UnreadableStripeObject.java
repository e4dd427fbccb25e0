package io.coachpay.stripe;

/** JSON that is not the object it should be; nothing can be concluded from it. */
public final class UnreadableStripeObject extends RuntimeException {

    UnreadableStripeObject(String message) {
        super(message);
    }
}
