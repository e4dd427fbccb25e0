/**
 * Money as Stripe counts it: the currencies it charges in, their units and limits, the split of a price between coach and
 * platform.
 *
 * <p>
 * Promises that no amount reaches Stripe which Stripe would refuse for its digits, that nothing is ever rounded twice, and
 * that a price is exactly fee plus payout. Uses Joda-Money and no framework.
 */
@NullMarked
package io.coachpay.money;

import org.jspecify.annotations.NullMarked;
