package io.coachpay.access;

import java.util.Map;

import jakarta.persistence.EntityManager;

import org.hibernate.LockMode;
import org.hibernate.engine.spi.EntityEntry;
import org.hibernate.engine.spi.SharedSessionContractImplementor;

/** Rows that a database transaction has read without a lock. */
public final class ReadRows {

    private ReadRows() {
    }

    /**
     * Writes all changes, and forgets the rows that were read without a lock: others may change them, so each is read again
     * when it is needed next. Rows that the database transaction has locked or written stay, as nobody else changes them before
     * it ends; a handler locks a row before it decides by it.
     */
    public static void forget(EntityManager entities) {
        entities.flush();
        SharedSessionContractImplementor session = entities.unwrap(SharedSessionContractImplementor.class);
        for (Map.Entry<Object, EntityEntry> one : session.getPersistenceContextInternal().reentrantSafeEntityEntries()) {
            if (one.getValue().getLockMode().lessThan(LockMode.PESSIMISTIC_WRITE)) {
                entities.detach(one.getKey());
            }
        }
    }
}
