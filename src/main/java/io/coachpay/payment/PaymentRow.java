package io.coachpay.payment;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.NewStripePayment;
import io.coachpay.stripe.StripeBacked;

/**
 * A payment that stands for its PaymentIntent, or for its Checkout Session. Calls for either are counted on the payment.
 *
 * @param stripeId {@code pi_…} or {@code cs_…}
 */
record PaymentRow(Transaction transaction, @Nullable String stripeId) implements StripeBacked {

    static final String NOUN = "transaction";

    /** Stripe's clock may be behind ours a little. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    @Override
    public UUID id() {
        return transaction.id();
    }

    @Override
    public int attempt() {
        return transaction.attempt();
    }

    @Override
    public Instant soughtFrom() {
        return transaction.createdAt();
    }

    /** The earliest time that Stripe can say the object was made at. */
    Instant listedFrom() {
        return soughtFrom().minus(CLOCKS_DIFFER);
    }

    /** What Stripe is to be asked for: everything follows from the row, so that the same row asks the same again. */
    NewStripePayment order() {
        return new NewStripePayment(transaction.id(), transaction.amount(), transaction.platformFee(), transaction.customer(),
                transaction.destinationAccount(), transaction.onBehalfOf() ? transaction.destinationAccount() : null,
                transaction.description(), Map.of("session_id", transaction.sessionId().toString()));
    }
}
