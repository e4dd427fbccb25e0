/**
 * Money as Stripe counts it: the currencies it charges in, their units and limits, the split of a price between coach and
 * platform.
 * <p>
 * No amount reaches Stripe that Stripe would refuse for its digits, nothing is rounded twice, and a price is exactly fee plus
 * payout. Uses Joda-Money and no framework.
 */
@NullMarked
package io.coachpay.money;

import org.jspecify.annotations.NullMarked;
