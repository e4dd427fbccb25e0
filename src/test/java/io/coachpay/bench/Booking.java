package io.coachpay.bench;

/**
 * A booked session whose payment is under way at Stripe.
 *
 * @param amount in cents
 * @param fee in cents
 */
record Booking(String paymentId, String paymentIntent, String account, long amount, long fee) {

    /** For events that no handler takes. */
    static final Booking ANY = new Booking("019de3b2-7b1c-7f00-8000-000000000000", "pi_019de3b27b1c7f008000000000000000",
            "acct_019de3b27b1c7f008000000000000000", 12500, 2500);
}
