/**
 * Stripe's own books beside ours. The balance transactions of the platform and of each connected account are mirrored, a
 * mark for each saying how far, and each is matched with the fact it tells of. What has become available to a coach is moved in
 * the ledger, by Stripe's amount and on Stripe's day; what Stripe charged the platform is booked as Stripe says.
 * <p>
 * The promise: a run compares whatever was touched since the one before, to the cent and object by object, and all runs of a
 * week
 * together compare all books; whatever differs is a finding with its amount, its age and its cause, until it differs no more.
 * What had merely been missed is made up for by the run itself. Nothing is
 * skipped: a kind of balance transaction that nobody here knows is a finding too, from which an administrator can have it
 * booked. What Stripe did by itself is booked once, by its own line, and never beside a fact of ours.
 */
@NullMarked
package io.coachpay.reconciliation;

import org.jspecify.annotations.NullMarked;
