/**
 * Our books beside Stripe's, whose balance transactions {@link io.coachpay.balance} has.
 * <p>
 * The promise: a run compares whatever was touched since the one before, to the cent and object by object, and all runs of a
 * week together compare all books; whatever differs is a finding with its amount, its age and its cause, until it differs no
 * more.
 * What had merely been missed is made up for by the run itself. Nothing is skipped: a
 * kind of balance transaction that nobody here knows is a finding too, from which an administrator can have it
 * booked. What Stripe did by itself is booked once, by its own line, and never beside a fact of ours.
 */
@NullMarked
package io.coachpay.reconciliation;

import org.jspecify.annotations.NullMarked;
