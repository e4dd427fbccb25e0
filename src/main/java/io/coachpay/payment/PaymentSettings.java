package io.coachpay.payment;

import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Where payers come back to, and how long is kept what happened to payments. */
@ConfigMapping(prefix = "coachpay.payment")
interface PaymentSettings {

    /**
     * Where Stripe sends payers who paid, unless the client says otherwise; {@code {CHECKOUT_SESSION_ID}} in it becomes the
     * id of the visit.
     */
    String successUrl();

    /** Where banks send payers back whom they asked about a saved card; Stripe appends which payment it is. */
    String returnUrl();

    /** Where Stripe sends payers who left its page without paying, unless the client says otherwise. */
    String cancelUrl();

    /** How long lines of the payments' log are kept; not less than a year, which the database holds. */
    @WithDefault("800D")
    Duration logsKept();
}
