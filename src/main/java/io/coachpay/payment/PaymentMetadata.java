package io.coachpay.payment;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.coachpay.http.InvalidField;

/**
 * A client's own words about a payment, such as its order's number. They are stored with the payment and written on its objects
 * at Stripe, beside ours.
 *
 * @see <a href="https://docs.stripe.com/metadata">Stripe: metadata</a>
 */
public record PaymentMetadata(Map<String, String> values) {

    /** No words. */
    public static final PaymentMetadata NONE = new PaymentMetadata(Map.of());

    /** Stripe takes 50, and ours are among them. */
    static final int MOST = 20;
    /** Characters of a key, as at Stripe. */
    static final int LONGEST_KEY = 40;
    /** Characters of a value; Stripe takes 500. */
    static final int LONGEST_VALUE = 200;

    private static final String FIELD = "metadata";
    private static final String OURS = "coachpay_";

    public PaymentMetadata {
        values = Map.copyOf(values);
    }

    /**
     * Checks what a client sent as {@code metadata}.
     *
     * @param sent null where the client sent none
     * @throws InvalidField for too many or too long ones, a key of ours, or one that Stripe refuses (400)
     */
    public static PaymentMetadata of(@Nullable Map<String, @Nullable String> sent) {
        if (sent == null) {
            return NONE;
        }
        if (sent.size() > MOST) {
            throw new InvalidField(FIELD, "must have " + MOST + " keys at most");
        }
        sent.forEach(PaymentMetadata::check);
        return new PaymentMetadata(sent);
    }

    private static void check(String key, @Nullable String value) {
        if (key.isBlank() || key.length() > LONGEST_KEY || key.chars().anyMatch(c -> c == '[' || c == ']' || c < ' ')) {
            throw new InvalidField(FIELD, "a key must have 1 to " + LONGEST_KEY + " characters, none of them a bracket");
        }
        if (isOurs(key)) {
            throw new InvalidField(FIELD + "." + key, "is a key of ours");
        }
        // An empty value means at Stripe that its key is removed.
        if (value == null || value.isEmpty() || value.length() > LONGEST_VALUE) {
            throw new InvalidField(FIELD + "." + key, "must have 1 to " + LONGEST_VALUE + " characters");
        }
    }

    private static boolean isOurs(String key) {
        return key.toLowerCase(Locale.ROOT).startsWith(OURS)
                || Arrays.stream(Purpose.values()).anyMatch(purpose -> purpose.metadataKey().equals(key));
    }
}
