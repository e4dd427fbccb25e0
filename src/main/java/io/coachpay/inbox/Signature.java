package io.coachpay.inbox;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.coachpay.inbox.WebhookRefused.Reason;

/**
 * The header {@code Stripe-Signature}, parsed: {@code t=1492774577,v1=5257a869…,v0=…}.
 *
 * @param time when it was signed, in seconds, as written
 * @param hashes the signatures of scheme {@code v1}, in hexadecimal: one for each secret that is valid at Stripe
 * @see <a href="https://docs.stripe.com/webhooks#verify-manually">Stripe: verify webhook signatures manually</a>
 */
record Signature(String time, List<String> hashes) {

    static final String HEADER = "Stripe-Signature";

    private static final int LONGEST_HEADER = 4096;
    /** Enough for the next 300 centuries, and too few to overflow. */
    private static final int LONGEST_TIME = 12;

    /**
     * Parses the header. Schemes other than {@code v1} are left out: a weaker one must not replace it.
     *
     * @throws WebhookRefused when there is none, or Stripe would not write it so
     */
    static Signature of(List<String> headers) {
        if (headers.isEmpty() || headers.get(0).isBlank()) {
            throw new WebhookRefused(Reason.UNSIGNED, "The header " + HEADER + " is missing");
        }
        if (headers.size() > 1) {
            throw malformed("is there more than once");
        }
        return of(headers.get(0));
    }

    private static Signature of(String header) {
        if (header.length() > LONGEST_HEADER) {
            throw malformed("is too long");
        }
        String time = null;
        List<String> hashes = new ArrayList<>();
        for (String part : header.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw malformed("is not a list of key=value");
            }
            String value = part.substring(equals + 1).strip();
            switch (part.substring(0, equals).strip()) {
                case "t" -> time = onlyTime(time, value);
                case "v1" -> hashes.add(value);
                default -> {
                    // another scheme
                }
            }
        }
        if (time == null || hashes.isEmpty()) {
            throw malformed("lacks a time (t) or a signature (v1)");
        }
        return new Signature(time, List.copyOf(hashes));
    }

    /** The time of the signature, in seconds since 1970. */
    long seconds() {
        return Long.parseLong(time);
    }

    private static String onlyTime(@Nullable String before, String value) {
        if (before != null) {
            throw malformed("has two times");
        }
        boolean digits = !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || value.length() > LONGEST_TIME) {
            throw malformed("has a time that is not a number of seconds");
        }
        return value;
    }

    private static WebhookRefused malformed(String how) {
        return new WebhookRefused(Reason.MALFORMED_SIGNATURE, "The header " + HEADER + " " + how);
    }
}
