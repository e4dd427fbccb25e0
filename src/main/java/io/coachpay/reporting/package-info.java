/**
 * What coaches read about their money: where a balance or a payout comes from, line by line, and what a month brought.
 * <p>
 * Everything here is read from the books as the caller, so nobody sees another person's, and nothing is written. The lines of
 * an answer sum exactly to its total, and every line names the object at Stripe that it came from.
 */
@NullMarked
package io.coachpay.reporting;

import org.jspecify.annotations.NullMarked;
