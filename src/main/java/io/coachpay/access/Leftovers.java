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
 * Clears threads of database transactions that earlier work left on them. A thread's next work would join such a transaction,
 * even a dead one. None should be left; if one is, it harms only the work that left it.
 */
public final class Leftovers {

    private static final Logger LOG = Logger.getLogger(Leftovers.class);
    private static final Counter LEFT = Metrics.counter("coachpay.transactions.left");

    private Leftovers() {
    }

    /**
     * Rolls back, counts and logs a database transaction that the thread still carries. Called where a thread begins new work.
     */
    public static void rollBack() {
        if (QuarkusTransaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
            LEFT.increment();
            LOG.error("A thread still carried a database transaction of earlier work, which is rolled back");
            detach();
        }
    }

    /** Rolls the thread's database transaction back and takes it off the thread, even when the database cannot be reached. */
    static void detach() {
        TransactionManager transactions = Arc.container().select(TransactionManager.class).get();
        try {
            transactions.rollback();
        } catch (SystemException | RuntimeException e) {
            LOG.debug("The database could not be reached for a rollback, and rolls back by itself", e);
        } finally {
            suspend(transactions);
        }
    }

    private static void suspend(TransactionManager transactions) {
        try {
            transactions.suspend();
        } catch (SystemException e) {
            throw new IllegalStateException("A database transaction could not be taken off its thread", e);
        }
    }
}
