package io.coachpay.payment;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.EnumeratedValue;

import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeBacked;

/**
 * The current try to pay: how, with which key at Stripe, when Stripe is asked next, which news counts, and why it was refused.
 */
@Embeddable
public class PaymentAttempt {

    /** The payer's way of paying. */
    public enum Method {
        /** On Stripe's own page. */
        CHECKOUT("checkout"),
        /** In the client's form, with the PaymentIntent's client secret. */
        PAYMENT_INTENT("payment_intent"),
        /** With a payment method saved before. */
        SAVED_CARD("saved_card"),
        /** With credits bought before; Stripe is not asked. */
        CREDITS("credits"),
        /** Charged by Stripe for an invoice. */
        INVOICE("invoice");

        @EnumeratedValue
        private final String column;

        Method(String column) {
            this.column = column;
        }

        /** Those that a payer chooses: Stripe charges an invoice by itself. */
        public static Method[] chosen() {
            return Arrays.stream(values()).filter(method -> method != INVOICE).toArray(Method[]::new);
        }

        /** The method as the database and the API write it. */
        public String column() {
            return column;
        }
    }

    /** A request that is still open after this time was cut off. */
    private static final Duration FIRST_CHECK = Duration.ofSeconds(30);

    @Enumerated(EnumType.STRING)
    private Method method;
    @Column(name = "attempt")
    private int number;
    @Column(name = "check_at")
    private @Nullable Instant checkAt;
    @Column(name = "stripe_as_of")
    private @Nullable Instant stripeAsOf;
    @Column(name = "refused_at")
    private @Nullable Instant refusedAt;
    @Embedded
    private @Nullable DeclineReason failure;

    @SuppressWarnings("NullAway.Init")
    protected PaymentAttempt() {
    }

    /** The first try, which is about to begin. */
    PaymentAttempt(Method method, Instant now) {
        this.method = method;
        this.number = 1;
        // Where it is for an invoice, that is looked at for as long as it is open.
        this.checkAt = method == Method.INVOICE ? null : now.plus(FIRST_CHECK);
    }

    /**
     * Starts another try. What Stripe has refused needs another key; events from before this moment are about an earlier try.
     *
     * @param atStripe whether Stripe knows the payment, and so the key
     */
    void retry(Method with, boolean atStripe, Instant now) {
        method = with;
        stripeAsOf = now;
        refusedAt = null;
        if (atStripe) {
            nextKey();
        }
    }

    /** Records the bank's refusal. */
    void fail(DeclineReason because) {
        failure = because;
        refusedAt = null;
    }

    /** Records that Stripe refused the call itself. */
    void refuse(DeclineReason because, Instant now) {
        failure = because;
        refusedAt = now;
    }

    /** Forgets earlier refusals, and Stripe is asked no more. */
    void succeed() {
        failure = null;
        refusedAt = null;
        checkAt = null;
    }

    /** Stripe is asked no more. */
    void cancel() {
        checkAt = null;
    }

    /** Schedules the next check at Stripe. */
    void checkNext(Instant at) {
        checkAt = at;
    }

    /** Counts to the next key. */
    void nextKey() {
        number++;
    }

    /** Counts to the next key, unless another worker has done so since that attempt. */
    void nextKey(int after) {
        number = StripeBacked.next(number, after);
    }

    /**
     * Accepts news of Stripe's unless it is stale; times of events are whole seconds.
     *
     * @return whether nothing newer was known
     */
    boolean acceptIfNewer(Instant asOf) {
        Instant second = asOf.truncatedTo(ChronoUnit.SECONDS);
        boolean news = stripeAsOf == null || !second.isBefore(stripeAsOf);
        if (news) {
            stripeAsOf = second;
        }
        return news;
    }

    public Method method() {
        return method;
    }

    /** Counts the calls with a result that stays; part of their keys. */
    int number() {
        return number;
    }

    /** When Stripe is asked next; null once the payment is over. */
    @Nullable
    Instant checkAt() {
        return checkAt;
    }

    /** Whether Stripe refused the call itself. Its message is not for the payer, unlike a bank's decline. */
    public boolean isRefusedByStripe() {
        return refusedAt != null;
    }

    /** The reason of the last refusal; null without one. */
    public @Nullable DeclineReason failure() {
        return failure;
    }
}
