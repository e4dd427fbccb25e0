package io.coachpay.transfer;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.coach.MoneyUnderWay;

/** What was asked to be moved between the platform and a coach, and Stripe has not done. */
@ApplicationScoped
class TransfersUnderWay implements MoneyUnderWay {

    @Override
    public boolean isUnderWay(UUID coachId) {
        return TransferRequest.count("status in (REQUESTED, WAITING_FOR_FUNDS)"
                + " and transactionId in (select t.id from Transaction t where t.coachId = ?1)", coachId) > 0;
    }
}
