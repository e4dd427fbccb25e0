package io.coachpay.payment;

import java.util.UUID;
import java.util.function.Function;

import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeCheckoutSession;
import io.coachpay.stripe.StripeCheckouts;
import io.coachpay.stripe.StripePaymentIntent;
import io.coachpay.stripe.StripePayments;
import io.coachpay.stripe.StripeRefused;

/**
 * Has Stripe change what a payment has there, under a key of the payment's row.
 *
 * @param <T> what Stripe answers with
 */
abstract class ChangingPayment<T> implements IdempotentCalls.Change<T> {

    private final UUID id;
    private final PaymentRows rows;
    private final String operation;
    private final Function<String, T> asking;

    /** @param asking given the key; the rest follows from the row */
    private ChangingPayment(UUID id, PaymentRows rows, String operation, Function<String, T> asking) {
        this.id = id;
        this.rows = rows;
        this.operation = operation;
        this.asking = asking;
    }

    @Override
    public int attempt() {
        return rows.read(id).attempt();
    }

    @Override
    public T call(int attempt) {
        return asking.apply(PaymentRows.key(id, operation, attempt));
    }

    @Override
    public void nextAttempt(int after) {
        rows.spendKey(id, after);
    }

    /** Gives a payment up. */
    static final class Cancelling extends ChangingPayment<StripePaymentIntent> {

        Cancelling(UUID id, PaymentRows rows, StripePayments stripe, String intentId) {
            super(id, rows, "cancel", key -> stripe.cancel(intentId, key));
        }
    }

    /** Closes the page of a payment. */
    static final class Expiring extends ChangingPayment<StripeCheckoutSession> {

        Expiring(UUID id, PaymentRows rows, StripeCheckouts stripe, String pageId) {
            super(id, rows, "expire", key -> stripe.expire(pageId, key));
        }
    }

    /**
     * Tries a payment with its saved card. What the bank has answered stays the answer to this try, for whoever was cut off and
     * comes back: the card is not tried twice. The next try, after a refusal, counts by itself.
     */
    static final class Confirming extends ChangingPayment<StripePaymentIntent> {

        private boolean answered;

        Confirming(UUID id, PaymentRows rows, StripePayments stripe, String intentId, String returnUrl) {
            super(id, rows, "confirm",
                    key -> stripe.confirm(intentId, PaymentRows.card(rows.read(id)), returnUrl, key));
        }

        @Override
        public StripePaymentIntent call(int attempt) {
            try {
                StripePaymentIntent told = super.call(attempt);
                answered = true;
                return told;
            } catch (StripeRefused.CardDeclined | StripeRefused.AuthenticationRequired refused) {
                answered = true;
                throw refused;
            }
        }

        @Override
        public void nextAttempt(int after) {
            if (!answered) {
                super.nextAttempt(after);
            }
        }
    }
}
