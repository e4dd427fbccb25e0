package io.coachpay.payment;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.money.Credits;

/**
 * An amount to pay, and its purpose.
 *
 * @param subjectId the subject of the purpose: the session, or the package of credits
 * @param destination the coach who gets the money; null where the platform keeps all
 * @param until the end of payment: the session begins, or its slot has been held as long as a slot may be
 * @param description the text that the payer reads on Stripe's page
 * @param metadata the client's own words, which Stripe gets too
 * @param bought the package of credits that it buys; null for any other purpose
 * @param saveCard whether the payer wants the method to be saved for later payments
 */
public record PaymentOrder(Purpose purpose, UUID subjectId, UUID payerId, Money price, @Nullable Destination destination,
        Instant until, String description, PaymentMetadata metadata, @Nullable Package bought, boolean saveCard) {

    /** An order that buys no credits, and about which the client has no words of its own. */
    public PaymentOrder(Purpose purpose, UUID subjectId, UUID payerId, Money price, @Nullable Destination destination,
            Instant until, String description) {
        this(purpose, subjectId, payerId, price, destination, until, description, PaymentMetadata.NONE, null, false);
    }

    /**
     * A package of credits, as it is agreed now.
     *
     * @param credits of the package itself
     * @param bonusPercentage what the buyer's plan adds to them, 0 for nothing
     * @param product at Stripe, {@code prod_…}; null where packages are sold without products
     * @param delayedMethods whether it may be paid by methods whose outcome comes days later
     */
    public record Package(UUID id, String name, Credits credits, BigDecimal bonusPercentage, @Nullable String product,
            boolean delayedMethods) {

        /** The credits that the buyer's plan adds. */
        Credits bonus() {
            return credits.percent(bonusPercentage);
        }

        /** All credits that the buyer gets. */
        public Credits all() {
            return credits.plus(bonus());
        }
    }

    /**
     * The coach who gets the price less the platform's fee.
     *
     * @param fee frozen at booking, as the price is
     * @param account at Stripe, {@code acct_…}
     * @param onBehalfOf whether the charge settles in the coach's country instead of the platform's
     */
    public record Destination(UUID coachId, Money fee, String account, boolean onBehalfOf) {
    }
}
