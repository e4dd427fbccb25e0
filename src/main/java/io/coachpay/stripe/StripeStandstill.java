package io.coachpay.stripe;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.job.Standstill;

/**
 * Keeps jobs from beginning while Stripe refuses our key, so that no row is touched for it. Every now and then a call that
 * changes nothing finds out whether that is over.
 */
@ApplicationScoped
class StripeStandstill implements Standstill {

    private final StripeKey key;
    private final StripeBalances balances;

    StripeStandstill(StripeKey key, StripeBalances balances) {
        this.key = key;
        this.balances = balances;
    }

    @Override
    public boolean isOn() {
        if (key.isRefused() && key.mayProbe()) {
            try {
                balances.balance(null);
            } catch (StripeRefused told) {
                // The call has updated the key's state, however Stripe answered.
                return key.isRefused();
            }
        }
        return key.isRefused();
    }
}
