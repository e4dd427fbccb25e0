/**
 * Stripe's events: verified, stored once, claimed in bounded batches, handed to the {@link io.coachpay.inbox.EventHandler}s
 * of their type.
 * <p>
 * The promise: an event that was answered with 2xx is in the database, and stays there until every handler of its type has
 * been applied to it in one transaction, or an administrator has been shown why not. A request does nothing but store. What
 * Stripe never delivered is found by listing its events, and comes through the same door.
 */
@NullMarked
package io.coachpay.inbox;

import org.jspecify.annotations.NullMarked;
