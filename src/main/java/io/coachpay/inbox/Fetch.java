package io.coachpay.inbox;

import org.jspecify.annotations.Nullable;

/**
 * An object that a handler needs as it is at Stripe now, because the event does not carry it.
 *
 * @param type Stripe's name of the kind of object, such as {@code transfer} or {@code checkout.session}
 * @param id its Stripe id
 * @param account the connected account it lives in; null for the platform's own
 */
public record Fetch(String type, String id, @Nullable String account) {
}
