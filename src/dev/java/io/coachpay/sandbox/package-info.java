/**
 * A stateful stand-in for Stripe that speaks its HTTP API, so that the service's one Stripe code path runs without internet
 * and without keys.
 *
 * <p>
 * It promises the properties that make a test trustworthy. Answers are complete objects of the pinned API version. Money
 * inside it is double entry and proves so ({@code GET /sandbox/books}). Every change sends Stripe's signed events, idempotency
 * keys behave as Stripe's do, and time is virtual. It refuses everything that it does not support: an unknown path is 404 and
 * an unknown parameter 400, both in Stripe's error shape.
 *
 * <p>
 * One event loop alone touches all state, so every operation is serial, and nothing locks or blocks. This package knows nothing
 * of the rest of coachpay, and the production package does not contain it.
 *
 * @see io.coachpay.sandbox.Sandbox
 * @see io.coachpay.sandbox.Faults
 */
@NullMarked
package io.coachpay.sandbox;

import org.jspecify.annotations.NullMarked;
