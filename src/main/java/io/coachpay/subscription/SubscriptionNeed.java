package io.coachpay.subscription;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.payment.PaymentMethodNeed;
import io.coachpay.user.CustomerOwner;

/** A subscription that lives at Stripe, or whose page is open, keeps its owner's last payment method. */
@ApplicationScoped
class SubscriptionNeed implements PaymentMethodNeed {

    @Override
    public boolean isNeeded(CustomerOwner owner) {
        UUID user = owner.userId();
        return user != null && SubscriptionQueries.mayBeCharged(user);
    }
}
