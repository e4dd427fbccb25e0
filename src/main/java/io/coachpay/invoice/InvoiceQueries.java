package io.coachpay.invoice;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.hibernate.LockMode;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.Reference;

/** Finds invoices. */
final class InvoiceQueries {

    private static final String TAKE = """
            update invoices set check_at = cast(:next as timestamptz)
             where id in (select id from invoices where check_at <= :now
                           order by check_at, id limit :most for update skip locked)
            returning stripe_invoice_id""";

    private InvoiceQueries() {
    }

    /** Finds the invoice and locks it; null for one that is not known here. */
    static @Nullable Invoice locked(String stripeId) {
        return Invoice.getSession().bySimpleNaturalId(Invoice.class).with(LockMode.PESSIMISTIC_WRITE).load(stripeId);
    }

    /** Finds the invoice without a lock; null for one that is not known here. */
    static @Nullable Invoice seen(String stripeId) {
        return Invoice.getSession().bySimpleNaturalId(Invoice.class).load(stripeId);
    }

    /** Finds the invoice by our id or Stripe's, without a lock. */
    static Optional<Invoice> named(Reference reference) {
        return reference.find(id -> Invoice.<Invoice> findByIdOptional(id),
                stripeId -> Optional.ofNullable(seen(stripeId)));
    }

    /** Finds the newest open invoice of a subscription, without a lock. */
    static Optional<Invoice> openOf(UUID subscriptionId) {
        return Invoice.find("subscriptionId = ?1 and status = OPEN order by id desc", subscriptionId).firstResultOptional();
    }

    /** Whether Stripe cannot finalize a draft of the subscription before it knows its owner's address. */
    static boolean isAddressNeeded(UUID subscriptionId) {
        return Invoice.count("subscriptionId = ?1 and status = DRAFT and addressNeeded", subscriptionId) > 0;
    }

    /** The number of drafts that wait for an address. */
    static long withoutAddress() {
        return Invoice.count("status = DRAFT and addressNeeded");
    }

    /** Takes those about which Stripe has to be asked, longest due first; each is due again after the others. */
    static List<String> takeDue(Instant now, Duration again, int atMost) {
        return Invoice.getEntityManager().createNativeQuery(TAKE, String.class).setParameter("now", now)
                .setParameter("next", now.plus(again)).setParameter("most", atMost).getResultStream().map(String.class::cast)
                .toList();
    }
}
