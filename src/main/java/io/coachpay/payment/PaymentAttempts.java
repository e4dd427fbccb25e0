package io.coachpay.payment;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.payment.Transaction.Method;
import io.coachpay.payment.Transaction.Status;
import io.coachpay.stripe.NewStripePayment;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeCheckoutSession;
import io.coachpay.stripe.StripeCheckouts;
import io.coachpay.stripe.StripePaymentIntent;
import io.coachpay.stripe.StripePayments;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.user.OnceAtStripe;

/**
 * What is asked of Stripe for a payment: opened, shown again, given up, and finished when somebody else was cut off. No
 * transaction is open while Stripe is called; every key and parameter follows from the row, so each verb may be called again.
 */
@ApplicationScoped
public class PaymentAttempts {

    private static final Logger LOG = Logger.getLogger(PaymentAttempts.class);
    private static final Duration BETWEEN_CHECKS = Duration.ofMinutes(5);

    private final Access access;
    private final Payments payments;
    private final StripePayments stripe;
    private final StripeCheckouts checkouts;
    private final OnceAtStripe once;
    private final PaymentSettings settings;
    private final Clock clock;

    PaymentAttempts(Access access, Payments payments, StripePayments stripe, StripeCheckouts checkouts, OnceAtStripe once,
            PaymentSettings settings, Clock clock) {
        this.access = access;
        this.payments = payments;
        this.stripe = stripe;
        this.checkouts = checkouts;
        this.once = once;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Asks Stripe for what the payment needs next, or shows what it has already.
     *
     * @throws PaymentRefused.CardDeclined when a saved card was refused (402)
     * @throws StripeAway when Stripe did not answer; opening again goes on from there, and so does the next check
     */
    public Payment open(UUID id) {
        Transaction transaction = read(id);
        if (transaction.isPaid() || transaction.status() == Status.CANCELED) {
            return Payment.of(transaction);
        }
        if (!transaction.isAtStripe() && transaction.status() == Status.FAILED) {
            return Payment.of(transaction);
        }
        if (transaction.method() == Method.CHECKOUT) {
            return openPage(id);
        }
        MakingIntent making = new MakingIntent(id);
        String intentId = once.idOf(making);
        StripePaymentIntent intent = making.made == null ? stripe.retrieve(intentId) : making.made;
        return view(mustConfirm(read(id), intent) ? confirm(id, intentId) : intent, id);
    }

    /**
     * Gives the payment up: at Stripe first, and only when Stripe confirms it in our books. If Stripe has taken the money
     * meanwhile, the payment is concluded instead.
     *
     * @return what it is now
     */
    public Status giveUp(UUID id) {
        Transaction transaction = read(id);
        if (transaction.isPaid() || transaction.status() == Status.CANCELED) {
            return transaction.status();
        }
        if (!transaction.isAtStripe() && transaction.status() == Status.FAILED) {
            access.runAsService(() -> Transaction.locked(id).ifPresent(payments::drop));
        } else if (transaction.method() == Method.CHECKOUT) {
            closePage(id);
        } else {
            cancelIntent(id);
        }
        return read(id).status();
    }

    /** Asks Stripe how a payment stands of which nothing has been heard for too long, and takes that over. */
    void finish(UUID id) {
        access.runAsService(() -> Transaction.locked(id).ifPresent(due -> due.checkNext(clock.instant().plus(BETWEEN_CHECKS))));
        try {
            Transaction transaction = read(id);
            if (transaction.checkoutSession() != null) {
                conclude(checkouts.retrieve(transaction.checkoutSession()));
            } else if (transaction.paymentIntent() != null && transaction.method() != Method.SAVED_CARD) {
                conclude(stripe.retrieve(transaction.paymentIntent()), "checked");
            } else {
                open(id);
            }
        } catch (PaymentRefused.CardDeclined declined) {
            LOG.debugf("The card of payment %s was declined", id);
        } catch (StripeRefused refused) {
            LOG.warnf("Payment %s could not be finished yet: %s", id, refused.getMessage());
        }
    }

    /** Reads a visit to Stripe's page again, as somebody came back from there. */
    void visited(String checkoutSession) {
        conclude(checkouts.retrieve(checkoutSession));
    }

    // ---- Stripe's page

    private Payment openPage(UUID id) {
        MakingPage making = new MakingPage(id);
        String pageId = once.idOf(making);
        StripeCheckoutSession page = making.made == null ? checkouts.retrieve(pageId) : making.made;
        Transaction transaction = read(id);
        String status = page.status() == StripeCheckoutSession.Status.COMPLETE && transaction.status() == Status.PENDING
                ? Status.PROCESSING.column()
                : transaction.status().column();
        return new Payment(id, status, page.url(), null, null);
    }

    private void closePage(UUID id) {
        String pageId = once.idOf(new MakingPage(id));
        try {
            conclude(checkouts.expire(pageId, key(id, "expire", 1)));
        } catch (StripeRefused.UnexpectedState notOpen) {
            conclude(checkouts.retrieve(pageId));
        }
    }

    private void conclude(StripeCheckoutSession page) {
        StripePaymentIntent paid = page.paymentIntent() == null && page.paymentIntentId() != null
                ? stripe.retrieve(page.paymentIntentId())
                : page.paymentIntent();
        access.runAsService(() -> payments.conclude(page, paid, "fetched", clock.instant()));
    }

    // ---- the PaymentIntent

    /** A saved card is tried by us; in every other case the payer's browser does it. */
    private static boolean mustConfirm(Transaction transaction, StripePaymentIntent intent) {
        return transaction.method() == Method.SAVED_CARD && transaction.status() == Status.PENDING
                && (intent.status() == StripePaymentIntent.Status.REQUIRES_PAYMENT_METHOD
                        || intent.status() == StripePaymentIntent.Status.REQUIRES_CONFIRMATION);
    }

    private StripePaymentIntent confirm(UUID id, String intentId) {
        Transaction transaction = read(id);
        try {
            return stripe.confirm(intentId, card(transaction), settings.successUrl(),
                    key(id, "confirm", transaction.attempt()));
        } catch (StripeRefused.UnexpectedState elsewhere) {
            return stripe.retrieve(intentId);
        } catch (StripeRefused refused) {
            throw named(id, refused);
        }
    }

    private void cancelIntent(UUID id) {
        String intentId = once.idOf(new MakingIntent(id));
        try {
            conclude(stripe.cancel(intentId, key(id, "cancel", 1)), "canceled");
        } catch (StripeRefused.UnexpectedState over) {
            conclude(stripe.retrieve(intentId), "fetched");
        }
    }

    private void conclude(StripePaymentIntent intent, String from) {
        access.runAsService(() -> payments.conclude(intent, from, clock.instant()));
    }

    private Payment view(StripePaymentIntent intent, UUID id) {
        Transaction transaction = read(id);
        boolean atStripe = intent.status() == StripePaymentIntent.Status.SUCCEEDED
                || intent.status() == StripePaymentIntent.Status.PROCESSING;
        String status = atStripe && transaction.status() == Status.PENDING ? Status.PROCESSING.column()
                : transaction.status().column();
        StripePaymentIntent.NextAction action = intent.nextAction();
        return new Payment(id, status, null, atStripe ? null : intent.clientSecret(),
                action == null ? null : new Payment.NextAction(action.type(), action.url()));
    }

    /** A refusal of our own, with its trace left in the books; whatever is no definite refusal stays as it is. */
    private RuntimeException named(UUID id, StripeRefused refused) {
        if (refused instanceof StripeRefused.CardDeclined declined) {
            refuse(id, declined.paymentIntent(), declined.code(), declined.declineCode(), declined.payerMessage());
            return new PaymentRefused.CardDeclined(declined.code(), declined.declineCode(), declined.payerMessage());
        }
        if (refused instanceof StripeRefused.AuthenticationRequired required) {
            refuse(id, required.paymentIntent(), "authentication_required", "authentication_required", null);
            return new PaymentRefused.CardDeclined("authentication_required", "authentication_required",
                    "The bank wants to ask its customer first; pay on the page instead");
        }
        if (refused instanceof StripeRefused.AccountNotReady || refused instanceof StripeRefused.InvalidRequest
                || refused instanceof StripeRefused.ResourceMissing) {
            refuse(id, null, refused.reason().code(), null, null);
        }
        return refused;
    }

    private void refuse(UUID id, @Nullable StripePaymentIntent intent, @Nullable String code, @Nullable String declineCode,
            @Nullable String message) {
        access.runAsService(() -> Transaction.locked(id).ifPresent(transaction -> {
            if (intent != null) {
                transaction.begun(intent.id());
            }
            payments.refuse(transaction, code, declineCode, message);
        }));
    }

    // ---- the row

    private Transaction read(UUID id) {
        return access.asService(() -> Transaction.<Transaction> findByIdOptional(id)
                .orElseThrow(() -> new NotFound("transaction")));
    }

    private NewStripePayment order(Transaction transaction) {
        return new NewStripePayment(transaction.id(), transaction.amount(), transaction.platformFee(), transaction.customer(),
                transaction.destinationAccount(), transaction.onBehalfOf() ? transaction.destinationAccount() : null,
                transaction.description(), Map.of("session_id", transaction.sessionId().toString()));
    }

    private static String card(Transaction transaction) {
        String card = transaction.savedCard();
        if (card == null) {
            throw new IllegalStateException("Payment " + transaction.id() + " is by saved card, but has none");
        }
        return card;
    }

    private static String key(UUID id, String operation, int attempt) {
        return "transaction:" + id + ":" + operation + ":" + attempt;
    }

    /** What making either kind of object has in common. */
    private abstract class MakingForRow implements OnceAtStripe.Making {

        final UUID id;

        MakingForRow(UUID id) {
            this.id = id;
        }

        abstract @Nullable String stripeId(Transaction transaction);

        @Override
        public OnceAtStripe.Standing standing() {
            Transaction transaction = read(id);
            return new OnceAtStripe.Standing(stripeId(transaction), transaction.attempt(), transaction.createdAt());
        }

        @Override
        public void nextAttempt(int after) {
            access.runAsService(() -> Transaction.locked(id).filter(transaction -> transaction.attempt() == after)
                    .ifPresent(Transaction::spendKey));
        }
    }

    /** The PaymentIntent of a payment without Stripe's page. */
    private final class MakingIntent extends MakingForRow {

        private @Nullable StripePaymentIntent made;

        MakingIntent(UUID id) {
            super(id);
        }

        @Override
        @Nullable
        String stripeId(Transaction transaction) {
            return transaction.paymentIntent();
        }

        @Override
        public boolean find() {
            Transaction transaction = read(id);
            return stripe.find(id, transaction.customer(), since(transaction)).stream().findFirst().map(this::note).isPresent();
        }

        @Override
        public void create(int attempt) {
            Transaction transaction = read(id);
            String key = key(id, "create", attempt);
            try {
                note(transaction.method() == Method.SAVED_CARD
                        ? stripe.createConfirmed(order(transaction), card(transaction), settings.successUrl(), key)
                        : stripe.create(order(transaction), key));
            } catch (StripeAway | StripeRefused.KeyInUse unknown) {
                throw unknown;
            } catch (StripeRefused refused) {
                throw named(id, refused);
            }
        }

        private StripePaymentIntent note(StripePaymentIntent intent) {
            access.runAsService(() -> Transaction.locked(id).ifPresent(transaction -> transaction.begun(intent.id())));
            made = intent;
            return intent;
        }
    }

    /** Stripe's page for a payment. */
    private final class MakingPage extends MakingForRow {

        private @Nullable StripeCheckoutSession made;

        MakingPage(UUID id) {
            super(id);
        }

        @Override
        @Nullable
        String stripeId(Transaction transaction) {
            return transaction.checkoutSession();
        }

        @Override
        public boolean find() {
            Transaction transaction = read(id);
            return checkouts.find(id, transaction.customer(), since(transaction)).stream().findFirst().map(this::note)
                    .isPresent();
        }

        @Override
        public void create(int attempt) {
            Transaction transaction = read(id);
            CheckoutVisit visit = access
                    .asService(() -> CheckoutVisit.of(id).orElseThrow(() -> new NotFound("checkout session")));
            try {
                note(checkouts.create(order(transaction), transaction.expiresAt(), visit.successUrl(), visit.cancelUrl(),
                        key(id, "create", attempt)));
            } catch (StripeAway | StripeRefused.KeyInUse unknown) {
                throw unknown;
            } catch (StripeRefused refused) {
                throw named(id, refused);
            }
        }

        private StripeCheckoutSession note(StripeCheckoutSession page) {
            access.runAsService(() -> {
                Transaction.locked(id).ifPresent(transaction -> transaction.opened(page.id()));
                CheckoutVisit.of(id).ifPresent(visit -> visit.opened(page.id()));
            });
            made = page;
            return page;
        }
    }

    /** Stripe's clock may be behind ours a little. */
    private static Instant since(Transaction transaction) {
        return transaction.createdAt().minus(Duration.ofMinutes(5));
    }
}
