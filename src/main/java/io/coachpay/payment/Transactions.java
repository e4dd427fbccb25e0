package io.coachpay.payment;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.http.Paging;
import io.coachpay.http.Reference;
import io.coachpay.payment.PaymentAttempt.Method;
import io.coachpay.stripe.StripeAway;

/**
 * The door to payments: opens and cancels them, and shows them to payers, coaches and administrators. Stripe is asked by
 * {@link PaymentIntentsAtStripe} and {@link CheckoutsAtStripe}.
 */
@ApplicationScoped
public class Transactions {

    /** Two halves, each on its own index: an OR over both columns would read a busy coach's whole history. */
    private static final String MINE = """
            select * from (
              (select * from transactions where payer_id = ?1 and id < ?2 order by id desc limit ?3)
              union all
              (select * from transactions where coach_id = ?1 and id < ?2 order by id desc limit ?3)) as mine
             order by id desc limit ?3""";

    private final Access access;
    private final TransactionBooks books;
    private final PaymentIntentsAtStripe intents;
    private final CheckoutsAtStripe checkouts;
    private final PaymentMethods methods;
    private final EntityManager entities;
    private final Clock clock;

    Transactions(Access access, TransactionBooks books, PaymentIntentsAtStripe intents, CheckoutsAtStripe checkouts,
            PaymentMethods methods, EntityManager entities, Clock clock) {
        this.access = access;
        this.books = books;
        this.intents = intents;
        this.checkouts = checkouts;
        this.methods = methods;
        this.entities = entities;
        this.clock = clock;
    }

    /**
     * Opens a payment: asks Stripe for its next object, or shows the one it has. Calls Stripe, so no database transaction may
     * be open.
     *
     * @throws PaymentRefused.CardDeclined when a saved card was refused (402)
     * @throws StripeAway when Stripe did not answer; opening again continues from there, and so does the next check
     */
    public PaymentView open(UUID id) {
        return open(read(id)).view();
    }

    /**
     * A payment that was opened.
     *
     * @param payment as it is now
     */
    public record Opened(Transaction payment, PaymentView view) {

        private static Opened of(Transaction payment) {
            return new Opened(payment, PaymentView.of(payment));
        }
    }

    /**
     * Opens a payment as {@link #open(UUID)} does.
     *
     * @param transaction as it was read or written just now
     */
    public Opened open(Transaction transaction) {
        if (transaction.status().isPaid() || transaction.status() == PaymentStatus.CANCELED) {
            return Opened.of(transaction);
        }
        if (!transaction.atStripe().isKnown()
                && (transaction.status() == PaymentStatus.FAILED || transaction.terms().isOver(clock.instant()))) {
            // Nothing begins for a payment whose time is over: it is cancelled when its hold ends.
            return Opened.of(transaction);
        }
        return transaction.attempt().method() == Method.CHECKOUT ? checkouts.open(transaction) : intents.open(transaction);
    }

    /**
     * Opens a payment again for the caller, who may try another card on it.
     *
     * @throws PaymentRefused.TooManyCards where too many cards were refused, and this payment can still be (429)
     */
    public PaymentView openAgain(UUID id) {
        return openAgain(read(id)).view();
    }

    /**
     * Opens a payment again as {@link #openAgain(UUID)} does.
     *
     * @param transaction as it was read just now
     */
    public Opened openAgain(Transaction transaction) {
        if (mayBeDeclined(transaction)) {
            methods.requireAttempt();
        }
        return open(transaction);
    }

    private static boolean mayBeDeclined(Transaction transaction) {
        return transaction.attempt().method() != Method.CREDITS
                && (transaction.status() == PaymentStatus.PENDING || transaction.status() == PaymentStatus.FAILED);
    }

    /**
     * Cancels a payment: at Stripe first, and in our books only after Stripe confirms. If Stripe has taken the money
     * meanwhile, that is applied instead. Calls Stripe, so no database transaction may be open.
     *
     * @return its status now
     * @throws StripeAway when Stripe did not answer; then the payment is unchanged, and may be cancelled again
     */
    public PaymentStatus cancel(UUID id) {
        Transaction transaction = read(id);
        if (transaction.status().isPaid() || transaction.status() == PaymentStatus.CANCELED) {
            return transaction.status();
        }
        if (!transaction.atStripe().isKnown() && transaction.status() == PaymentStatus.FAILED) {
            access.runAsService(() -> TransactionQueries.locked(id).ifPresent(books::cancelUnsent));
        } else if (transaction.attempt().method() == Method.CHECKOUT) {
            checkouts.expire(id);
        } else {
            intents.cancel(id);
        }
        return read(id).status();
    }

    private Transaction read(UUID id) {
        return access.asService(() -> TransactionQueries.known(id));
    }

    /** Returns a page of payments that the caller made or got, with one more than asked for if there are more. */
    @Transactional
    public List<Transaction> mine(Paging paging) {
        return entities.createNativeQuery(MINE, Transaction.class).setParameter(1, access.userId())
                .setParameter(2, paging.before())
                .setParameter(3, paging.limit() + 1).getResultStream().map(Transaction.class::cast).toList();
    }

    /** Finds a payment that the caller made or got. */
    @Transactional
    public Transaction mine(UUID id) {
        return mine(Reference.to(id));
    }

    /** Finds a payment that the caller made or got. */
    @Transactional
    public Transaction mine(Reference reference) {
        UUID me = access.userId();
        return named(reference)
                .filter(transaction -> transaction.terms().isBetween(me))
                .orElseThrow(() -> new NotFound("transaction"));
    }

    /** Finds the payment by our id, or by Stripe's of the PaymentIntent, the charge or the Checkout Session. */
    private static Optional<Transaction> named(Reference reference) {
        return reference.find(id -> Transaction.<Transaction> findByIdOptional(id), Transactions::ofStripeId);
    }

    private static Optional<Transaction> ofStripeId(String stripeId) {
        String field = stripeId.startsWith("pi_") ? "paymentIntent" : stripeId.startsWith("cs_") ? "checkoutSession" : "charge";
        return Transaction.find("atStripe." + field, stripeId).firstResultOptional();
    }

    /** Finds a payment that the caller made or got; any at all for administrators. */
    public Transaction mineOrAnybodysAsAdmin(UUID id) {
        return mineOrAnybodysAsAdmin(Reference.to(id));
    }

    /** Finds a payment that the caller made or got; any at all for administrators. */
    public Transaction mineOrAnybodysAsAdmin(Reference reference) {
        if (!access.isAdmin()) {
            return mine(reference);
        }
        return access.asAdmin(() -> named(reference).orElseThrow(() -> new NotFound("transaction")));
    }
}
