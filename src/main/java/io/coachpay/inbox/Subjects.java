package io.coachpay.inbox;

import java.util.Collection;
import java.util.Set;

/**
 * Finds, locks and writes the rows of events that are applied together, a few statements for all of them. One bean implements
 * it, in the package of payments.
 */
public interface Subjects {

    /**
     * Reads which subjects are there and ordinary: only events about these are applied together. Locks nothing, and opens a
     * database transaction of its own.
     */
    Set<Subject> ordinary(Collection<Subject> subjects);

    /**
     * Locks and loads every row that the handlers of events about these subjects lock, in the one order that all writers keep
     * (decision 33). From here until {@link #write} journals wait.
     *
     * @throws RuntimeException when one of them is ordinary no more
     */
    void lock(Collection<Subject> subjects);

    /** Writes all that the handlers have changed, each table by one statement, and then posts their journals by one. */
    void write();
}
