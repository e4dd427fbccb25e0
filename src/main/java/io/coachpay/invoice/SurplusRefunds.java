package io.coachpay.invoice;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionQueries;
import io.coachpay.refund.RefundBooks;
import io.coachpay.subscription.BilledSubscriptions;
import io.coachpay.subscription.SubscriptionExceeds;

/** Gives back in full what was paid for the second subscription of a person, whichever comes first: its payment, or its end. */
@ApplicationScoped
class SurplusRefunds {

    private static final String REASON = "second subscription";

    private static final String PAID = "select p.transactionId from InvoicePayment p, Invoice i"
            + " where p.invoiceId = i.id and i.subscriptionId = ?1 and p.booked order by p.transactionId";

    private final RefundBooks refunds;
    private final BilledSubscriptions subscriptions;

    SurplusRefunds(RefundBooks refunds, BilledSubscriptions subscriptions) {
        this.refunds = refunds;
        this.subscriptions = subscriptions;
    }

    /** Gives back what was paid before the subscription was known to be one too many. */
    void on(@Observes SubscriptionExceeds subscription) {
        List<UUID> paid = InvoicePayment.find(PAID, subscription.id()).project(UUID.class).list();
        paid.forEach(id -> TransactionQueries.locked(id).ifPresent(this::giveBack));
    }

    /**
     * Gives a payment back, whose lock is held, if its invoice bills such a subscription. Where both happen at once neither
     * sees the other, and the end of the subscription, which comes later, sees the payment.
     */
    void paid(Invoice invoice, Transaction payment) {
        UUID subscription = invoice.subscriptionId();
        if (subscription != null && subscriptions.isSurplus(subscription)) {
            giveBack(payment);
        }
    }

    private void giveBack(Transaction payment) {
        refunds.owe(payment, payment.amount(), REASON, null);
    }
}
