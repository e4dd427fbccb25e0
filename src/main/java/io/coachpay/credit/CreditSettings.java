package io.coachpay.credit;

import java.math.BigDecimal;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of credits. */
@ConfigMapping(prefix = "coachpay.credit")
interface CreditSettings {

    /** Purchases that one person may have open at once, since each keeps a part of the capacity. */
    @WithDefault("3")
    int openCheckouts();

    /** Whether credits may be paid by methods whose outcome comes days later; their credits are reserved until then. */
    @WithDefault("false")
    boolean delayedMethods();

    /** Credits that one adjustment moves at most. */
    @WithDefault("10000")
    BigDecimal largestAdjustment();

    /** Whether packages that are sold become products at Stripe, by which its reports group payments. */
    @WithDefault("true")
    boolean products();
}
