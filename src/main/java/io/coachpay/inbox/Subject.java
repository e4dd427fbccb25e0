package io.coachpay.inbox;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * The payment that an event is about.
 *
 * @param payment our id of it, as the event's object names it; there may be none with this id
 * @param paymentIntent {@code pi_…} of the object; null where it names none
 * @param onlyPaid whether the event needs an object from Stripe unless we know the payment as paid
 */
public record Subject(UUID payment, @Nullable String paymentIntent, boolean onlyPaid) {
}
