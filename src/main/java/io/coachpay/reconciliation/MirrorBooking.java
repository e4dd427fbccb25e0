package io.coachpay.reconciliation;

import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;

import io.coachpay.access.Access;
import io.coachpay.ledger.Ledger;

/** Books mirrored balance transactions, batch by batch, and notes on each line which journal it made. */
@ApplicationScoped
class MirrorBooking {

    private static final int BATCH = 500;
    private static final int BATCHES_AT_ONCE = 100;

    private static final String BOOKED = """
            update stripe_balance_transactions b set journal_id = j.id
              from ledger_journals j
             where b.id = any (?1) and j.kind = ?2 and j.reference = b.stripe_balance_transaction_id""";

    private final Access access;
    private final Ledger ledger;
    private final EntityManager entities;

    MirrorBooking(Access access, Ledger ledger, EntityManager entities) {
        this.access = access;
        this.ledger = ledger;
        this.entities = entities;
    }

    /**
     * Books all that is due, each batch in a transaction of its own.
     *
     * @param kind of the journals, all alike
     * @param due reads so many lines at most, and locks them
     */
    void book(String kind, IntFunction<List<MirroredLine>> due) {
        for (int batch = 0; batch < BATCHES_AT_ONCE; batch++) {
            int booked = access.asService(() -> bookBatch(kind, due.apply(BATCH)));
            if (booked < BATCH) {
                return;
            }
        }
    }

    private int bookBatch(String kind, List<MirroredLine> due) {
        if (!due.isEmpty()) {
            ledger.post(due.stream().map(MirroredLine::journal).toList());
            entities.createNativeQuery(BOOKED).setParameter(1, due.stream().map(MirroredLine::id).toArray(UUID[]::new))
                    .setParameter(2, kind).executeUpdate();
        }
        return due.size();
    }
}
