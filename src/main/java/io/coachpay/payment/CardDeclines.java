package io.coachpay.payment;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.ClientAddress;
import io.coachpay.stripe.StripePaymentIntent;
import io.coachpay.stripe.StripeRefused;

/** Counts cards that their banks refused, and tells their owners: without a reason those who may be trying out cards. */
@ApplicationScoped
public class CardDeclines {

    private static final String PAYMENT_INTENT = "pi_";

    private final Access access;
    private final CardLimitBooks limits;
    private final ClientAddress client;

    CardDeclines(Access access, CardLimitBooks limits, ClientAddress client) {
        this.access = access;
        this.limits = limits;
        this.client = client;
    }

    /**
     * Counts a refused card, and returns the refusal for its owner.
     *
     * @param card {@code pm_…}
     * @param intent the payment, {@code pi_…}
     */
    public RuntimeException of(UUID owner, String card, String intent, StripeRefused.CardDeclined refused) {
        return new PaymentRefused.CardDeclined(counted(owner, intent, card, refused.paymentIntent(),
                new DeclineReason(refused.code(), refused.declineCode(), refused.payerMessage())).told());
    }

    /**
     * Counts a refused card, and withholds the reason from an owner who may be trying out cards. A refusal of a payment that
     * nobody knows yet is counted by its event.
     *
     * @param told the payment as the refusal left it, where Stripe sent it along
     */
    DeclineReason counted(UUID owner, String intent, @Nullable String card, @Nullable StripePaymentIntent told,
            DeclineReason because) {
        if (told == null && !intent.startsWith(PAYMENT_INTENT)) {
            return because;
        }
        StripePaymentIntent.LastError error = told == null ? null : told.lastError();
        String attempt = error == null ? CardLimitBooks.attempt(intent, card) : CardLimitBooks.attempt(intent, error);
        String address = client.ofCaller();
        return access.asService(() -> {
            String fingerprint = card == null ? null
                    : PaymentMethod.byStripeId(card).stream().findFirst().map(PaymentMethod::fingerprint).orElse(null);
            return limits.declined(owner, attempt, fingerprint, address, because);
        });
    }
}
