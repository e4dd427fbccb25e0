package io.coachpay.payment;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.stripe.Creation;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeCheckoutSession;
import io.coachpay.stripe.StripeCheckouts;
import io.coachpay.stripe.StripePaymentIntent;
import io.coachpay.stripe.StripePayments;
import io.coachpay.stripe.StripeRefused;

/**
 * Creates, expires and reads Checkout Sessions: Stripe's page for a payment. No database transaction is open while Stripe is
 * called; every key and parameter follows from the row, so each verb may be called again.
 */
@ApplicationScoped
class CheckoutsAtStripe {

    private final Access access;
    private final TransactionBooks payments;
    private final PaymentRefusals refusals;
    private final StripeCheckouts stripe;
    private final StripePayments intents;
    private final IdempotentCalls once;
    private final Clock clock;

    CheckoutsAtStripe(Access access, TransactionBooks payments, PaymentRefusals refusals, StripeCheckouts stripe,
            StripePayments intents, IdempotentCalls once, Clock clock) {
        this.access = access;
        this.payments = payments;
        this.refusals = refusals;
        this.stripe = stripe;
        this.intents = intents;
        this.once = once;
        this.clock = clock;
    }

    /** Creates the page of a payment that was read or written just now, or reads it. */
    Transactions.Opened open(Transaction read) {
        UUID id = read.id();
        IdempotentCalls.Ensured<StripeCheckoutSession> ensured = once
                .ensure(new IdempotentCalls.Making<>(creation(), backed(read)));
        StripeCheckoutSession page = ensured.orRetrieve(stripe::retrieve);
        boolean atStripe = page.status() == StripeCheckoutSession.Status.COMPLETE;
        Transaction now = ensured.fresh() != null && page.status() == StripeCheckoutSession.Status.OPEN ? linked(read, page)
                : read(id);
        return new Transactions.Opened(now, new PaymentView(id, PaymentView.status(now, atStripe), page.url(), null, null));
    }

    /** Links a payment to its page, which is open: nobody has paid there, so the payment is as it was read. */
    private static Transaction linked(Transaction read, StripeCheckoutSession made) {
        read.atStripe().linkCheckoutSession(made.id());
        return read;
    }

    /** Expires the page of a payment; if it was paid there meanwhile, that is applied instead. */
    void expire(UUID id) {
        String pageId = once.ensure(creation(), id).stripeId();
        try {
            apply(() -> once.change(new Expiring(id, pageId)));
        } catch (StripeRefused.UnexpectedState notOpen) {
            refresh(pageId);
        }
    }

    /** Refreshes a page, {@code cs_…}, for example when its payer returns, and applies it. */
    void refresh(String pageId) {
        apply(() -> stripe.retrieve(pageId));
    }

    private void apply(Supplier<StripeCheckoutSession> asking) {
        Instant asked = clock.instant();
        StripeCheckoutSession page = asking.get();
        StripePaymentIntent paid = page.paymentIntent() == null && page.paymentIntentId() != null
                ? intents.retrieve(page.paymentIntentId())
                : page.paymentIntent();
        access.runAsService(() -> payments.apply(page, paid, Origin.own("fetched"), asked));
    }

    private Transaction read(UUID id) {
        return access.asService(() -> TransactionQueries.known(id));
    }

    // ---- making and closing one

    private Creation<Transaction, StripeCheckoutSession> creation() {
        return new Creation<>(PaymentIntentsAtStripe.NOUN, "create", this::row, this::find, refusals.handling(this::create),
                this::note,
                refusals::nextAttempt);
    }

    private StripeBacked<Transaction> row(UUID id) {
        return backed(read(id));
    }

    private static StripeBacked<Transaction> backed(Transaction row) {
        return new StripeBacked<>(row, row.id(), row.atStripe().checkoutSession(), row.attempt().number(), row.createdAt());
    }

    private Optional<StripeCheckoutSession> find(Transaction row) {
        return stripe.find(row.id(), row.atStripe().customer(), PaymentIntentsAtStripe.listedFrom(row)).stream().findFirst();
    }

    private StripeCheckoutSession create(Transaction row, String key) {
        CheckoutSession visit = access.asService(
                () -> CheckoutSession.of(row.id()).orElseThrow(() -> new NotFound("checkout session")));
        return stripe.create(PaymentIntentsAtStripe.order(row), visit.product(), visit.delayedMethods(), visit.expiresAt(),
                visit.successUrl(),
                visit.cancelUrl(), key);
    }

    private String note(Transaction row, StripeCheckoutSession page, Instant asked) {
        access.runAsService(() -> {
            TransactionQueries.locked(row.id()).ifPresent(transaction -> transaction.atStripe().linkCheckoutSession(page.id()));
            CheckoutSession.of(row.id()).ifPresent(visit -> visit.linkCheckoutSession(page.id()));
        });
        return page.id();
    }

    /** Expires a page. */
    private final class Expiring implements IdempotentCalls.Change<StripeCheckoutSession> {

        private final UUID id;
        private final String pageId;

        Expiring(UUID id, String pageId) {
            this.id = id;
            this.pageId = pageId;
        }

        @Override
        public int attempt() {
            return read(id).attempt().number();
        }

        @Override
        public StripeCheckoutSession call(int attempt) {
            return stripe.expire(pageId, IdempotentCalls.key(PaymentIntentsAtStripe.NOUN, id, "expire", attempt));
        }

        @Override
        public void nextAttempt(int after) {
            refusals.nextAttempt(id, after);
        }
    }
}
