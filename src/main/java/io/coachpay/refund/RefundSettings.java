package io.coachpay.refund;

import java.math.BigDecimal;
import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of refunds. */
@ConfigMapping(prefix = "coachpay.refund")
interface RefundSettings {

    /**
     * How far into debt a coach may go by refunds of the own asking, in major units of the refund's currency; beyond that an
     * administrator has to ask.
     */
    @WithDefault("0")
    BigDecimal coachDebtLimit();

    /**
     * How long a payer waits for what the coach's account cannot give back, from when Stripe first refuses it for that; then
     * the platform alone pays, since the payer has a claim and the coach's next sale may never come.
     */
    @WithDefault("3D")
    Duration platformPaysAfter();
}
