package io.coachpay.transfer;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.coach.MoneyUnderWay;

/** Finds requests to move money between the platform and a coach that Stripe has not made yet. */
@ApplicationScoped
class TransfersUnderWay implements MoneyUnderWay {

    @Override
    public boolean isUnderWay(UUID coachId) {
        return TransferRequest.count("progress.status in (REQUESTED, WAITING_FOR_FUNDS)"
                + " and transactionId in (select t.id from Transaction t where t.terms.coachId = ?1)", coachId) > 0;
    }
}
