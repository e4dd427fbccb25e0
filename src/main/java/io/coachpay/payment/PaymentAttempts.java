package io.coachpay.payment;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import io.coachpay.access.Access;
import io.coachpay.coach.CoachRefused;
import io.coachpay.payment.Transaction.Method;
import io.coachpay.payment.Transaction.Status;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeCheckoutSession;
import io.coachpay.stripe.StripeCheckouts;
import io.coachpay.stripe.StripePaymentIntent;
import io.coachpay.stripe.StripePayments;
import io.coachpay.stripe.StripeRefused;

/**
 * What is asked of Stripe for a payment: opened, shown again, given up, and finished when somebody else was cut off. No
 * transaction is open while Stripe is called; every key and parameter follows from the row, so each verb may be called again.
 */
@ApplicationScoped
public class PaymentAttempts {

    private static final Logger LOG = Logger.getLogger(PaymentAttempts.class);
    private static final Duration BETWEEN_CHECKS = Duration.ofMinutes(5);

    private final Access access;
    private final TransactionBooks payments;
    private final PaymentRows rows;
    private final StripePayments stripe;
    private final StripeCheckouts checkouts;
    private final IdempotentCalls once;
    private final PaymentMethods methods;
    private final PaymentSettings settings;
    private final Clock clock;

    PaymentAttempts(Access access, TransactionBooks payments, PaymentRows rows, StripePayments stripe,
            StripeCheckouts checkouts,
            IdempotentCalls once, PaymentMethods methods, PaymentSettings settings, Clock clock) {
        this.access = access;
        this.payments = payments;
        this.rows = rows;
        this.stripe = stripe;
        this.checkouts = checkouts;
        this.once = once;
        this.methods = methods;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Asks Stripe for what the payment needs next, or shows what it has already.
     *
     * @throws PaymentRefused.CardDeclined when a saved card was refused (402)
     * @throws StripeAway when Stripe did not answer; opening again goes on from there, and so does the next check
     */
    public PaymentView open(UUID id) {
        Transaction transaction = rows.read(id);
        if (transaction.isPaid() || transaction.status() == Status.CANCELED) {
            return PaymentView.of(transaction);
        }
        if (!transaction.isAtStripe() && (transaction.status() == Status.FAILED || transaction.isOver(clock.instant()))) {
            // Nothing is begun any more for a payment whose time is over: whoever ends its hold gives it up.
            return PaymentView.of(transaction);
        }
        if (transaction.method() == Method.CHECKOUT) {
            return openPage(id);
        }
        MakingPayment.Intent making = makingIntent(id);
        String intentId = once.ensure(making);
        StripePaymentIntent made = making.made();
        StripePaymentIntent intent = made == null ? stripe.retrieve(intentId) : made;
        Transaction known = rows.read(id);
        return view(mustConfirm(known, intent) ? confirm(known, intentId) : intent, id);
    }

    /**
     * Gives the payment up: at Stripe first, and only when Stripe confirms it in our books. If Stripe has taken the money
     * meanwhile, the payment is concluded instead.
     *
     * @return what it is now
     * @throws StripeAway when Stripe did not answer; then the payment stands as it did, and may be given up again
     */
    public Status giveUp(UUID id) {
        Transaction transaction = rows.read(id);
        if (transaction.isPaid() || transaction.status() == Status.CANCELED) {
            return transaction.status();
        }
        if (!transaction.isAtStripe() && transaction.status() == Status.FAILED) {
            access.runAsService(() -> Transaction.locked(id).ifPresent(payments::cancelUnsent));
        } else if (transaction.method() == Method.CHECKOUT) {
            closePage(id);
        } else {
            cancelIntent(id);
        }
        return rows.read(id).status();
    }

    /** Asks Stripe how a payment stands of which nothing has been heard for too long, and takes that over. */
    void finish(UUID id) {
        checkNext(id, BETWEEN_CHECKS);
        try {
            Transaction transaction = rows.read(id);
            if (!transaction.isAtStripe() || transaction.method() == Method.SAVED_CARD) {
                open(id);
            }
            refresh(rows.read(id));
        } catch (PaymentRefused | CoachRefused refused) {
            LOG.debugf("Payment %s is over: %s", id, refused.getMessage());
        } catch (StripeRefused.RateLimited limited) {
            checkNext(id, limited.pause());
        } catch (StripeRefused refused) {
            LOG.warnf("Payment %s could not be finished yet: %s", id, refused.getMessage());
        }
    }

    private void checkNext(UUID id, Duration pause) {
        access.runAsService(() -> Transaction.locked(id).ifPresent(due -> due.checkNext(clock.instant().plus(pause))));
    }

    private void refresh(Transaction transaction) {
        if (transaction.checkoutSession() != null) {
            visited(transaction.checkoutSession());
        } else if (transaction.paymentIntent() != null) {
            String intentId = transaction.paymentIntent();
            conclude(() -> stripe.retrieve(intentId), "checked");
        }
    }

    /**
     * Takes over how a payment stands whose payer comes back from the bank's page.
     *
     * @param clientSecret what Stripe sends along, and nobody has but its payer
     * @return our payment; empty for anybody else's, or without its secret
     */
    Optional<Transaction> returned(String intentId, String clientSecret) {
        Optional<UUID> ours = access.asService(() -> Transaction.byPaymentIntent(intentId).map(Transaction::id));
        if (ours.isEmpty()) {
            return Optional.empty();
        }
        Instant asked = clock.instant();
        StripePaymentIntent intent = stripe.retrieve(intentId);
        if (!clientSecret.equals(intent.clientSecret())) {
            return Optional.empty();
        }
        access.runAsService(() -> payments.conclude(intent, "fetched", asked));
        return ours.map(rows::read);
    }

    /** Reads a visit to Stripe's page again, as when somebody came back from there. */
    void visited(String checkoutSession) {
        concludePage(() -> checkouts.retrieve(checkoutSession));
    }

    // ---- Stripe's page

    private PaymentView openPage(UUID id) {
        MakingPayment.Page making = makingPage(id);
        String pageId = once.ensure(making);
        StripeCheckoutSession made = making.made();
        StripeCheckoutSession page = made == null ? checkouts.retrieve(pageId) : made;
        return new PaymentView(id, shown(id, page.status() == StripeCheckoutSession.Status.COMPLETE), page.url(), null, null);
    }

    private void closePage(UUID id) {
        String pageId = once.ensure(makingPage(id));
        try {
            concludePage(() -> once.change(new ChangingPayment.Expiring(id, rows, checkouts, pageId)));
        } catch (StripeRefused.UnexpectedState notOpen) {
            visited(pageId);
        }
    }

    private void concludePage(Supplier<StripeCheckoutSession> asking) {
        Instant asked = clock.instant();
        StripeCheckoutSession page = asking.get();
        StripePaymentIntent paid = page.paymentIntent() == null && page.paymentIntentId() != null
                ? stripe.retrieve(page.paymentIntentId())
                : page.paymentIntent();
        access.runAsService(() -> payments.conclude(page, paid, "fetched", asked));
    }

    // ---- the PaymentIntent

    /** A saved card is tried by us, within its payment's time; in every other case the payer's browser does it. */
    private boolean mustConfirm(Transaction transaction, StripePaymentIntent intent) {
        return transaction.method() == Method.SAVED_CARD && transaction.status() == Status.PENDING
                && !transaction.isOver(clock.instant())
                && (intent.status() == StripePaymentIntent.Status.REQUIRES_PAYMENT_METHOD
                        || intent.status() == StripePaymentIntent.Status.REQUIRES_CONFIRMATION);
    }

    private StripePaymentIntent confirm(Transaction transaction, String intentId) {
        try {
            return once.change(new ChangingPayment.Confirming(transaction.id(), rows, stripe, intentId, settings.returnUrl()));
        } catch (StripeRefused.UnexpectedState elsewhere) {
            return stripe.retrieve(intentId);
        } catch (StripeRefused refused) {
            RuntimeException told = rows.refused(transaction.id(), refused);
            throw blamesCard(refused) && methods.isGone(PaymentRows.card(transaction), transaction.customer())
                    ? new PaymentRefused.NoSuchCard()
                    : told;
        }
    }

    private static boolean blamesCard(StripeRefused refused) {
        String parameter = refused instanceof StripeRefused.ResourceMissing missing ? missing.parameter()
                : refused instanceof StripeRefused.InvalidRequest invalid ? invalid.parameter() : null;
        return "payment_method".equals(parameter);
    }

    private void cancelIntent(UUID id) {
        String intentId = once.ensure(makingIntent(id));
        try {
            conclude(() -> once.change(new ChangingPayment.Cancelling(id, rows, stripe, intentId)), "canceled");
        } catch (StripeRefused.UnexpectedState over) {
            conclude(() -> stripe.retrieve(intentId), "fetched");
        }
    }

    private void conclude(Supplier<StripePaymentIntent> asking, String from) {
        Instant asked = clock.instant();
        StripePaymentIntent intent = asking.get();
        access.runAsService(() -> payments.conclude(intent, from, asked));
    }

    private PaymentView view(StripePaymentIntent intent, UUID id) {
        boolean atStripe = intent.status() == StripePaymentIntent.Status.SUCCEEDED
                || intent.status() == StripePaymentIntent.Status.PROCESSING;
        StripePaymentIntent.NextAction action = intent.nextAction();
        return new PaymentView(id, shown(id, atStripe), null, atStripe ? null : intent.clientSecret(),
                action == null ? null : new PaymentView.NextAction(action.type(), action.url()));
    }

    /** How a payment stands for its payer, who has done their part once Stripe has it. */
    private String shown(UUID id, boolean atStripe) {
        Status ours = rows.read(id).status();
        return (atStripe && ours == Status.PENDING ? Status.PROCESSING : ours).column();
    }

    private MakingPayment.Intent makingIntent(UUID id) {
        return new MakingPayment.Intent(id, rows, stripe);
    }

    private MakingPayment.Page makingPage(UUID id) {
        return new MakingPayment.Page(id, rows, checkouts);
    }
}
