/**
 * Stripe's balance transactions of the platform and of each connected account, mirrored up to a mark for each and matched with
 * the fact each tells of. What has become available to a coach is moved in the ledger by Stripe's amount and on Stripe's day;
 * what Stripe charged the platform is booked as Stripe says.
 */
@NullMarked
package io.coachpay.balance;

import org.jspecify.annotations.NullMarked;
