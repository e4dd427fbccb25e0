package io.coachpay.refund;

import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import io.coachpay.transfer.RefundSource;

/** Finds refunds that Stripe has reported. */
@ApplicationScoped
public class KnownRefunds implements RefundSource {

    @Override
    public Optional<UUID> find(String stripeId) {
        return Refund.find("select id from Refund where progress.stripeId = ?1", stripeId).project(UUID.class)
                .firstResultOptional();
    }

    /** Finds our id of a refund that was asked for here; empty for one that somebody made at Stripe. */
    @Transactional(TxType.MANDATORY)
    public Optional<UUID> askedForHere(String stripeId) {
        return Refund.find("select id from Refund where progress.stripeId = ?1 and reason <> ?2", stripeId, Refund.DASHBOARD)
                .project(UUID.class).firstResultOptional();
    }
}
