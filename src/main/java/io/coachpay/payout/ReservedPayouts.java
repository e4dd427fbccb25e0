package io.coachpay.payout;

import java.math.BigDecimal;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;

import io.coachpay.refund.ReservedFunds;

/**
 * Sums the money that a coach's payouts have reserved: their amounts until Stripe has them, and their fees until those are
 * taken or waived.
 */
@ApplicationScoped
class ReservedPayouts implements ReservedFunds {

    private static final String RESERVED = """
            select coalesce((select sum(amount) from payouts where user_id = ?1 and currency = ?2 and status = 'requested'), 0)
                 + coalesce((select sum(fee) from payouts where user_id = ?1 and currency = ?2 and fee > 0
                                and stripe_fee_transfer_id is null and fee_refusal is null), 0)""";

    private final EntityManager entities;

    ReservedPayouts(EntityManager entities) {
        this.entities = entities;
    }

    @Override
    public BigDecimal reserved(UUID coachId, String currency) {
        return (BigDecimal) entities.createNativeQuery(RESERVED, BigDecimal.class).setParameter(1, coachId)
                .setParameter(2, currency).getSingleResult();
    }
}
