package io.coachpay.payment;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeCheckoutSession;
import io.coachpay.stripe.StripeCheckouts;
import io.coachpay.stripe.StripePaymentIntent;
import io.coachpay.stripe.StripePayments;
import io.coachpay.stripe.StripeRefused;

/**
 * Has Stripe make what a payment needs there, once for its row.
 *
 * @param <T> a PaymentIntent, or a visit to Stripe's page
 */
abstract class MakingPayment<T> implements IdempotentCalls.Creation {

    /** Stripe's clock may be behind ours a little. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    final UUID id;
    final PaymentRows rows;
    private @Nullable T made;
    private boolean renewed;

    MakingPayment(UUID id, PaymentRows rows) {
        this.id = id;
        this.rows = rows;
    }

    /** What was made or found just now; null when it was known before. */
    @Nullable
    T made() {
        return made;
    }

    abstract @Nullable String stripeId(Transaction transaction);

    abstract T create(Transaction transaction, String key);

    abstract void note(T object);

    @Override
    public IdempotentCalls.Progress progress() {
        Transaction transaction = rows.read(id);
        return new IdempotentCalls.Progress(stripeId(transaction), transaction.attempt(), transaction.createdAt());
    }

    @Override
    public void create(int attempt) {
        try {
            keep(create(rows.read(id), PaymentRows.key(id, "create", attempt)));
        } catch (StripeAway | StripeRefused.KeyInUse unknown) {
            throw unknown;
        } catch (StripeRefused.ResourceMissing missing) {
            if (renewed || !"customer".equals(missing.parameter())) {
                throw rows.refused(id, missing);
            }
            // The next round asks for the payer's next customer; should that be gone too, somebody has to look.
            renewed = true;
            rows.renewCustomer(id, attempt);
        } catch (StripeRefused refused) {
            throw rows.refused(id, refused);
        }
    }

    @Override
    public void nextAttempt(int after) {
        rows.spendKey(id, after);
    }

    final T keep(T object) {
        note(object);
        made = object;
        return object;
    }

    static Instant since(Transaction transaction) {
        return transaction.createdAt().minus(CLOCKS_DIFFER);
    }

    /**
     * The PaymentIntent of a payment without Stripe's page. Making it charges nobody, a saved card neither: whoever gives the
     * payment up can always have it cancelled, and Stripe decides which came first.
     */
    static final class Intent extends MakingPayment<StripePaymentIntent> {

        private final StripePayments stripe;

        Intent(UUID id, PaymentRows rows, StripePayments stripe) {
            super(id, rows);
            this.stripe = stripe;
        }

        @Override
        @Nullable
        String stripeId(Transaction transaction) {
            return transaction.paymentIntent();
        }

        @Override
        public boolean find() {
            Transaction transaction = rows.read(id);
            return stripe.find(id, transaction.customer(), since(transaction)).stream().findFirst().map(this::keep).isPresent();
        }

        @Override
        StripePaymentIntent create(Transaction transaction, String key) {
            return stripe.create(PaymentRows.order(transaction), key);
        }

        @Override
        void note(StripePaymentIntent intent) {
            rows.linkPaymentIntent(id, intent.id());
        }
    }

    /** Stripe's page for a payment. */
    static final class Page extends MakingPayment<StripeCheckoutSession> {

        private final StripeCheckouts stripe;

        Page(UUID id, PaymentRows rows, StripeCheckouts stripe) {
            super(id, rows);
            this.stripe = stripe;
        }

        @Override
        @Nullable
        String stripeId(Transaction transaction) {
            return transaction.checkoutSession();
        }

        @Override
        public boolean find() {
            Transaction transaction = rows.read(id);
            return stripe.find(id, transaction.customer(), since(transaction)).stream().findFirst().map(this::keep).isPresent();
        }

        @Override
        StripeCheckoutSession create(Transaction transaction, String key) {
            CheckoutSession visit = rows.visit(id);
            return stripe.create(PaymentRows.order(transaction), visit.expiresAt(), visit.successUrl(), visit.cancelUrl(),
                    key);
        }

        @Override
        void note(StripeCheckoutSession page) {
            rows.linkCheckoutSession(id, page.id());
        }
    }
}
