package io.coachpay.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jspecify.annotations.Nullable;

/**
 * Posts journals after all else that their database transaction writes. Where many events are applied together, one statement
 * posts the journals of all of them, and the rows of a busy coach are locked for no longer than that.
 */
@ApplicationScoped
public class LastJournals {

    private final Ledger ledger;
    private final EntityManager entities;
    private final TransactionSynchronizationRegistry transaction;

    LastJournals(Ledger ledger, EntityManager entities, TransactionSynchronizationRegistry transaction) {
        this.ledger = ledger;
        this.entities = entities;
        this.transaction = transaction;
    }

    /** The journals that one database transaction has collected. */
    private record Collected(List<Journal> journals) {
    }

    /** Posts a journal, unless its fact was posted before: at once, or with all that the database transaction collects. */
    @Transactional(TxType.MANDATORY)
    public void post(Journal journal) {
        Collected collected = collected();
        if (collected == null) {
            entities.flush();
            ledger.post(journal);
        } else {
            collected.journals().add(journal);
        }
    }

    /** From here on the database transaction collects journals, until {@link #postCollected}. */
    @Transactional(TxType.MANDATORY)
    public void collect() {
        transaction.putResource(Collected.class, new Collected(new ArrayList<>()));
    }

    /** Writes what entities have changed, and then posts the collected journals. */
    @Transactional(TxType.MANDATORY)
    public void postCollected() {
        entities.flush();
        List<Journal> journals = Objects.requireNonNull(collected()).journals();
        transaction.putResource(Collected.class, null);
        if (!journals.isEmpty()) {
            ledger.post(journals);
        }
    }

    private @Nullable Collected collected() {
        return (Collected) transaction.getResource(Collected.class);
    }
}
