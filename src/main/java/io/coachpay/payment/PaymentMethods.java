package io.coachpay.payment;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.InvalidField;
import io.coachpay.stripe.StripePaymentMethods;
import io.coachpay.stripe.StripeRefused;

/** Saved ways to pay, and where payers come back to. */
@ApplicationScoped
public class PaymentMethods {

    private static final Logger LOG = Logger.getLogger(PaymentMethods.class);

    private final Access access;
    private final StripePaymentMethods stripe;
    private final PaymentSettings settings;
    private final ReturnAddresses addresses;
    private final Clock clock;

    PaymentMethods(Access access, StripePaymentMethods stripe, PaymentSettings settings, ReturnAddresses addresses,
            Clock clock) {
        this.access = access;
        this.stripe = stripe;
        this.settings = settings;
        this.addresses = addresses;
        this.clock = clock;
    }

    /** The caller's saved payment methods, newest first. */
    @Transactional
    List<PaymentMethodView> mine() {
        return PaymentMethod.of(access.userId()).stream().map(PaymentMethod::view).toList();
    }

    /**
     * Stripe's id of a payment method of this user.
     *
     * @param id ours; null for the default one
     * @throws PaymentRefused.NoSuchCard when there is none
     */
    @Transactional
    public String stripeIdOf(UUID userId, @Nullable UUID id) {
        Optional<PaymentMethod> method = id == null ? PaymentMethod.defaultOf(userId) : PaymentMethod.of(userId, id);
        return method.map(PaymentMethod::stripeId).orElseThrow(PaymentRefused.NoSuchCard::new);
    }

    /**
     * Looks whether Stripe still has this card for this customer, and forgets it here if it does not. Calls Stripe.
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
            LOG.infof("Stripe has no payment method %s any more", card);
        }
        access.runAsService(() -> PaymentMethod.byStripeId(card).forEach(known -> known.detach(asked)));
        return true;
    }

    /**
     * Where Stripe's page sends a payer; our own pages unless the client has its own.
     *
     * @throws InvalidField for what is no web address (400)
     * @throws PaymentRefused.ReturnUrlNotAllowed for one that is not of the configured origins (422)
     */
    public TransactionBooks.ReturnUrls returnUrls(@Nullable String success, @Nullable String cancel) {
        return new TransactionBooks.ReturnUrls(
                success == null ? settings.successUrl() : addresses.checked("successUrl", success),
                cancel == null ? settings.cancelUrl() : addresses.checked("cancelUrl", cancel));
    }
}
