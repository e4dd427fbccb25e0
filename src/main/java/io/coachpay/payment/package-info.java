/**
 * Payments: one {@link io.coachpay.payment.Transaction} for each, from the first intent to the money that moved.
 * <p>
 * A transaction is written before Stripe is called and holds all that the call needs, so that whoever finds it unfinished can
 * make the same call again. It is concluded by one verb, {@link io.coachpay.payment.PaymentViews#conclude}, from Stripe's own
 * object, whether an event brought it or we fetched it; never from the fact that a call of ours returned.
 * <p>
 * Who locks both locks the transaction before the session it pays for.
 */
@NullMarked
package io.coachpay.payment;

import org.jspecify.annotations.NullMarked;
