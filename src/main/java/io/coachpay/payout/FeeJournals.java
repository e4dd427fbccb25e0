package io.coachpay.payout;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.balance.JournalSource;

/** Finds the fee of an instant payout, which the platform has as a payment whose id only the payout keeps. */
@ApplicationScoped
class FeeJournals implements JournalSource {

    private static final String OF_PAYMENT = """
            select j.id, j.transaction_id from payouts p join ledger_journals j
                on j.kind = 'instant_fee' and j.reference = p.stripe_fee_transfer_id
             where known.fact = 'PAYMENT' and p.stripe_fee_payment_id = l.source""";

    @Override
    public String query() {
        return OF_PAYMENT;
    }
}
