package io.coachpay.access;

import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;

import org.jboss.logging.Logger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.quarkus.arc.Arc;
import io.quarkus.narayana.jta.QuarkusTransaction;

/**
 * A thread's next work joins whatever transaction the thread still carries, one that is dead included. Nothing should leave one
 * behind; should it happen nevertheless, it harms what left it and nothing after.
 */
public final class Leftovers {

    private static final Logger LOG = Logger.getLogger(Leftovers.class);
    private static final Counter LEFT = Metrics.counter("coachpay.transactions.left");

    private Leftovers() {
    }

    /** Called where a thread begins something new: rolls back, counts and tells of what it still carries. */
    public static void rollBack() {
        if (QuarkusTransaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
            LEFT.increment();
            LOG.error("A thread still carried a transaction of earlier work, which is rolled back");
            detach();
        }
    }

    /** Rolls the thread's transaction back and takes it off the thread, even when the database cannot be told. */
    static void detach() {
        TransactionManager transactions = Arc.container().select(TransactionManager.class).get();
        try {
            transactions.rollback();
        } catch (SystemException | RuntimeException e) {
            LOG.debug("The database could not be told of a rollback, and ends the transaction by itself", e);
        } finally {
            suspend(transactions);
        }
    }

    private static void suspend(TransactionManager transactions) {
        try {
            transactions.suspend();
        } catch (SystemException e) {
            throw new IllegalStateException("A transaction could not be taken off its thread", e);
        }
    }
}
