/**
 * Comparison of our books with Stripe's, whose balance transactions {@link io.coachpay.balance} has.
 * <p>
 * A run compares everything touched since the one before, to the cent and object by object, and all runs of a week together
 * compare all books. A difference is a finding with its amount, its age and its cause, until it differs no more.
 * <p>
 * The run itself recovers missed objects. Nothing is skipped: an unknown type of balance transaction is a finding too, from
 * which an administrator can have it booked. Changes that Stripe made by itself are booked once, by their own line, and never
 * beside a fact of ours.
 */
@NullMarked
package io.coachpay.reconciliation;

import org.jspecify.annotations.NullMarked;
