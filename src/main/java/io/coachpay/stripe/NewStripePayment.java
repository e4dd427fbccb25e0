package io.coachpay.stripe;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * The amounts and parties of a new payment, for a payment intent and a Checkout Session alike. Everything comes from our row,
 * so that the same row makes the same call.
 *
 * @param coachpayId our row; the payment's transfer group too, by which its transfers are found
 * @param amount what the payer pays
 * @param fee the platform's part, null when the platform keeps all
 * @param customerId of the payer
 * @param destinationId the connected account that gets the rest, null for none
 * @param onBehalfOf the account whose country settles, where it differs from the platform's; else null
 * @param description on the payer's receipt
 * @param metadata to write on it besides our row's id
 * @param saveCard whether the method is saved for payments without its owner
 */
public record NewStripePayment(UUID coachpayId, Money amount, @Nullable Money fee, String customerId,
        @Nullable String destinationId, @Nullable String onBehalfOf, String description, Map<String, String> metadata,
        boolean saveCard) {

    /**
     * Methods that take days to report whether they paid; a booked hour cannot wait. See
     * <a href="https://docs.stripe.com/payments/payment-methods#payment-notification">docs.stripe.com</a>.
     */
    static final List<String> DELAYED_METHODS = List.of("acss_debit", "au_becs_debit", "bacs_debit", "boleto",
            "customer_balance", "konbini", "multibanco", "nz_bank_account", "oxxo", "payto", "sepa_debit", "sofort",
            "us_bank_account");

    /** A payment whose method is not saved. */
    public NewStripePayment(UUID coachpayId, Money amount, @Nullable Money fee, String customerId,
            @Nullable String destinationId, @Nullable String onBehalfOf, String description, Map<String, String> metadata) {
        this(coachpayId, amount, fee, customerId, destinationId, onBehalfOf, description, metadata, false);
    }

    public NewStripePayment {
        metadata = Map.copyOf(metadata);
        if (!amount.isPositive()) {
            throw new IllegalArgumentException("There is nothing to pay for " + coachpayId);
        }
        if (fee != null && destinationId == null) {
            throw new IllegalArgumentException("A fee is taken from a destination, and there is none for " + coachpayId);
        }
        if (fee != null && fee.isGreaterThan(amount)) {
            throw new IllegalArgumentException("The fee is more than the amount for " + coachpayId);
        }
    }

    /** Adds the parameters that Checkout nests in {@code payment_intent_data} and a payment intent takes unnested. */
    StripeForm putOn(StripeForm form, String prefix) {
        // Stripe refuses a fee of zero; leaving it out means the same.
        form.putAmount(name(prefix, "application_fee_amount"), fee != null && fee.isPositive() ? fee : null);
        form.put(name(prefix, "transfer_data") + "[destination]", destinationId);
        form.put(name(prefix, "on_behalf_of"), onBehalfOf);
        form.put(name(prefix, "transfer_group"), coachpayId.toString());
        form.put(name(prefix, "description"), description);
        return form.putMetadata(name(prefix, "metadata"), coachpayId, metadata);
    }

    private static String name(String prefix, String field) {
        return prefix.isEmpty() ? field : prefix + "[" + field + "]";
    }
}
