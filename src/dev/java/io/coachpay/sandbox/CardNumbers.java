package io.coachpay.sandbox;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** Checks card details as a person typed them. */
final class CardNumbers {

    private CardNumbers() {
    }

    /** Refuses, as a card error, a number, date or security code that no card has. */
    static void check(String number, long month, long year, @Nullable String cvc, Instant now) {
        if (!number.matches("\\d{12,19}") || !passesLuhn(number)) {
            throw refused("incorrect_number", "Your card number is incorrect.", "number");
        }
        if (month < 1 || month > 12) {
            throw refused("invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month");
        }
        long fullYear = year < 100 ? 2000 + year : year;
        YearMonth today = YearMonth.from(now.atZone(ZoneOffset.UTC));
        if (fullYear > 9999 || YearMonth.of((int) fullYear, (int) month).isBefore(today)) {
            throw refused("invalid_expiry_year", "Your card's expiration year is invalid.", "exp_year");
        }
        if (cvc != null && !cvc.matches("\\d{3,4}")) {
            throw refused("invalid_cvc", "Your card's security code is invalid.", "cvc");
        }
    }

    /** A fingerprint of the number, always the same, so that a card used twice is recognised. */
    static String fingerprint(String number) {
        return UUID.nameUUIDFromBytes(number.getBytes(StandardCharsets.UTF_8)).toString().replace("-", "").substring(0, 16)
                .toUpperCase(Locale.ROOT);
    }

    private static boolean passesLuhn(String number) {
        int sum = 0;
        for (int i = 0; i < number.length(); i++) {
            int digit = number.charAt(number.length() - 1 - i) - '0';
            int weighted = i % 2 == 0 ? digit : 2 * digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }
        return sum % 10 == 0;
    }

    private static StripeError refused(String code, String message, String param) {
        return StripeError.status(402, "card_error", code, message).with("param", param);
    }
}
