package io.coachpay.refund;

import java.math.BigDecimal;

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
}
