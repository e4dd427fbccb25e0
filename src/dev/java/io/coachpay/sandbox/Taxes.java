package io.coachpay.sandbox;

import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Stripe Tax, where each place takes 10 %: what matters is when it asks for a location, and who is exempt.
 *
 * @see <a href="https://docs.stripe.com/tax">Stripe: tax</a>
 */
final class Taxes {

    /** Tax on an amount: what is added to it or, with an inclusive price, contained in it. */
    record Tax(long amount, boolean inclusive, long taxable, String reason) {

        long added() {
            return inclusive ? 0 : amount;
        }

        JsonObject json() {
            return Json.object("amount", amount, "tax_behavior", inclusive ? "inclusive" : "exclusive", "tax_rate_details",
                    Json.object("tax_rate", "txr_sandboxflat10"), "taxability_reason", reason, "taxable_amount", taxable,
                    "type", "tax_rate_details");
        }
    }

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
    private static final long PERCENT = 10;

    private Taxes() {
    }

    /** The tax on an amount, negative for one that is credited. */
    static Tax on(long amount, String currency, String behavior, String exemption) {
        boolean inclusive = behavior.equals("inclusive");
        if (!exemption.equals("none")) {
            return new Tax(0, inclusive, 0, exemption.equals("reverse") ? "reverse_charge" : "customer_exempt");
        }
        long tax = Rates.proportional(amount, PERCENT, inclusive ? 100 + PERCENT : 100, currency);
        return new Tax(tax, inclusive, inclusive ? amount - tax : amount, "standard_rated");
    }

    /** Whether tax can be worked out for the customer: a country, and in the United States a postal code. */
    static boolean knowsLocation(@Nullable JsonObject address) {
        if (address == null || !COUNTRIES.contains(String.valueOf(address.getString("country")))) {
            return false;
        }
        return !address.getString("country").equals("US")
                || String.valueOf(address.getString("postal_code")).matches("\\d{5}(-\\d{4})?");
    }

    static void requireLocation(JsonObject customer, String param) {
        if (!knowsLocation(customer.getJsonObject("address"))) {
            throw StripeError.invalid("customer_tax_location_invalid", "The customer's location isn't recognized. Set a valid"
                    + " customer address in order to automatically calculate tax.", param);
        }
    }

    /** The taxes of several lines as an invoice sums them up. */
    static JsonArray sum(Iterable<JsonObject> lines) {
        JsonArray sums = new JsonArray();
        for (JsonObject line : lines) {
            for (JsonObject tax : Json.objects(line.getJsonArray("taxes", new JsonArray()))) {
                JsonObject same = Json.objects(sums).stream().filter(
                        each -> each.getString("tax_behavior").equals(tax.getString("tax_behavior"))
                                && each.getString("taxability_reason").equals(tax.getString("taxability_reason")))
                        .findFirst().orElse(null);
                if (same == null) {
                    sums.add(tax.copy());
                } else {
                    same.put("amount", same.getLong("amount") + tax.getLong("amount")).put("taxable_amount",
                            same.getLong("taxable_amount") + tax.getLong("taxable_amount"));
                }
            }
        }
        return sums;
    }
}
