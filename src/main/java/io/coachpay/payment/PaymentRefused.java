package io.coachpay.payment;

import java.time.Duration;

import io.coachpay.http.Refused;

/** Refusals of a payment. */
public abstract class PaymentRefused extends Refused {

    private PaymentRefused(String name, int status, String title, String detail) {
        super(name, status, title, detail);
    }

    /** The card was refused; the payer may try another one, or correct its number. */
    public static final class CardDeclined extends PaymentRefused {

        CardDeclined(DeclineReason told) {
            super("card-declined", 402, "Card declined", told.message() == null ? "The card was declined" : told.message());
            with("code", told.code());
            with("declineCode", told.declineCode());
        }
    }

    /** Stripe has the payment already, or is processing it. */
    public static final class InProgress extends PaymentRefused {

        public InProgress() {
            super("payment-in-progress", 409, "Payment in progress",
                    "A payment for this session is being processed; its outcome follows shortly");
        }
    }

    /** Nothing is left to pay. */
    public static final class AlreadyPaid extends PaymentRefused {

        public AlreadyPaid() {
            super("already-paid", 409, "Already paid", "This session has been paid");
        }
    }

    /** A return address outside of the permitted origins. */
    public static final class ReturnUrlNotAllowed extends PaymentRefused {

        public ReturnUrlNotAllowed(String field, String origin) {
            super("return-url-not-allowed", 422, "Return address not allowed",
                    "Payers are not sent to " + origin + "; the operator of the service configures the permitted origins");
            with("field", field);
        }
    }

    /** Too many cards were tried. */
    public static final class TooManyCards extends PaymentRefused {

        TooManyCards(Duration wait) {
            super("too-many-cards", 429, "Too many cards",
                    "Too many cards were saved or refused lately; wait before you try another one");
            with("retryAfter", Math.max(1, wait.toSeconds() + 1));
        }
    }

    /** Stripe keeps no further methods for this payer. */
    public static final class TooManyMethods extends PaymentRefused {

        TooManyMethods(int most) {
            super("too-many-payment-methods", 409, "Too many payment methods",
                    "You have as many saved payment methods as can be kept, a card that was saved twice counted twice; remove one first");
            with("most", most);
        }
    }

    /** Something is paid with the method that is to be removed, and there is no other. */
    static final class PaymentMethodNeeded extends PaymentRefused {

        PaymentMethodNeeded() {
            super("payment-method-needed", 409, "Payment method needed",
                    "This is your last payment method, and something that you have is paid with it; save another one first");
        }
    }

    /** The payment method is not the payer's, or there is none. */
    public static final class NoSuchCard extends PaymentRefused {

        public NoSuchCard() {
            super("payment-method-unknown", 422, "Unknown payment method",
                    "There is no such saved payment method; save one first or pay another way");
        }
    }
}
