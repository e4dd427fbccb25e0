package io.coachpay.refund;

import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.transfer.RefundSource;

/** Finds refunds that Stripe has reported. */
@ApplicationScoped
class KnownRefunds implements RefundSource {

    @Override
    public Optional<UUID> find(String stripeId) {
        return Refund.find("select id from Refund where progress.stripeId = ?1", stripeId).project(UUID.class)
                .firstResultOptional();
    }
}
