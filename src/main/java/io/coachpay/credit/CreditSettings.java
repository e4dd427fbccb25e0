package io.coachpay.credit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of credits. */
@ConfigMapping(prefix = "coachpay.credit")
interface CreditSettings {

    /** Whether packages that are sold become products at Stripe, by which its reports group payments. */
    @WithDefault("true")
    boolean products();
}
