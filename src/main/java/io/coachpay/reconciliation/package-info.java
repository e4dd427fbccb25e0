/**
 * Stripe's own books beside ours. The balance transactions of each connected account are mirrored, a mark for each account
 * saying how far; and what has become available there is moved in the ledger, by Stripe's amount and on Stripe's day.
 */
@NullMarked
package io.coachpay.reconciliation;

import org.jspecify.annotations.NullMarked;
