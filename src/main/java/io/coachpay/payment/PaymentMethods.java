package io.coachpay.payment;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    private static final int LONGEST_URL = 2048;
    private static final Set<String> SCHEMES = Set.of("http", "https");

    private final Access access;
    private final StripePaymentMethods stripe;
    private final PaymentSettings settings;

    PaymentMethods(Access access, StripePaymentMethods stripe, PaymentSettings settings) {
        this.access = access;
        this.stripe = stripe;
        this.settings = settings;
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
        try {
            if (customer.equals(stripe.retrieve(card).customerId())) {
                return false;
            }
        } catch (StripeRefused.ResourceMissing gone) {
            LOG.infof("Stripe has no payment method %s any more", card);
        }
        access.runAsService(() -> PaymentMethod.byStripeId(card).forEach(PaymentMethod::delete));
        return true;
    }

    /** Where Stripe's page sends a payer, checked; our own pages unless the client has its own. */
    public Payments.ReturnUrls returnUrls(@Nullable String success, @Nullable String cancel) {
        return new Payments.ReturnUrls(success == null ? settings.successUrl() : checked("successUrl", success),
                cancel == null ? settings.cancelUrl() : checked("cancelUrl", cancel));
    }

    private static String checked(String field, String url) {
        try {
            URI uri = new URI(url.replace("{CHECKOUT_SESSION_ID}", "x"));
            boolean usable = uri.getHost() != null && uri.getScheme() != null && SCHEMES.contains(uri.getScheme())
                    && uri.getUserInfo() == null && url.length() <= LONGEST_URL;
            if (usable) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw new InvalidField(field, "must be a web address");
        }
        throw new InvalidField(field, "must be a web address of " + LONGEST_URL + " characters at most");
    }
}
