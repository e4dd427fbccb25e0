package io.coachpay.stripe;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.money.StripeAmounts;

/**
 * Parameters as Stripe's documentation writes them, such as {@code transfer_data[destination]}. They are sent in the order they
 * were put, so that the same arguments make the same bytes; null values are left out.
 */
final class StripeForm {

    /** The metadata key by which every object that we create is found again. */
    static final String COACHPAY_ID = "coachpay_id";

    private final List<String> pairs = new ArrayList<>();

    StripeForm put(String name, @Nullable String value) {
        if (value != null) {
            pairs.add(URLEncoder.encode(name, StandardCharsets.UTF_8) + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
        return this;
    }

    StripeForm put(String name, boolean value) {
        return put(name, Boolean.toString(value));
    }

    StripeForm put(String name, long value) {
        return put(name, Long.toString(value));
    }

    StripeForm put(String name, @Nullable Instant value) {
        return value == null ? this : put(name, value.getEpochSecond());
    }

    /** The amount in Stripe's whole number; its currency is a parameter of its own. */
    StripeForm putAmount(String name, @Nullable Money value) {
        return value == null ? this : put(name, StripeAmounts.toStripe(value));
    }

    StripeForm putCurrency(String name, Money value) {
        return put(name, StripeAmounts.code(value.getCurrencyUnit()));
    }

    StripeForm putEach(String name, Collection<String> values) {
        values.forEach(value -> put(name + "[]", value));
        return this;
    }

    /** Our row's id and further metadata, in alphabetical order. */
    StripeForm putMetadata(String prefix, UUID coachpayId, Map<String, String> others) {
        Map<String, String> sorted = new TreeMap<>(others);
        sorted.put(COACHPAY_ID, coachpayId.toString());
        sorted.forEach((key, value) -> put(prefix + "[" + key + "]", value));
        return this;
    }

    /** Form-encoded, for a body or a query. */
    String encoded() {
        return String.join("&", pairs);
    }
}
