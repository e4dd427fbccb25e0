package io.coachpay.stripe;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * An address as Stripe writes it.
 *
 * @param country two upper-case letters
 */
public record StripeAddress(@Nullable String line1, @Nullable String line2, @Nullable String city, @Nullable String state,
        @Nullable String postalCode, @Nullable String country) {

    static @Nullable StripeAddress from(StripeFields fields) {
        return fields.isPresent()
                ? new StripeAddress(fields.text("line1"), fields.text("line2"), fields.text("city"), fields.text("state"),
                        fields.text("postal_code"), fields.text("country"))
                : null;
    }

    /** Reads the parts by Stripe's names. */
    public static StripeAddress of(Map<String, String> parts) {
        return new StripeAddress(parts.get("line1"), parts.get("line2"), parts.get("city"), parts.get("state"),
                parts.get("postal_code"), parts.get("country"));
    }

    /** Those of its parts that there are, by Stripe's names. */
    public Map<String, String> parts() {
        Map<String, String> parts = new LinkedHashMap<>();
        all().forEach((name, part) -> {
            if (!part.isEmpty()) {
                parts.put(name, part);
            }
        });
        return Map.copyOf(parts);
    }

    /** Replaces the whole address: Stripe keeps a part that a form leaves out. */
    void putOn(StripeForm form) {
        all().forEach((name, part) -> form.put("address[" + name + "]", part));
    }

    private Map<String, String> all() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("line1", orEmpty(line1));
        parts.put("line2", orEmpty(line2));
        parts.put("city", orEmpty(city));
        parts.put("state", orEmpty(state));
        parts.put("postal_code", orEmpty(postalCode));
        parts.put("country", orEmpty(country));
        return parts;
    }

    private static String orEmpty(@Nullable String part) {
        return part == null ? "" : part;
    }

    @Override
    public String toString() {
        return "StripeAddress[" + country + "]";
    }
}
