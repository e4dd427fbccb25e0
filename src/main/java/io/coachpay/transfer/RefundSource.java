package io.coachpay.transfer;

import java.util.Optional;
import java.util.UUID;

/** Finds our refund of a reversal that Stripe made for one; refunds are a package above. */
public interface RefundSource {

    /**
     * Finds our refund, in the caller's database transaction.
     *
     * @param stripeId {@code re_…} or {@code pyr_…}
     * @return our id; empty while the refund is unknown, and then {@link TransferBooks#link} follows
     */
    Optional<UUID> find(String stripeId);
}
