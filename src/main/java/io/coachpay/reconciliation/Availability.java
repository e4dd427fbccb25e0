package io.coachpay.reconciliation;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
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

/**
 * Moves money from pending to available: every mirrored balance transaction that belongs to a booked fact and whose day has
 * come, by exactly the net that Stripe says.
 */
@ApplicationScoped
class Availability {

    private static final int BATCH = 500;
    private static final int BATCHES_AT_ONCE = 100;

    /** Of connected accounts; a balance transaction's source is a transfer's or a reversal's payment on the coach's side. */
    private static final String DUE = """
            select b.id, b.stripe_balance_transaction_id, b.net, b.currency, b.available_on, t.coach_id, t.id as transaction_id
              from stripe_balance_transactions b
              join lateral (
                    select transaction_id from transfers where stripe_destination_payment_id = b.source
                    union all
                    select tr.transaction_id from transfer_reversals r join transfers tr on tr.id = r.transfer_id
                     where r.stripe_destination_payment_refund_id = b.source) fact on true
              join transactions t on t.id = fact.transaction_id and t.currency = b.currency
             where b.account <> 'platform' and b.journal_id is null and b.available_on <= ?1 and b.net <> 0
               and t.status in ('completed', 'partially_refunded', 'refunded')
             order by b.available_on, b.id
               for update of b skip locked""";
    private static final String BOOKED = """
            update stripe_balance_transactions
               set journal_id = (select id from ledger_journals where kind = 'funds_available' and reference = ?2)
             where id = ?1""";

    private final Access access;
    private final Ledger ledger;
    private final EntityManager entities;
    private final Clock clock;

    Availability(Access access, Ledger ledger, EntityManager entities, Clock clock) {
        this.access = access;
        this.ledger = ledger;
        this.entities = entities;
        this.clock = clock;
    }

    /** A mirrored line whose day has come. */
    private record Line(UUID id, String balanceTransaction, Money net, Instant availableOn, UUID coachId, UUID transactionId) {

        static Line of(Object[] row) {
            Money net = StripeCurrencies.of(row[3].toString()).of((BigDecimal) row[2]);
            return new Line((UUID) row[0], (String) row[1], net, (Instant) row[4], (UUID) row[5], (UUID) row[6]);
        }

        Journal journal() {
            return Postings.fundsAvailable(balanceTransaction, coachId, net, availableOn).of(transactionId);
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
        List<Line> due = new ArrayList<>();
        for (Object row : entities.createNativeQuery(DUE, Object[].class).setParameter(1, clock.instant()).setMaxResults(BATCH)
                .getResultList()) {
            due.add(Line.of((Object[]) row));
        }
        if (due.isEmpty()) {
            return 0;
        }
        ledger.post(due.stream().map(Line::journal).toList());
        due.forEach(
                line -> entities.createNativeQuery(BOOKED).setParameter(1, line.id()).setParameter(2, line.balanceTransaction())
                        .executeUpdate());
        return due.size();
    }
}
