/**
 * Stripe's own books beside ours. The balance transactions of the platform and of each connected account are mirrored, a
 * mark for each saying how far. What has become available to a coach is moved in the ledger, by Stripe's amount and on Stripe's
 * day; what Stripe charged the platform is booked as Stripe says.
 */
@NullMarked
package io.coachpay.reconciliation;

import org.jspecify.annotations.NullMarked;
