package io.coachpay.coach;

import java.math.BigDecimal;
import java.util.UUID;

import org.joda.money.Money;

/**
 * A coach who can be booked, with the terms that a booking freezes.
 *
 * @param id the coach's, which is the user's
 * @param hourlyRate in a currency that the platform and the account settle in
 * @param platformFeePercentage the platform's part of a price, 0 to 100
 * @param stripeAccountId {@code acct_…}, the account that is paid
 * @param onBehalfOf whether payments are made on behalf of the account, because it is in another country than the platform
 * @see <a href="https://docs.stripe.com/connect/destination-charges#settlement-merchant">Stripe: settlement merchant</a>
 */
public record BookableCoach(UUID id, Money hourlyRate, BigDecimal platformFeePercentage, String stripeAccountId,
        boolean onBehalfOf) {
}
