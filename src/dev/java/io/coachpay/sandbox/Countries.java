package io.coachpay.sandbox;

import java.util.Set;

import io.vertx.core.json.JsonObject;

/**
 * Rules for the countries of two accounts; the platform's is the United States.
 *
 * @see <a href="https://docs.stripe.com/connect/cross-border-payouts">Stripe: cross-border payouts</a>
 */
final class Countries {

    private static final Set<String> REACHED = Set.of("US", "GB", "CA", "CH", "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE",
            "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO",
            "SE", "SI", "SK");
    private static final Set<String> WITHOUT_FEES = Set.of("BR", "IN", "MX", "MY", "SG", "TH");

    private Countries() {
    }

    /** Refuses an application fee across a border that application fees do not cross. */
    static void checkFee(JsonObject account) {
        String country = account.getString("country");
        if (WITHOUT_FEES.contains(country)) {
            throw StripeError.invalid("charge_invalid_parameter", "Stripe doesn't currently support application fees for"
                    + " platforms in US with connected accounts in " + country + ".", null);
        }
    }

    /** Refuses money that would leave the region, unless it is paid on behalf of the account. */
    static void checkTransfer(JsonObject account, String param) {
        String country = account.getString("country");
        if (!REACHED.contains(country)) {
            throw StripeError.invalid("Funds can't be sent to accounts located in " + country
                    + " when the account is under the `full` service agreement.", param);
        }
    }

    /** Refuses to debit an account that is in another region than the platform. */
    static void checkDebit(JsonObject account) {
        String country = account.getString("country");
        if (!country.equals("US")) {
            throw StripeError.invalid("Account debits are not supported between a platform in US and an account in " + country
                    + ".", "destination");
        }
    }
}
