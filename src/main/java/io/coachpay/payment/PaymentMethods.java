package io.coachpay.payment;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.InvalidField;

/** Finds saved payment methods, and checks the addresses to which payers return. */
@ApplicationScoped
public class PaymentMethods {

    private final Access access;
    private final PaymentSettings settings;
    private final ReturnAddresses addresses;

    PaymentMethods(Access access, PaymentSettings settings, ReturnAddresses addresses) {
        this.access = access;
        this.settings = settings;
        this.addresses = addresses;
    }

    /** Returns the caller's saved payment methods, newest first. */
    @Transactional
    List<PaymentMethodView> mine() {
        return PaymentMethod.of(access.userId()).stream().map(PaymentMethod::view).toList();
    }

    /**
     * Finds Stripe's id of a user's payment method.
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
     * The addresses to which Stripe's page sends a payer; our own pages unless the client has its own.
     *
     * @throws InvalidField when one is not a web address (400)
     * @throws PaymentRefused.ReturnUrlNotAllowed for one outside of the configured origins (422)
     */
    public TransactionBooks.ReturnUrls returnUrls(@Nullable String success, @Nullable String cancel) {
        return new TransactionBooks.ReturnUrls(
                success == null ? settings.successUrl() : addresses.checked("successUrl", success),
                cancel == null ? settings.cancelUrl() : addresses.checked("cancelUrl", cancel));
    }
}
