package io.coachpay.stripe;

/** JSON that is not an object of the expected kind; nothing can be concluded from it. */
public final class UnreadableStripeObject extends RuntimeException {

    UnreadableStripeObject(String message) {
        super(message);
    }
}
