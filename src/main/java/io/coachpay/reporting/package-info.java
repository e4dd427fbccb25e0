/**
 * Explanations of money for coaches: the lines behind a balance or a payout, and a month's statement.
 * <p>
 * Everything here is read from the books as the caller, so nobody sees another person's, and nothing is written. The lines of
 * an answer sum exactly to its total, and every line names the object at Stripe that it came from.
 */
@NullMarked
package io.coachpay.reporting;

import org.jspecify.annotations.NullMarked;
