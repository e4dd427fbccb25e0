package io.coachpay.transfer;

import java.util.Optional;
import java.util.UUID;

/** Where the refund is found that Stripe names as the cause of a reversal; refunds are a package above. */
public interface RefundSource {

    /**
     * Finds our refund, inside the running transaction.
     *
     * @param stripeId {@code re_…} or {@code pyr_…}
     * @return our id; empty while nobody has told of it, and then {@link TransferBooks#link} follows
     */
    Optional<UUID> find(String stripeId);
}
