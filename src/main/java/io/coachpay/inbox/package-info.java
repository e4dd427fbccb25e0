/**
 * Stripe's events: verified, stored once, claimed in bounded batches, handed to the {@link io.coachpay.inbox.EventHandler}s of
 * their type.
 * <p>
 * An event that was answered with 2xx is in the database, and stays there until every handler of its type has been applied to
 * it in one database transaction, or an administrator has been shown why not. A request only stores. Events that Stripe never
 * delivered are found by listing, and stored in the same way.
 */
@NullMarked
package io.coachpay.inbox;

import org.jspecify.annotations.NullMarked;
