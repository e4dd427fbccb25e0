package io.coachpay.invoice;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.inbox.MissingParent;
import io.coachpay.job.OneByOne;
import io.coachpay.payment.CardDeclines;
import io.coachpay.payment.Origin;
import io.coachpay.payment.PaymentRefused;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeInvoice;
import io.coachpay.stripe.StripeInvoicePayment;
import io.coachpay.stripe.StripeInvoices;
import io.coachpay.stripe.StripeRefused;

/** Pays invoices at Stripe, and reads them there. No database transaction is open while Stripe is called. */
@ApplicationScoped
class InvoicesAtStripe {

    private static final Logger LOG = Logger.getLogger(InvoicesAtStripe.class);
    private static final String NOUN = "invoice";
    private static final Duration AGAIN = Duration.ofHours(26);
    private static final int AT_MOST = 100;

    private static final String METHOD = "payment_method";

    private final Access access;
    private final InvoiceBooks books;
    private final StripeInvoices stripe;
    private final IdempotentCalls once;
    private final CardDeclines declines;
    private final Clock clock;

    InvoicesAtStripe(Access access, InvoiceBooks books, StripeInvoices stripe, IdempotentCalls once, CardDeclines declines,
            Clock clock) {
        this.access = access;
        this.books = books;
        this.stripe = stripe;
        this.once = once;
        this.declines = declines;
        this.clock = clock;
    }

    /** Reads an invoice and what pays it, and mirrors both. */
    void refresh(String invoiceId) {
        Instant asked = clock.instant();
        StripeInvoice now = stripe.retrieve(invoiceId);
        List<StripeInvoicePayment> payments = stripe.payments(invoiceId);
        access.runAsService(() -> books.mirrorWhole(now, payments, Origin.own("fetched"), asked));
    }

    /**
     * Pays an open invoice.
     *
     * @return the secret by which the payer answers the bank; null where it is paid, or being paid
     * @throws PaymentRefused.CardDeclined when the bank refused (402)
     * @throws PaymentRefused.NoSuchCard when Stripe does not have the method any more (422)
     * @throws InvoiceRefused.NotOpen when it is open no more (409)
     */
    @Nullable
    String pay(UUID id, String invoiceId, String method) {
        try {
            once.change(new Paying(id, invoiceId, method));
            return null;
        } catch (StripeRefused.AuthenticationRequired asks) {
            return stripe.clientSecret(invoiceId);
        } catch (StripeRefused.CardDeclined declined) {
            throw declines.of(payer(read(id)), method, intent(id, invoiceId), declined);
        } catch (StripeRefused.UnexpectedState over) {
            refreshIfPossible(invoiceId);
            throw new InvoiceRefused.NotOpen(read(id).status());
        } catch (StripeRefused.ResourceMissing gone) {
            throw METHOD.equals(gone.parameter()) ? new PaymentRefused.NoSuchCard() : gone;
        } finally {
            refreshIfPossible(invoiceId);
        }
    }

    /** Its events follow; the answer to the attempt is the caller's all the same. */
    private void refreshIfPossible(String invoiceId) {
        try {
            refresh(invoiceId);
        } catch (StripeAway | StripeRefused.RateLimited | MissingParent later) {
            LOG.debugf("Invoice %s is mirrored by its events: %s", invoiceId, later.getMessage());
        }
    }

    /** The PaymentIntent that was tried, or the invoice where Stripe has named none yet. */
    private String intent(UUID id, String invoiceId) {
        return access.asService(() -> InvoicePayment.of(id).stream().map(InvoicePayment::paymentIntent)
                .flatMap(Stream::ofNullable).reduce((first, second) -> second).orElse(invoiceId));
    }

    /** The secret by which the payer of an open invoice answers the bank; null where nothing is to be paid. */
    @Nullable
    String question(String invoiceId) {
        return stripe.clientSecret(invoiceId);
    }

    private static UUID payer(Invoice invoice) {
        return Objects.requireNonNull(invoice.owner().userId(), "A person pays their own invoices");
    }

    /** Asks Stripe about invoices of which nothing was heard for long. */
    void check() {
        List<String> due = access.asService(() -> InvoiceQueries.takeDue(clock.instant(), AGAIN, AT_MOST));
        OneByOne.forEachIsolated(due, this::look);
    }

    private void look(String invoiceId) {
        try {
            refresh(invoiceId);
        } catch (StripeRefused.ResourceMissing gone) {
            access.runAsService(() -> books.deleted(invoiceId));
        } catch (StripeAway | StripeRefused.RateLimited later) {
            LOG.debugf("Invoice %s waits for Stripe: %s", invoiceId, later.getMessage());
        } catch (MissingParent unknown) {
            LOG.warnf("Invoice %s is of nobody here: %s", invoiceId, unknown.getMessage());
        }
    }

    private Invoice read(UUID id) {
        return access.asService(() -> Objects.requireNonNull(Invoice.<Invoice> findById(id), "An invoice stays"));
    }

    /** Pays an invoice with one method; the invoice itself lets only one payment through. */
    private final class Paying implements IdempotentCalls.Change<String> {

        private final UUID id;
        private final String invoiceId;
        private final String method;

        Paying(UUID id, String invoiceId, String method) {
            this.id = id;
            this.invoiceId = invoiceId;
            this.method = method;
        }

        @Override
        public int attempt() {
            return read(id).attempt();
        }

        @Override
        public String call(int attempt) {
            stripe.pay(invoiceId, method, IdempotentCalls.key(NOUN, id, "pay", attempt));
            return invoiceId;
        }

        @Override
        public void nextAttempt(int after) {
            access.runAsService(() -> books.nextAttempt(id, after));
        }
    }
}
