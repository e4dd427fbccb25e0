package io.coachpay.payment;

import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.coach.Chargeability;
import io.coachpay.http.NotFound;
import io.coachpay.stripe.NewStripePayment;
import io.coachpay.stripe.StripePaymentIntent;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.user.Customers;

/**
 * A payment's row between two calls to Stripe: read for what the next call needs, and noted what the last one said, each in a
 * short transaction of the service.
 */
@ApplicationScoped
class PaymentRows {

    private final Access access;
    private final TransactionBooks payments;

    private final Customers customers;
    private final Chargeability chargeability;

    PaymentRows(Access access, TransactionBooks payments, Customers customers, Chargeability chargeability) {
        this.access = access;
        this.payments = payments;
        this.customers = customers;
        this.chargeability = chargeability;
    }

    Transaction read(UUID id) {
        return access.asService(() -> Transaction.<Transaction> findByIdOptional(id)
                .orElseThrow(() -> new NotFound("transaction")));
    }

    CheckoutSession visit(UUID id) {
        return access.asService(() -> CheckoutSession.of(id).orElseThrow(() -> new NotFound("checkout session")));
    }

    void linkPaymentIntent(UUID id, String paymentIntent) {
        access.runAsService(
                () -> Transaction.locked(id).ifPresent(transaction -> transaction.linkPaymentIntent(paymentIntent)));
    }

    void linkCheckoutSession(UUID id, String checkoutSession) {
        access.runAsService(() -> {
            Transaction.locked(id).ifPresent(transaction -> transaction.linkCheckoutSession(checkoutSession));
            CheckoutSession.of(id).ifPresent(visit -> visit.linkCheckoutSession(checkoutSession));
        });
    }

    void spendKey(UUID id, int attempt) {
        access.runAsService(() -> Transaction.locked(id).filter(transaction -> transaction.attempt() == attempt)
                .ifPresent(Transaction::spendKey));
    }

    /** The customer that was sent at that attempt is gone at Stripe: the payment goes on with the payer's next one. */
    void renewCustomer(UUID id, int attempt) {
        Transaction sent = read(id);
        customers.gone(sent.payerId(), sent.customer());
        String next = customers.ensure(sent.payerId());
        access.runAsService(() -> Transaction.locked(id).filter(transaction -> transaction.attempt() == attempt)
                .ifPresent(transaction -> transaction.payAs(next)));
    }

    /** What Stripe is to be asked for: everything follows from the row, so that the same row asks the same again. */
    static NewStripePayment order(Transaction transaction) {
        String destination = transaction.reachedCoach() ? transaction.destinationAccount() : null;
        return new NewStripePayment(transaction.id(), transaction.amount(),
                destination == null ? null : transaction.platformFee(), transaction.customer(), destination,
                transaction.onBehalfOf() ? destination : null, transaction.description(),
                Map.of(transaction.purpose().metadataKey(), transaction.subjectId().toString()));
    }

    /** The saved card that a payment is tried with. */
    static String card(Transaction transaction) {
        String card = transaction.savedCard();
        if (card == null) {
            throw new IllegalStateException("Payment " + transaction.id() + " is by saved card, but has none");
        }
        return card;
    }

    /** The idempotency key of one attempt at one call for a row. */
    static String key(UUID id, String operation, int attempt) {
        return "transaction:" + id + ":" + operation + ":" + attempt;
    }

    /** A refusal of our own, with its trace left in the books; whatever is no definite refusal stays as it is. */
    RuntimeException refused(UUID id, StripeRefused refused) {
        if (refused instanceof StripeRefused.CardDeclined declined) {
            refuse(id, declined.paymentIntent(),
                    new DeclineReason(declined.code(), declined.declineCode(), declined.payerMessage()), false);
            return new PaymentRefused.CardDeclined(declined.code(), declined.declineCode(), declined.payerMessage());
        }
        if (refused instanceof StripeRefused.AuthenticationRequired required) {
            String code = "authentication_required";
            refuse(id, required.paymentIntent(), new DeclineReason(code, code, null), false);
            return new PaymentRefused.CardDeclined(code, code,
                    "The bank wants to ask its customer first; pay on the page instead");
        }
        if (Chargeability.isLacking(refused)) {
            refuse(id, null, new DeclineReason(refused.reason().code(), null, refused.reason().message()), true);
            return chargeability.refused(read(id).destinationAccount(), refused);
        }
        if (refused instanceof StripeRefused.InvalidRequest || refused instanceof StripeRefused.ResourceMissing) {
            refuse(id, null, new DeclineReason(refused.reason().code(), null, refused.reason().message()), true);
        }
        return refused;
    }

    private void refuse(UUID id, @Nullable StripePaymentIntent intent, DeclineReason because, boolean byStripe) {
        access.runAsService(() -> Transaction.locked(id).ifPresent(transaction -> {
            if (intent != null) {
                transaction.linkPaymentIntent(intent.id());
            }
            payments.refuse(transaction, because, byStripe);
        }));
    }
}
