package io.coachpay.payment;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.coach.Chargeability;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripePaymentIntent;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.user.CustomersAtStripe;

/** Handles Stripe's refusals to create or to confirm a payment. Never called inside a database transaction. */
@ApplicationScoped
class PaymentRefusals {

    private final Access access;
    private final TransactionBooks payments;
    private final CustomersAtStripe customers;
    private final Chargeability chargeability;
    private final CardDeclines declines;

    PaymentRefusals(Access access, TransactionBooks payments, CustomersAtStripe customers, Chargeability chargeability,
            CardDeclines declines) {
        this.access = access;
        this.payments = payments;
        this.customers = customers;
        this.chargeability = chargeability;
        this.declines = declines;
    }

    /**
     * Wraps the call that creates a payment's object, and handles its refusals. A payer whose customer Stripe no longer has
     * gets another one, once; any other refusal is recorded and thrown as ours.
     */
    <S> BiFunction<Transaction, String, Optional<S>> handling(BiFunction<Transaction, String, S> create) {
        AtomicBoolean renewed = new AtomicBoolean();
        return (row, key) -> {
            try {
                return Optional.of(create.apply(row, key));
            } catch (StripeAway | StripeRefused.KeyInUse unknown) {
                throw unknown;
            } catch (StripeRefused.ResourceMissing missing) {
                if (!"customer".equals(missing.parameter()) || renewed.getAndSet(true)) {
                    throw of(row.id(), missing);
                }
                renewCustomer(row);
                return Optional.empty();
            } catch (StripeRefused refused) {
                throw of(row.id(), refused);
            }
        };
    }

    /** Continues the payment with the payer's next customer, since Stripe no longer has the one that was sent. */
    private void renewCustomer(Transaction sent) {
        UUID payer = sent.terms().payerId();
        customers.gone(payer, sent.atStripe().customer());
        String next = customers.ensure(payer);
        access.runAsService(
                () -> TransactionQueries.locked(sent.id()).filter(now -> now.attempt().number() == sent.attempt().number())
                        .ifPresent(now -> now.payAs(next)));
    }

    /** Records a definite refusal, and returns it as ours; any other one is returned unchanged. */
    RuntimeException of(UUID id, StripeRefused refused) {
        if (refused instanceof StripeRefused.CardDeclined declined) {
            DeclineReason because = counted(id, declined.paymentIntent(),
                    new DeclineReason(declined.code(), declined.declineCode(), declined.payerMessage()));
            refuse(id, declined.paymentIntent(), because, false);
            return new PaymentRefused.CardDeclined(because.told());
        }
        if (refused instanceof StripeRefused.AuthenticationRequired required) {
            String code = "authentication_required";
            refuse(id, required.paymentIntent(), new DeclineReason(code, code, null), false);
            return new PaymentRefused.CardDeclined(new DeclineReason(code, code,
                    "The bank wants to ask the payer first; pay on Stripe's page instead"));
        }
        if (Chargeability.isLacking(refused)) {
            refuse(id, null, new DeclineReason(refused.reason().code(), null, refused.reason().message()), true);
            String account = access.asService(() -> TransactionQueries.known(id).destinationAccount());
            return chargeability.refused(account, refused);
        }
        if (refused instanceof StripeRefused.InvalidRequest || refused instanceof StripeRefused.ResourceMissing) {
            refuse(id, null, new DeclineReason(refused.reason().code(), null, refused.reason().message()), true);
        }
        return refused;
    }

    /**
     * Counts a refused card, and withholds the reason from a payer who may be trying out cards. Nothing of the payment is held
     * meanwhile: its event counts the same refusal while it holds the payment.
     */
    private DeclineReason counted(UUID id, @Nullable StripePaymentIntent intent, DeclineReason because) {
        Transaction payment = access.asService(() -> TransactionQueries.known(id));
        return declines.counted(payment.terms().payerId(), String.valueOf(payment.atStripe().paymentIntent()),
                payment.atStripe().paymentMethod(), intent, because);
    }

    private void refuse(UUID id, @Nullable StripePaymentIntent intent, DeclineReason because, boolean byStripe) {
        access.runAsService(() -> TransactionQueries.locked(id).ifPresent(transaction -> {
            if (intent != null) {
                transaction.atStripe().linkPaymentIntent(intent.id());
            }
            payments.refuse(transaction, because, byStripe);
        }));
    }

    /** Moves a payment past the attempt whose key is spent. */
    void nextAttempt(UUID id, int after) {
        access.runAsService(() -> TransactionQueries.locked(id).ifPresent(transaction -> transaction.attempt().nextKey(after)));
    }
}
