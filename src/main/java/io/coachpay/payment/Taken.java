package io.coachpay.payment;

import java.util.Objects;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.money.MoneyText;
import io.coachpay.stripe.StripePaymentIntent;

/**
 * What is taken of a payer, and for whom: as it was agreed, or as Stripe did.
 *
 * @param fee what of it is the platform's
 * @param account the connected account that all else goes to; null where there is none
 * @param divided whether only a part goes on, which is never agreed
 * @param paymentIntent null for one that is not known yet
 */
record Taken(Money amount, Money fee, @Nullable String account, boolean divided, @Nullable String paymentIntent) {

    static Taken by(StripePaymentIntent intent) {
        Money taken = intent.amountReceived();
        Money fee = intent.applicationFee();
        // Stripe takes no more for the platform than there is.
        Money kept = fee == null ? Money.zero(taken.getCurrencyUnit()) : fee.isGreaterThan(taken) ? taken : fee;
        // What goes on in part is no transfer of ours, whoever it is for.
        boolean divided = intent.transferAmount() != null;
        return new Taken(taken, kept, divided ? null : intent.destinationId(), divided, intent.id());
    }

    /** Whether the money went as it does in the other one. */
    boolean isLike(Taken other) {
        return amount.equals(other.amount) && fee.equals(other.fee) && divided == other.divided
                && Objects.equals(account, other.account);
    }

    boolean isFor(@Nullable String other) {
        return account != null && account.equals(other);
    }

    /** For whoever looks into it. */
    String inWords() {
        return told(amount) + " with a fee of " + told(fee) + " for " + (account == null ? "nobody" : account)
                + (paymentIntent == null ? "" : " by " + paymentIntent);
    }

    private static String told(Money money) {
        return MoneyText.format(money) + " " + money.getCurrencyUnit();
    }
}
