package io.coachpay.payment;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.coach.MoneyUnderWay;

/** Finds payments to a coach that may still succeed. */
@ApplicationScoped
class PaymentsUnderWay implements MoneyUnderWay {

    @Override
    public boolean isUnderWay(UUID coachId) {
        return Transaction.count("terms.coachId = ?1 and status in (PENDING, PROCESSING)", coachId) > 0;
    }
}
