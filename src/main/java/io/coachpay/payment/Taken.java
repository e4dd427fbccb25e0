package io.coachpay.payment;

import java.util.Objects;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.money.MoneyText;
import io.coachpay.stripe.StripePaymentIntent;

/**
 * An amount taken from a payer, and its receivers: as it was agreed, or as Stripe did.
 *
 * @param fee the platform's part of it
 * @param account the connected account that gets the rest; null where there is none
 * @param divided whether only a part is passed on, which is never agreed
 * @param paymentIntent null while it is unknown
 */
record Taken(Money amount, Money fee, @Nullable String account, boolean divided, @Nullable String paymentIntent) {

    static Taken by(StripePaymentIntent intent) {
        Money taken = intent.amountReceived();
        Money fee = intent.applicationFee();
        // Stripe takes no more for the platform than there is.
        Money kept = fee == null ? Money.zero(taken.getCurrencyUnit()) : fee.isGreaterThan(taken) ? taken : fee;
        // A partial transfer is not ours, for any receiver.
        boolean divided = intent.transferAmount() != null;
        return new Taken(taken, kept, divided ? null : intent.destinationId(), divided, intent.id());
    }

    /** The agreed terms; of a held payment, what Stripe took. */
    static Taken agreed(Transaction payment) {
        return new Taken(payment.amount(), payment.amounts().fee(), payment.amounts().account(), false,
                payment.paymentIntent());
    }

    /** Answers whether Stripe took the agreed amount and fee for the agreed account. */
    static boolean isAsAgreed(Transaction payment, StripePaymentIntent intent) {
        return by(intent).isLike(agreed(payment));
    }

    /** Whether the money went the same way as in the other one. */
    boolean isLike(Taken other) {
        return amount.equals(other.amount) && fee.equals(other.fee) && divided == other.divided
                && Objects.equals(account, other.account);
    }

    boolean isFor(@Nullable String other) {
        return account != null && account.equals(other);
    }

    /** The amounts and receivers in words, for administrators. */
    String inWords() {
        return told(amount) + " with a fee of " + told(fee) + " for " + (account == null ? "nobody" : account)
                + (paymentIntent == null ? "" : " by " + paymentIntent);
    }

    private static String told(Money money) {
        return MoneyText.format(money) + " " + money.getCurrencyUnit();
    }
}
