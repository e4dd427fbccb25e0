package io.coachpay.coach;

import java.util.Set;

/**
 * The accounts that a platform's payments reach. Coaches are paid by destination charges with an application fee. They get back
 * what was taken for a dispute or for a refund that failed by separate transfers. Both must be possible between the two
 * countries.
 * <p>
 * Transfers reach accounts of the platform's own country. Among the United States, the United Kingdom, the European Economic
 * Area, Canada and Switzerland they cross borders, and go no further with a full service agreement. Application fees cross the
 * borders of Brazil, India, Malaysia, Mexico, Singapore and Thailand in neither direction, and these lie beyond anyway.
 * Accounts of Gibraltar and of other dependencies are not counted in (verify).
 *
 * @see <a href="https://docs.stripe.com/connect/cross-border-payouts">Stripe: cross-border payouts</a>
 * @see <a href="https://docs.stripe.com/connect/account-capabilities">Stripe: account capabilities</a>
 */
final class Reach {

    private static final Set<String> TOGETHER = Set.of("US", "GB", "CA", "CH", "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE",
            "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO",
            "SE", "SI", "SK");

    /** Countries where accounts can be debited; in Europe across borders too. */
    private static final Set<String> DEBITED = Set.of("US", "CA", "AU", "NZ", "JP", "HK");

    private Reach() {
    }

    /** Whether a platform in one country can pay an account in another, two letters each. */
    static boolean reaches(String platform, String account) {
        return platform.equals(account) || TOGETHER.contains(platform) && TOGETHER.contains(account);
    }

    /**
     * Whether a platform in one country can debit an account in another: both are in one region (verify which countries
     * count as Europe).
     *
     * @see <a href="https://docs.stripe.com/connect/account-debits">Stripe: debit connected accounts</a>
     */
    static boolean debits(String platform, String account) {
        return DEBITED.contains(platform) ? platform.equals(account) : inEurope(platform) && inEurope(account);
    }

    private static boolean inEurope(String country) {
        return TOGETHER.contains(country) && !DEBITED.contains(country);
    }
}
