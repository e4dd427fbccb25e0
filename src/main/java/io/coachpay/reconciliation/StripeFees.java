package io.coachpay.reconciliation;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;

import org.joda.money.Money;

import io.coachpay.access.Access;
import io.coachpay.ledger.Journal;
import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;
import io.coachpay.money.StripeCurrencies;

/** Books what Stripe charged the platform for payments, as its balance transactions say; never computed by us. */
@ApplicationScoped
class StripeFees {

    private static final int BATCH = 500;
    private static final int BATCHES_AT_ONCE = 100;

    private static final String DUE = """
            select id, stripe_balance_transaction_id, fee, currency, created from stripe_balance_transactions
             where account = 'platform' and journal_id is null and fee <> 0 and type in ('charge', 'payment')
             order by available_on, id for update skip locked""";
    private static final String BOOKED = """
            update stripe_balance_transactions
               set journal_id = (select id from ledger_journals where kind = 'stripe_fee' and reference = ?2)
             where id = ?1""";

    private final Access access;
    private final Ledger ledger;
    private final EntityManager entities;

    StripeFees(Access access, Ledger ledger, EntityManager entities) {
        this.access = access;
        this.ledger = ledger;
        this.entities = entities;
    }

    /** A fee that has no journal yet. */
    private record Fee(UUID id, String balanceTransaction, Money fee, Instant at) {

        static Fee of(Object[] row) {
            return new Fee((UUID) row[0], (String) row[1], StripeCurrencies.of(row[3].toString()).of((BigDecimal) row[2]),
                    (Instant) row[4]);
        }

        Journal journal() {
            return Postings.stripeFee(balanceTransaction, fee, at);
        }
    }

    /** Books all that is due, batch by batch. */
    void bookDue() {
        for (int batch = 0; batch < BATCHES_AT_ONCE; batch++) {
            int booked = access.asService(this::bookBatch);
            if (booked < BATCH) {
                return;
            }
        }
    }

    private int bookBatch() {
        List<Fee> due = entities.createNativeQuery(DUE, Object[].class).setMaxResults(BATCH).getResultStream()
                .map(row -> Fee.of((Object[]) row)).toList();
        if (due.isEmpty()) {
            return 0;
        }
        ledger.post(due.stream().map(Fee::journal).toList());
        due.forEach(
                fee -> entities.createNativeQuery(BOOKED).setParameter(1, fee.id()).setParameter(2, fee.balanceTransaction())
                        .executeUpdate());
        return due.size();
    }
}
