package io.coachpay.payment;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.access.Access;
import io.coachpay.payment.PaymentAttempt.Method;
import io.coachpay.stripe.Creation;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.NewStripePayment;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripePaymentIntent;
import io.coachpay.stripe.StripePayments;
import io.coachpay.stripe.StripeRefused;

/**
 * Creates, confirms, cancels and reads PaymentIntents: payments without Stripe's page. No database transaction is open while
 * Stripe is called; every key and parameter follows from the row, so each verb may be called again.
 */
@ApplicationScoped
class PaymentIntentsAtStripe {

    /** A payment's PaymentIntent and its Checkout Session count their calls on the payment together. */
    static final String NOUN = "transaction";

    /** Stripe's clock may be behind ours a little. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    private final Access access;
    private final TransactionBooks payments;
    private final PaymentRefusals refusals;
    private final StripePayments stripe;
    private final IdempotentCalls once;
    private final PaymentMethodsAtStripe methods;
    private final PaymentSettings settings;
    private final Clock clock;

    PaymentIntentsAtStripe(Access access, TransactionBooks payments, PaymentRefusals refusals, StripePayments stripe,
            IdempotentCalls once, PaymentMethodsAtStripe methods, PaymentSettings settings, Clock clock) {
        this.access = access;
        this.payments = payments;
        this.refusals = refusals;
        this.stripe = stripe;
        this.once = once;
        this.methods = methods;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Creates the PaymentIntent of a payment that was read just now, or reads it, and confirms it with the payment's saved
     * card.
     *
     * @throws PaymentRefused.CardDeclined when a saved card was refused (402)
     * @throws StripeAway when Stripe did not answer; opening again continues from there, and so does the next check
     */
    Transactions.Opened open(Transaction read) {
        UUID id = read.id();
        IdempotentCalls.Ensured<StripePaymentIntent> ensured = once
                .ensure(new IdempotentCalls.Making<>(creation(), backed(read)));
        StripePaymentIntent intent = ensured.orRetrieve(stripe::retrieve);
        Transaction known = read(id);
        return mustConfirm(known, intent) ? view(confirm(known, ensured.stripeId()), read(id)) : view(intent, known);
    }

    /** Cancels a payment at Stripe; if Stripe has taken the money meanwhile, that is applied instead. */
    void cancel(UUID id) {
        String intentId = once.ensure(creation(), id).stripeId();
        try {
            apply(() -> once.change(new Cancelling(id, intentId)), "canceled");
        } catch (StripeRefused.UnexpectedState over) {
            apply(() -> stripe.retrieve(intentId), "fetched");
        }
    }

    /** Refreshes a PaymentIntent and applies it. */
    void refresh(String intentId) {
        apply(() -> stripe.retrieve(intentId), "checked");
    }

    /**
     * Refreshes and applies the payment of a payer who returns from the bank's page.
     *
     * @param clientSecret the secret that Stripe sends along, which only the payer has
     * @return our payment; empty for an unknown one, or a wrong secret
     */
    Optional<Transaction> returned(String intentId, String clientSecret) {
        Optional<UUID> ours = access.asService(() -> TransactionQueries.byPaymentIntent(intentId).map(Transaction::id));
        if (ours.isEmpty()) {
            return Optional.empty();
        }
        Instant asked = clock.instant();
        StripePaymentIntent intent = stripe.retrieve(intentId);
        if (!clientSecret.equals(intent.clientSecret())) {
            return Optional.empty();
        }
        access.runAsService(() -> payments.apply(intent, Origin.own("fetched"), asked));
        return ours.map(this::read);
    }

    private void apply(Supplier<StripePaymentIntent> asking, String from) {
        Instant asked = clock.instant();
        StripePaymentIntent intent = asking.get();
        access.runAsService(() -> payments.apply(intent, Origin.own(from), asked));
    }

    private static Transactions.Opened view(StripePaymentIntent intent, Transaction payment) {
        boolean atStripe = intent.status() == StripePaymentIntent.Status.SUCCEEDED
                || intent.status() == StripePaymentIntent.Status.PROCESSING;
        StripePaymentIntent.NextAction action = intent.nextAction();
        PaymentView view = new PaymentView(payment.id(), PaymentView.status(payment, atStripe), null,
                atStripe ? null : intent.clientSecret(),
                action == null ? null : new PaymentView.NextAction(action.type(), action.url()));
        return new Transactions.Opened(payment, view);
    }

    private Transaction read(UUID id) {
        return access.asService(() -> TransactionQueries.known(id));
    }

    // ---- creating one, which charges no payer, not even a saved card: it can always be cancelled, and Stripe decides which
    // came first

    private Creation<Transaction, StripePaymentIntent> creation() {
        return new Creation<>(NOUN, "create", this::row, this::find,
                refusals.handling((row, key) -> stripe.create(order(row), key)), this::note, refusals::nextAttempt);
    }

    private StripeBacked<Transaction> row(UUID id) {
        return backed(read(id));
    }

    private static StripeBacked<Transaction> backed(Transaction row) {
        return new StripeBacked<>(row, row.id(), row.paymentIntent(), row.attempt().number(), row.createdAt());
    }

    private Optional<StripePaymentIntent> find(Transaction row) {
        return stripe.find(row.id(), row.atStripe().customer(), listedFrom(row)).stream().findFirst();
    }

    private String note(Transaction row, StripePaymentIntent intent, Instant asked) {
        access.runAsService(() -> TransactionQueries.locked(row.id())
                .ifPresent(transaction -> transaction.atStripe().linkPaymentIntent(intent.id())));
        return intent.id();
    }

    /** Builds the parameters of the call from the row alone, so that a repeated call is the same call. */
    static NewStripePayment order(Transaction transaction) {
        String destination = transaction.reachedCoach() ? transaction.destinationAccount() : null;
        Map<String, String> metadata = new HashMap<>(transaction.terms().metadata());
        metadata.put(transaction.terms().purpose().metadataKey(), subject(transaction).toString());
        return new NewStripePayment(transaction.id(), transaction.amount(),
                destination == null ? null : transaction.amounts().fee(), transaction.atStripe().customer(), destination,
                transaction.terms().onBehalfOf() ? destination : null, transaction.terms().description(), metadata,
                transaction.terms().saveCard());
    }

    /** Our id of what it buys: the session, or the package of credits. */
    private static UUID subject(Transaction transaction) {
        UUID bought = transaction.credits().packageId();
        return bought == null ? transaction.terms().session() : bought;
    }

    /** The earliest creation time that Stripe can report for a payment's object. */
    static Instant listedFrom(Transaction transaction) {
        return transaction.createdAt().minus(CLOCKS_DIFFER);
    }

    // ---- confirming and cancelling one

    /** Whether we confirm the payment: a saved card within its payment's time. In every other case the payer's browser does. */
    private boolean mustConfirm(Transaction transaction, StripePaymentIntent intent) {
        return transaction.attempt().method() == Method.SAVED_CARD && transaction.status() == PaymentStatus.PENDING
                && !transaction.terms().isOver(clock.instant())
                && (intent.status() == StripePaymentIntent.Status.REQUIRES_PAYMENT_METHOD
                        || intent.status() == StripePaymentIntent.Status.REQUIRES_CONFIRMATION);
    }

    private StripePaymentIntent confirm(Transaction transaction, String intentId) {
        try {
            return once.change(new Confirming(transaction.id(), intentId));
        } catch (StripeRefused.UnexpectedState elsewhere) {
            return stripe.retrieve(intentId);
        } catch (StripeRefused refused) {
            RuntimeException told = refusals.of(transaction.id(), refused);
            throw blamesCard(refused) && methods.isGone(card(transaction), transaction.atStripe().customer())
                    ? new PaymentRefused.NoSuchCard()
                    : told;
        }
    }

    private static boolean blamesCard(StripeRefused refused) {
        String parameter = refused instanceof StripeRefused.ResourceMissing missing ? missing.parameter()
                : refused instanceof StripeRefused.InvalidRequest invalid ? invalid.parameter() : null;
        return "payment_method".equals(parameter);
    }

    private static String card(Transaction transaction) {
        String card = transaction.atStripe().paymentMethod();
        if (card == null) {
            throw new IllegalStateException("Payment " + transaction.id() + " is by saved card, but has none");
        }
        return card;
    }

    /** Cancels a PaymentIntent. */
    private final class Cancelling implements IdempotentCalls.Change<StripePaymentIntent> {

        private final UUID id;
        private final String intentId;

        Cancelling(UUID id, String intentId) {
            this.id = id;
            this.intentId = intentId;
        }

        @Override
        public int attempt() {
            return read(id).attempt().number();
        }

        @Override
        public StripePaymentIntent call(int attempt) {
            return stripe.cancel(intentId, IdempotentCalls.key(NOUN, id, "cancel", attempt));
        }

        @Override
        public void nextAttempt(int after) {
            refusals.nextAttempt(id, after);
        }
    }

    /**
     * Confirms a payment with its saved card. The bank's answer stays the answer to this attempt, so a resumed call does not
     * charge the card twice. The attempt after a refusal has a number of its own.
     */
    private final class Confirming implements IdempotentCalls.Change<StripePaymentIntent> {

        private final UUID id;
        private final String intentId;
        private String card = "";
        private boolean answered;

        Confirming(UUID id, String intentId) {
            this.id = id;
            this.intentId = intentId;
        }

        @Override
        public int attempt() {
            Transaction now = read(id);
            card = card(now);
            return now.attempt().number();
        }

        @Override
        public StripePaymentIntent call(int attempt) {
            try {
                StripePaymentIntent told = stripe.confirm(intentId, card, settings.returnUrl(),
                        IdempotentCalls.key(NOUN, id, "confirm", attempt));
                answered = true;
                return told;
            } catch (StripeRefused.CardDeclined | StripeRefused.AuthenticationRequired refused) {
                answered = true;
                throw refused;
            }
        }

        @Override
        public void nextAttempt(int after) {
            if (!answered) {
                refusals.nextAttempt(id, after);
            }
        }

        /** An answer leaves the number as it is: the row's is that of the card that pays by now. */
        @Override
        public int following(int spent) {
            return attempt();
        }
    }
}
