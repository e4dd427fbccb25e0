package io.coachpay.invoice;

import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.http.Paging;
import io.coachpay.http.Reference;
import io.coachpay.payment.PaymentMethods;
import io.coachpay.payment.PaymentStatus;
import io.coachpay.payment.Transaction;
import io.coachpay.refund.Refund;
import io.coachpay.refund.Refunds;
import io.coachpay.stripe.StripeAway;
import io.coachpay.subscription.BilledSubscriptions;
import io.quarkus.panache.common.Parameters;

/** The door to invoices: one's own, to read and to pay; anybody's for administrators, to read and to refund. */
@ApplicationScoped
class Invoices {

    private final Access access;
    private final InvoicesAtStripe stripe;
    private final PaymentMethods methods;
    private final Refunds refunds;
    private final BilledSubscriptions subscriptions;
    private final Clock clock;

    Invoices(Access access, InvoicesAtStripe stripe, PaymentMethods methods, Refunds refunds, BilledSubscriptions subscriptions,
            Clock clock) {
        this.access = access;
        this.stripe = stripe;
        this.methods = methods;
        this.refunds = refunds;
        this.subscriptions = subscriptions;
        this.clock = clock;
    }

    /** An invoice with all that belongs to it. */
    record Whole(Invoice invoice, List<InvoiceLine> lines, List<InvoicePayment> payments, List<CreditNote> creditNotes) {
    }

    /** A page of the caller's invoices, newest first, with one more than asked for if there are more. */
    @Transactional
    List<Whole> mine(Paging paging) {
        List<Invoice> page = Invoice
                .find("userId = ?1 and id < ?2 and status <> DELETED order by id desc", access.userId(), paging.before())
                .page(0, paging.limit() + 1).list();
        return whole(page);
    }

    /**
     * One of the caller's invoices, by our id or Stripe's. Addresses of Stripe's that are too old to be given out are fetched
     * first.
     *
     * @throws NotFound for one that is not the caller's (404)
     */
    Whole mine(Reference reference) {
        Invoice invoice = owned(reference);
        InvoiceAddresses addresses = invoice.addresses();
        if (addresses != null && addresses.isOld(clock.instant())) {
            stripe.refresh(invoice.stripeId());
        }
        return read(invoice.id());
    }

    @Transactional
    Invoice owned(Reference reference) {
        UUID me = access.userId();
        return InvoiceQueries.named(reference)
                .filter(found -> me.equals(found.owner().userId()) && found.status() != InvoiceStatus.DELETED)
                .orElseThrow(() -> new NotFound("invoice"));
    }

    @Transactional
    Whole read(UUID id) {
        return whole(List.of(Invoice.<Invoice> findById(id))).get(0);
    }

    /**
     * Pays one of the caller's open invoices with a saved payment method.
     *
     * @param methodId ours; null for the default one
     * @throws NotFound for one that is not the caller's (404)
     * @throws InvoiceRefused.NotOpen for one that is not open (409)
     * @throws InvoiceRefused.Ended for one of a subscription that has ended (409)
     * @throws PaymentRefused.NoSuchCard for a payment method that is not the caller's (422)
     * @throws PaymentRefused.CardDeclined when the bank refused (402)
     * @throws StripeAway when Stripe is away: nothing is lost, paying again goes on
     */
    Paid pay(UUID id, @Nullable UUID methodId) {
        Invoice invoice = owned(Reference.to(id));
        if (!invoice.status().isPayable()) {
            throw new InvoiceRefused.NotOpen(invoice.status());
        }
        requireUse(invoice);
        String method = methods.stripeIdOf(access.userId(), methodId);
        String secret = stripe.pay(id, invoice.stripeId(), method);
        return new Paid(read(id), secret);
    }

    /** A subscription that has ended gives nothing for what is still open of it. */
    private void requireUse(Invoice invoice) {
        UUID subscription = invoice.subscriptionId();
        if (subscription != null && access.asService(() -> subscriptions.hasEnded(subscription))) {
            throw new InvoiceRefused.Ended();
        }
    }

    /**
     * The invoice that an earlier request of the caller's paid, or tried to, as it is now; it is not charged again.
     *
     * @throws PaymentRefused.TooManyCards after too many refused cards, while the bank's question is open (429)
     */
    Paid paidBefore(UUID id) {
        Invoice invoice = owned(Reference.to(id));
        if (!invoice.status().isPayable()) {
            return new Paid(read(id), null);
        }
        methods.requireAttempt();
        return new Paid(read(id), stripe.question(invoice.stripeId()));
    }

    /** An invoice after an attempt to pay it; with a secret, {@code pi_…_secret_…}, where the bank asks first. */
    record Paid(Whole invoice, @Nullable String clientSecret) {
        @Override
        public String toString() {
            return "Paid[" + invoice.invoice().id() + "]";
        }
    }

    // ---- for administrators

    /** A page of all invoices, newest first, with one more than asked for if there are more. */
    List<Whole> all(@Nullable InvoiceStatus status, @Nullable UUID userId, Paging paging) {
        UUID before = paging.before();
        return access.asAdmin(() -> whole(Invoice.<Invoice> find(
                "id < :before" + (status == null ? "" : " and status = :status") + (userId == null ? "" : " and userId = :user")
                        + " order by id desc",
                parameters(before, status, userId)).page(0, paging.limit() + 1).list()));
    }

    private static Parameters parameters(UUID before, @Nullable InvoiceStatus status, @Nullable UUID userId) {
        Parameters parameters = Parameters.with("before", before);
        if (status != null) {
            parameters.and("status", status);
        }
        if (userId != null) {
            parameters.and("user", userId);
        }
        return parameters;
    }

    /** Any invoice with its history. */
    record Seen(Whole invoice, List<InvoiceLog> history) {
    }

    /** @throws NotFound for an unknown one (404) */
    Seen any(Reference reference) {
        return access.asAdmin(() -> {
            Invoice invoice = InvoiceQueries.named(reference).orElseThrow(() -> new NotFound("invoice"));
            return new Seen(whole(List.of(invoice)).get(0), InvoiceLog.of(invoice.id()));
        });
    }

    /**
     * Refunds a paid invoice, in whole or in part. The credit note that explains it follows once the money has moved.
     *
     * @param amount null for all that is left of the newest payment of which something is left
     * @throws InvoiceRefused.NotPaid where nothing was paid through Stripe (409)
     */
    Refund refund(Reference reference, @Nullable Money amount, String reason) {
        UUID payment = access.asAdmin(() -> {
            Invoice invoice = InvoiceQueries.named(reference).orElseThrow(() -> new NotFound("invoice"));
            List<UUID> paid = InvoicePayment.of(invoice.id()).stream().filter(InvoicePayment::isBooked)
                    .map(InvoicePayment::transactionId).toList();
            return paid.stream().filter(Invoices::isRefundable).reduce((first, second) -> second)
                    .or(() -> paid.stream().findFirst()).orElseThrow(InvoiceRefused.NotPaid::new);
        });
        return refunds.request(payment, amount, reason);
    }

    private static boolean isRefundable(UUID payment) {
        return Transaction.<Transaction> findById(payment).status() != PaymentStatus.REFUNDED;
    }

    private static List<Whole> whole(List<Invoice> invoices) {
        List<UUID> ids = invoices.stream().map(Invoice::id).toList();
        Map<UUID, List<InvoiceLine>> lines = by(InvoiceLine.of(ids), InvoiceLine::invoiceId);
        Map<UUID, List<InvoicePayment>> payments = by(InvoicePayment.of(ids), InvoicePayment::invoiceId);
        Map<UUID, List<CreditNote>> notes = by(CreditNote.of(ids), CreditNote::invoiceId);
        return invoices.stream().map(invoice -> new Whole(invoice, lines.getOrDefault(invoice.id(), List.of()),
                payments.getOrDefault(invoice.id(), List.of()), notes.getOrDefault(invoice.id(), List.of()))).toList();
    }

    private static <T> Map<UUID, List<T>> by(Collection<T> rows, Function<T, UUID> invoice) {
        return rows.stream().collect(Collectors.groupingBy(invoice));
    }
}
