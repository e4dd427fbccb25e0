package io.coachpay.subscription;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of what subscriptions bill. */
@ConfigMapping(prefix = "coachpay.billing")
interface BillingSettings {

    /** The party that calculates tax. */
    enum Tax {
        NONE,
        STRIPE
    }

    /** Whether Stripe adds tax to subscriptions that begin; those that began without stay without. */
    @WithDefault("none")
    Tax tax();

    /** Whether a subscription that begins now is taxed. */
    default boolean taxed() {
        return tax() == Tax.STRIPE;
    }
}
