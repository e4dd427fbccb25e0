package io.coachpay.reconciliation;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;

import org.joda.money.Money;

import io.coachpay.ledger.Postings;
import io.coachpay.money.StripeCurrencies;

/** Books what Stripe charged the platform for payments, as its balance transactions say; never computed by us. */
@ApplicationScoped
class StripeFees {

    private static final String DUE = """
            select id, stripe_balance_transaction_id, fee, currency, created from stripe_balance_transactions
             where account = 'platform' and journal_id is null and fee <> 0 and type in ('charge', 'payment')
             order by available_on, id for update skip locked""";

    private final MirrorBooking booking;
    private final EntityManager entities;

    StripeFees(MirrorBooking booking, EntityManager entities) {
        this.booking = booking;
        this.entities = entities;
    }

    /** Books all that is due. */
    void bookDue() {
        booking.book(Postings.STRIPE_FEE, this::due);
    }

    private List<MirroredLine> due(int atMost) {
        return entities.createNativeQuery(DUE, Object[].class).setMaxResults(atMost).getResultStream()
                .map(row -> line((Object[]) row)).toList();
    }

    private static MirroredLine line(Object[] row) {
        Money fee = StripeCurrencies.of(row[3].toString()).of((BigDecimal) row[2]);
        return new MirroredLine((UUID) row[0], Postings.stripeFee((String) row[1], fee, (Instant) row[4]));
    }
}
