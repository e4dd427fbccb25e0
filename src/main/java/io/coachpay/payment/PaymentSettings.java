package io.coachpay.payment;

import io.smallrye.config.ConfigMapping;

/** Where payers come back to. */
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
}
