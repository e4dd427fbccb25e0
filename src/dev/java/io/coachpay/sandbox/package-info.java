/**
 * A stateful stand-in for Stripe that speaks its HTTP API, so that the service's one Stripe code path runs without internet
 * and without keys.
 *
 * <p>
 * It promises what a payments team relies on when it trusts a test: answers are complete objects of the pinned API version,
 * money inside it is double entry and proves so ({@code GET /sandbox/books}), every change sends the signed events Stripe
 * sends, idempotency keys behave as Stripe's do, and time is virtual. What it does not support it refuses, instead of
 * ignoring it: an unknown path is 404 and an unknown parameter 400, both in Stripe's error shape.
 *
 * <p>
 * All state is touched by one event loop alone, so every operation is serial and nothing here locks; nothing blocks either.
 * This package knows nothing of the rest of coachpay, and the production package does not contain it.
 *
 * @see io.coachpay.sandbox.Sandbox
 * @see io.coachpay.sandbox.Faults
 */
@NullMarked
package io.coachpay.sandbox;

import org.jspecify.annotations.NullMarked;
