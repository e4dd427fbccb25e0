/**
 * Stripe's balance transactions of the platform and of each connected account, mirrored up to a mark for each and matched with
 * the fact behind each. Funds that become available to a coach are moved in the ledger by Stripe's amount and on Stripe's day;
 * Stripe's charges to the platform are booked as Stripe says.
 */
@NullMarked
package io.coachpay.balance;

import org.jspecify.annotations.NullMarked;
