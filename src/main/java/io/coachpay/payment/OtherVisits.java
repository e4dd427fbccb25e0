package io.coachpay.payment;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.coachpay.http.Reference;

/** Finds visits to Stripe's page on which no payment of ours begins. All implementations, in packages above, are asked. */
public interface OtherVisits {

    /**
     * A visit.
     *
     * @param status {@code requested}, {@code open}, {@code complete}, {@code expired} or {@code refused}
     * @param subscriptionId our id of the subscription that begins there
     * @param expiresAt when Stripe closes the page
     */
    record OtherVisit(String mode, String status, UUID subscriptionId, @Nullable Instant expiresAt) {
    }

    /**
     * The caller's visit, by our id of what begins there or by Stripe's of the page. While the page may be open, Stripe is
     * asked first, so no database transaction may be open. Empty for one that is unknown here, or another person's.
     */
    Optional<OtherVisit> mine(Reference reference);
}
