package io.coachpay.reconciliation;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;

import org.joda.money.Money;

import io.coachpay.ledger.Postings;
import io.coachpay.money.StripeCurrencies;

/**
 * Moves money from pending to available: every mirrored balance transaction that belongs to a booked fact and whose day has
 * come, by exactly the net that Stripe says.
 */
@ApplicationScoped
class Availability {

    /**
     * Of connected accounts; a balance transaction's source is a transfer's or a reversal's payment on the coach's side, or a
     * fee
     * given back on its own.
     */
    private static final String DUE = """
            select b.id, b.stripe_balance_transaction_id, b.net, b.currency, b.available_on, t.coach_id, t.id as transaction_id
              from stripe_balance_transactions b
              join lateral (
                    select transaction_id from transfers where stripe_destination_payment_id = b.source
                    union all
                    select tr.transaction_id from transfer_reversals r join transfers tr on tr.id = r.transfer_id
                     where r.stripe_destination_payment_refund_id = b.source
                    union all
                    select transaction_id from fee_refunds where stripe_fee_refund_id = b.source) fact on true
              join transactions t on t.id = fact.transaction_id and t.currency = b.currency
             where b.account <> 'platform' and b.journal_id is null and b.available_on <= ?1 and b.net <> 0
               and t.status in ('completed', 'partially_refunded', 'refunded')
             order by b.available_on, b.id
               for update of b skip locked""";

    private final MirrorBooking booking;
    private final EntityManager entities;
    private final Clock clock;

    Availability(MirrorBooking booking, EntityManager entities, Clock clock) {
        this.booking = booking;
        this.entities = entities;
        this.clock = clock;
    }

    /** Books all that is due. */
    void bookDue() {
        booking.book(Postings.FUNDS_AVAILABLE, this::due);
    }

    private List<MirroredLine> due(int atMost) {
        return entities.createNativeQuery(DUE, Object[].class).setParameter(1, clock.instant()).setMaxResults(atMost)
                .getResultStream().map(row -> line((Object[]) row)).toList();
    }

    private static MirroredLine line(Object[] row) {
        Money net = StripeCurrencies.of(row[3].toString()).of((BigDecimal) row[2]);
        return new MirroredLine((UUID) row[0],
                Postings.fundsAvailable((String) row[1], (UUID) row[5], net, (Instant) row[4]).of((UUID) row[6]));
    }
}
