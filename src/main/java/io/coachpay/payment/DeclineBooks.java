package io.coachpay.payment;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripePaymentIntent;

/** Reads why payments were refused, and counts the refused cards on the way. */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
class DeclineBooks {

    private final CardLimitBooks limits;
    private final PaymentAddressBooks addresses;

    DeclineBooks(CardLimitBooks limits, PaymentAddressBooks addresses) {
        this.limits = limits;
        this.addresses = addresses;
    }

    /** The reason for which a payment waits for another card; null where none was refused. */
    @Nullable
    DeclineReason last(Transaction payment, StripePaymentIntent intent) {
        StripePaymentIntent.LastError error = intent.lastError();
        if (error == null || intent.status() != StripePaymentIntent.Status.REQUIRES_PAYMENT_METHOD) {
            return null;
        }
        DeclineReason reason = new DeclineReason(error.code(), error.declineCode(), error.message());
        return !error.isOfCard() ? reason
                : limits.declined(payment.terms().payerId(), CardLimitBooks.attempt(intent.id(), error), error.fingerprint(),
                        addresses.of(payment.id()), reason);
    }
}
