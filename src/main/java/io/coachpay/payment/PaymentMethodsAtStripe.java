package io.coachpay.payment;

import java.time.Clock;
import java.time.Instant;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import io.coachpay.access.Access;
import io.coachpay.stripe.StripePaymentMethods;
import io.coachpay.stripe.StripeRefused;

/** Reads saved payment methods at Stripe. No database transaction is open while Stripe is called. */
@ApplicationScoped
class PaymentMethodsAtStripe {

    private static final Logger LOG = Logger.getLogger(PaymentMethodsAtStripe.class);

    private final Access access;
    private final StripePaymentMethods stripe;
    private final Clock clock;

    PaymentMethodsAtStripe(Access access, StripePaymentMethods stripe, Clock clock) {
        this.access = access;
        this.stripe = stripe;
        this.clock = clock;
    }

    /**
     * Asks Stripe whether this customer still has this card, and removes it here if not.
     *
     * @return whether it is gone
     */
    boolean isGone(String card, String customer) {
        Instant asked = clock.instant();
        try {
            if (customer.equals(stripe.retrieve(card).customerId())) {
                return false;
            }
        } catch (StripeRefused.ResourceMissing gone) {
            LOG.infof("Stripe no longer has payment method %s", card);
        }
        access.runAsService(() -> PaymentMethod.byStripeId(card).forEach(known -> known.detach(asked)));
        return true;
    }
}
