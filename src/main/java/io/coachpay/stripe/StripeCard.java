package io.coachpay.stripe;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The displayable data of a card: its brand in lower case, last four digits, expiry and how it is funded.
 *
 * @param fingerprint the same for the same number
 * @param wallet the wallet that holds it, such as {@code apple_pay}; null for none
 */
public record StripeCard(@Nullable String brand, @Nullable String last4, @Nullable Integer expMonth,
        @Nullable Integer expYear, @Nullable String country, @Nullable String funding, @Nullable String fingerprint,
        @Nullable String wallet) {

    static @Nullable StripeCard from(StripeFields card) {
        if (!card.isPresent()) {
            return null;
        }
        return new StripeCard(brand(card), card.text("last4"), card.number("exp_month"), card.number("exp_year"),
                card.text("country"), card.text("funding"), card.text("fingerprint"), card.at("wallet").text("type"));
    }

    /** Older versions write "American Express" where newer ones write "amex". */
    private static @Nullable String brand(StripeFields card) {
        String brand = card.text("brand");
        if (brand == null) {
            return null;
        }
        String lower = brand.toLowerCase(Locale.ROOT);
        return switch (lower) {
            case "american express" -> "amex";
            case "diners club" -> "diners";
            default -> lower;
        };
    }
}
