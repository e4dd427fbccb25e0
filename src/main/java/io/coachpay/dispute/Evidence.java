package io.coachpay.dispute;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.coachpay.http.InvalidField;

/**
 * The texts that answer a dispute, by Stripe's names. A removed text stays as an empty one, so that Stripe removes it too.
 *
 * @see <a href="https://docs.stripe.com/api/disputes/evidence_object">Stripe: the evidence object</a>
 */
record Evidence(Map<String, String> texts) {

    /** The texts that Stripe knows; all other evidence are files. */
    static final List<String> NAMES = List.of("access_activity_log", "billing_address", "cancellation_policy_disclosure",
            "cancellation_rebuttal", "customer_email_address", "customer_name", "customer_purchase_ip",
            "duplicate_charge_explanation", "duplicate_charge_id", "product_description", "refund_policy_disclosure",
            "refund_refusal_explanation", "service_date", "shipping_address", "shipping_carrier", "shipping_date",
            "shipping_tracking_number", "uncategorized_text");

    /** Characters that one text may have. */
    static final int LONGEST_TEXT = 20_000;
    /** Characters that all of them may have together. */
    static final int LONGEST = 150_000;

    Evidence {
        texts = Map.copyOf(texts);
    }

    /**
     * Returns a copy with these texts, each in place of the earlier one under its name.
     *
     * @throws InvalidField for a name that Stripe does not know, or too much text
     */
    Evidence with(Map<String, String> more) {
        more.forEach(Evidence::check);
        Map<String, String> merged = new TreeMap<>(texts);
        merged.putAll(more);
        if (merged.values().stream().mapToInt(String::length).sum() > LONGEST) {
            throw new InvalidField("", "the texts must have " + LONGEST + " characters together at most");
        }
        return new Evidence(merged);
    }

    private static void check(String name, String text) {
        if (!NAMES.contains(name)) {
            throw new InvalidField(name, "must be one of " + String.join(", ", NAMES));
        }
        if (text.length() > LONGEST_TEXT) {
            throw new InvalidField(name, "must have " + LONGEST_TEXT + " characters at most");
        }
    }

    boolean isEmpty() {
        return said().isEmpty();
    }

    /** Returns the texts that are not removed, in the order of their names. */
    Map<String, String> said() {
        Map<String, String> said = new TreeMap<>(texts);
        said.values().removeIf(String::isEmpty);
        return said;
    }
}
