package io.coachpay.inbox;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Applies some types of events to a feature. CDI collects all handlers. Several may take one type, and are then applied one
 * after the other in one database transaction: either all succeed, or nothing happens and the event is tried again.
 * <p>
 * Events come more than once, in any order, and in parallel even about one object. So a handler books each fact once (by the id
 * of the Stripe object that moved the money), lets a state only advance, and locks the row it decides about ({@code for
 * update}) before it reads its state.
 */
public interface EventHandler {

    /** The types it takes, such as {@code payment_intent.succeeded}. Always the same. */
    Set<String> types();

    /**
     * The endpoints whose events it takes. Both accounts of a destination charge have events of the same types, so this has no
     * default: a handler of the platform's charges must not be shown the connected account's.
     */
    Set<Endpoint> endpoints();

    /**
     * Whether it takes this event of one of its types. An event that it does not take is nothing to it: others may apply it as
     * if they were alone.
     */
    default boolean takes(Event event) {
        return true;
    }

    /**
     * Names the objects that {@link #apply} needs and the event does not carry; usually none. Called while no database
     * transaction is open, and again before they are fetched, on threads that wait for Stripe. Must not write, nor call Stripe
     * itself.
     */
    default List<Fetch> needs(Event event) {
        return List.of();
    }

    /**
     * Applies the event, inside a database transaction of the service, without calling Stripe: the objects that {@link #needs}
     * named have been fetched before. An exception rolls all of it back, and the event is tried again later.
     *
     * @throws MissingParent when the row it is about is not there (yet)
     * @throws Undecided when only a look at Stripe shows which of two states of one second is newer
     */
    void apply(Event event, Fetched fetched);

    /**
     * Returns the payment that the event is about, if it may be applied together with events about others: in one database
     * transaction, after {@link Subjects#lock} has locked and loaded the rows of all. {@link #apply} then locks no other row
     * and is given no object from Stripe. Empty for an event that is always applied alone.
     */
    default Optional<Subject> subject(Event event) {
        return Optional.empty();
    }

    /**
     * Returns the object of Stripe's whose row {@link #apply} locks first, if events about it may be applied one after the
     * other in one database transaction. They are not asked for their {@link #needs} before: apply is given no object from
     * Stripe, and throws {@link Undecided} where it takes one. Empty for an event that is always applied alone.
     */
    default Optional<String> series(Event event) {
        return Optional.empty();
    }

    /**
     * The place among handlers of one type, which are applied from the lowest to the highest; those of lower packages come
     * first.
     */
    default int order() {
        return 0;
    }
}
