package io.coachpay.refund;

import java.math.BigDecimal;
import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of refunds. */
@ConfigMapping(prefix = "coachpay.refund")
interface RefundSettings {

    /**
     * The debt that a coach may incur by refunds of their own, in major units of the refund's currency; beyond it an
     * administrator has to ask.
     */
    @WithDefault("0")
    BigDecimal coachDebtLimit();

    /**
     * The time that a payer waits for money that the coach's account cannot give back, from Stripe's first such refusal. Then
     * the platform alone pays, since the payer has a claim and the coach's next sale may never come.
     */
    @WithDefault("3D")
    Duration platformPaysAfter();
}
