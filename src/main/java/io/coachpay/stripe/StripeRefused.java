package io.coachpay.stripe;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.job.Unheard;

/**
 * Stripe refused, or did not answer. Each reason is a type of its own; see
 * <a href="https://docs.stripe.com/error-codes">docs.stripe.com/error-codes</a>. Messages are free of keys and client secrets,
 * but only {@link CardDeclined#payerMessage()} is written for the payer.
 */
public abstract sealed class StripeRefused extends RuntimeException permits StripeAway, StripeRefused.CardDeclined,
        StripeRefused.AuthenticationRequired, StripeRefused.InsufficientBalance, StripeRefused.RateLimited,
        StripeRefused.UnexpectedState, StripeRefused.ResourceMissing, StripeRefused.KeyReused, StripeRefused.KeyInUse,
        StripeRefused.AccountNotReady, StripeRefused.NotPermitted, StripeRefused.InvalidRequest {

    private final Reason reason;

    StripeRefused(Reason reason) {
        super(reason.operation() + ": " + reason.message());
        this.reason = reason;
    }

    /**
     * Stripe's answer.
     *
     * @param operation our name of the call, such as {@code payment_intents.create}
     * @param status the HTTP status, 0 without an answer
     * @param code Stripe's error code
     * @param requestId by which Stripe's support finds the call
     * @param message Stripe's message, sanitised
     */
    public record Reason(String operation, int status, @Nullable String code, @Nullable String requestId, String message) {
    }

    /** Stripe's answer, for logs and administrators. */
    public Reason reason() {
        return reason;
    }

    /** A word for metrics. */
    public abstract String outcome();

    /** The card was refused; the same payment can be tried with another, under the next key. */
    public static final class CardDeclined extends StripeRefused {
        private final @Nullable String declineCode;
        private final @Nullable StripePaymentIntent paymentIntent;

        CardDeclined(Reason reason, @Nullable String declineCode, @Nullable StripePaymentIntent paymentIntent) {
            super(reason);
            this.declineCode = declineCode;
            this.paymentIntent = paymentIntent;
        }

        /** Stripe's code, such as {@code card_declined} or {@code expired_card}. */
        public String code() {
            String code = reason().code();
            return code == null ? "card_declined" : code;
        }

        /** The bank's reason, such as {@code insufficient_funds}; not every bank gives one. */
        public @Nullable String declineCode() {
            return declineCode;
        }

        /** Stripe's words, written for the payer. */
        public String payerMessage() {
            return reason().message();
        }

        /** The payment as the refusal left it, if Stripe sent it along. */
        public @Nullable StripePaymentIntent paymentIntent() {
            return paymentIntent;
        }

        @Override
        public String outcome() {
            return "card_declined";
        }
    }

    /** The bank wants the payer to authenticate; the payment waits for that. */
    public static final class AuthenticationRequired extends StripeRefused {
        private final @Nullable StripePaymentIntent paymentIntent;

        AuthenticationRequired(Reason reason, @Nullable StripePaymentIntent paymentIntent) {
            super(reason);
            this.paymentIntent = paymentIntent;
        }

        /** The payment that waits, if Stripe sent it along. */
        public @Nullable StripePaymentIntent paymentIntent() {
            return paymentIntent;
        }

        @Override
        public String outcome() {
            return "authentication_required";
        }
    }

    /** The Stripe balance that the money should come from does not hold enough yet. */
    public static final class InsufficientBalance extends StripeRefused {
        InsufficientBalance(Reason reason) {
            super(reason);
        }

        @Override
        public String outcome() {
            return "insufficient_balance";
        }
    }

    /** Too many calls, or another call holds the object. Nothing happened; the same key may be used again after the pause. */
    public static final class RateLimited extends StripeRefused implements Unheard {
        private final Duration pause;

        RateLimited(Reason reason, Duration pause) {
            super(reason);
            this.pause = pause;
        }

        /** The pause that Stripe asks for, if it does; a second at least, a minute at most. */
        @Override
        public Duration pause() {
            return pause;
        }

        @Override
        public String outcome() {
            return "rate_limited";
        }
    }

    /** The object's state does not allow this any more; refresh it to decide what happens next. */
    public static final class UnexpectedState extends StripeRefused {
        private final @Nullable JsonNode object;

        UnexpectedState(Reason reason, @Nullable JsonNode object) {
            super(reason);
            this.object = object;
        }

        /** The payment in that state, if it is one and Stripe sent it along; otherwise fetch it. */
        public @Nullable StripePaymentIntent paymentIntent() {
            return object != null && StripePaymentIntent.OBJECT.equals(object.path("object").asText())
                    ? StripePaymentIntent.from(object)
                    : null;
        }

        @Override
        public String outcome() {
            return "unexpected_state";
        }
    }

    /** There is no such object, or not for this account. */
    public static final class ResourceMissing extends StripeRefused {
        private final @Nullable String parameter;

        ResourceMissing(Reason reason) {
            this(reason, null);
        }

        ResourceMissing(Reason reason, @Nullable String parameter) {
            super(reason);
            this.parameter = parameter;
        }

        /** The parameter that names the missing object, as Stripe names it. */
        public @Nullable String parameter() {
            return parameter;
        }

        @Override
        public String outcome() {
            return "resource_missing";
        }
    }

    /** The key was used before with other parameters: a mistake of ours, and nothing happened now. */
    public static final class KeyReused extends StripeRefused {
        KeyReused(Reason reason) {
            super(reason);
        }

        @Override
        public String outcome() {
            return "key_reused";
        }
    }

    /** A call with this key is still running; its effect is not known yet, and the key may be used again in a moment. */
    public static final class KeyInUse extends StripeRefused {
        KeyInUse(Reason reason) {
            super(reason);
        }

        @Override
        public String outcome() {
            return "key_in_use";
        }
    }

    /** The connected account lacks something: a capability, onboarding, a bank that takes it, or it was closed. */
    public static final class AccountNotReady extends StripeRefused {
        AccountNotReady(Reason reason) {
            super(reason);
        }

        @Override
        public String outcome() {
            return "account_not_ready";
        }
    }

    /** The platform may not do this for this account, or no longer, as after a coach disconnected. */
    public static final class NotPermitted extends StripeRefused {
        NotPermitted(Reason reason) {
            super(reason);
        }

        @Override
        public String outcome() {
            return "not_permitted";
        }
    }

    /** Stripe does not take these parameters: a mistake of ours, or of the person who chose them. */
    public static final class InvalidRequest extends StripeRefused {
        private final @Nullable String parameter;

        InvalidRequest(Reason reason, @Nullable String parameter) {
            super(reason);
            this.parameter = parameter;
        }

        /** The parameter that Stripe refuses, as Stripe names it. */
        public @Nullable String parameter() {
            return parameter;
        }

        /** Whether the customer's address does not tell Stripe where tax is due. */
        public boolean isPlaceUnknown() {
            return "customer_tax_location_invalid".equals(reason().code());
        }

        /**
         * Whether Stripe, without a code for it, complains of nothing but these parameters. Where they come from our own rows
         * they are right, and the object or the account does not allow the call.
         */
        boolean blames(String... parameters) {
            return reason().code() == null && (parameter == null || List.of(parameters).contains(parameter));
        }

        @Override
        public String outcome() {
            return "invalid_request";
        }
    }
}
