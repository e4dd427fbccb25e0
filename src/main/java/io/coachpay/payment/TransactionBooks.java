package io.coachpay.payment;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jboss.logging.Logger;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;
import io.coachpay.inbox.MissingParent;
import io.coachpay.ledger.LastJournals;
import io.coachpay.payment.PaymentAttempt.Method;
import io.coachpay.stripe.StripeCharge;
import io.coachpay.stripe.StripeCheckoutSession;
import io.coachpay.stripe.StripePaymentIntent;
import io.coachpay.user.User;

/** Writes payments. Every verb joins the caller's database transaction; none calls Stripe ({@link Transactions} does). */
@ApplicationScoped
public class TransactionBooks {

    /**
     * Stripe's Checkout lives for 30 minutes at least, counted from Stripe's receipt of the call; one more for the way there.
     */
    private static final Duration CHECKOUT_LIVES = Duration.ofMinutes(31);
    private static final Duration PAYMENT_LIVES = Duration.ofMinutes(30);

    private static final Logger LOG = Logger.getLogger(TransactionBooks.class);

    private static final String KNOWN = "select id from transactions where stripe_payment_intent_id = ?";

    private final LastJournals journals;
    private final Clock clock;
    private final Purchases purchases;
    private final EntityManager entities;
    private final PaymentAddressBooks addresses;
    private final DeclineBooks declines;
    private final Rows rows;

    TransactionBooks(LastJournals journals, Clock clock, Purchases purchases, EntityManager entities,
            PaymentAddressBooks addresses, DeclineBooks declines, DataSource database) {
        this.journals = journals;
        this.clock = clock;
        this.purchases = purchases;
        this.entities = entities;
        this.addresses = addresses;
        this.declines = declines;
        this.rows = new Rows(database);
    }

    /** The addresses to which Stripe's page sends the payer afterwards. */
    public record ReturnUrls(String success, String cancel) {
    }

    /**
     * Records a payment that is about to begin at Stripe. It ends at the order's end, if not before. Stripe's page cannot end
     * within its first half hour, so it is expired together with the hold.
     */
    @Transactional(TxType.MANDATORY)
    public Transaction begin(PaymentOrder order, Method method, String customer, @Nullable String savedCard, ReturnUrls urls) {
        Instant now = clock.instant();
        Instant life = now.plus(method == Method.CHECKOUT ? CHECKOUT_LIVES : PAYMENT_LIVES);
        // As it is stored, so that the first answer names the end that later ones do.
        Instant ends = (life.isAfter(order.until()) ? order.until() : life).truncatedTo(ChronoUnit.MICROS);
        Transaction transaction = Transaction.of(order, method,
                new StripeIds(customer, savedCard, User.emailOf(order.payerId())), now, ends);
        // A flush inserts before it updates, and the payment that this one replaces has to be over first.
        entities.flush();
        transaction.persist();
        entities.flush();
        if (method == Method.CHECKOUT) {
            CheckoutSession.toPay(transaction, order.bought(), life, urls.success(), urls.cancel()).persist();
        }
        addresses.opened(transaction.id());
        PaymentLog.write(transaction, Origin.own("begun"), PaymentStatus.PENDING, now);
        return transaction;
    }

    /** Records a payment with credits, completed at once; the caller holds the wallet, which has enough of them. */
    @Transactional(TxType.MANDATORY)
    public Transaction payWithCredits(PaymentOrder order) {
        Instant now = clock.instant();
        Transaction transaction = Transaction.of(order, Method.CREDITS, new StripeIds(null, null, null), now, order.until());
        change(transaction, Origin.own("paid_with_credits"), () -> {
            transaction.spend(now);
            entities.flush();
            transaction.persist();
            book(transaction);
        });
        return transaction;
    }

    /**
     * Records the payment of an invoice, which Stripe began, and applies its PaymentIntent. The caller holds the invoice's
     * lock, so that a PaymentIntent gets one payment.
     *
     * @param known the payment with that PaymentIntent, locked; null where there is none yet
     * @param order the invoice's, for what the PaymentIntent asks
     * @param asOf when Stripe was asked
     */
    @Transactional(TxType.MANDATORY)
    public Transaction billed(@Nullable Transaction known, PaymentOrder order, StripePaymentIntent intent, Origin from,
            Instant asOf) {
        Transaction transaction = Objects.requireNonNullElseGet(known, () -> begunByStripe(order, intent, from));
        DeclineReason refusal = declines.last(transaction, intent);
        change(transaction, from, () -> apply(transaction, intent, refusal, asOf));
        StripeCharge charge = intent.latestCharge();
        if (charge != null && transaction.status().isPaid()) {
            transaction.atStripe().apply(charge);
        }
        return transaction;
    }

    private Transaction begunByStripe(PaymentOrder order, StripePaymentIntent intent, Origin from) {
        Instant now = clock.instant();
        Transaction transaction = Transaction.of(order, Method.INVOICE, new StripeIds(intent.customerId(), null, null), now,
                null);
        transaction.atStripe().linkPaymentIntent(intent.id());
        transaction.persist();
        entities.flush();
        PaymentLog.write(transaction, from, PaymentStatus.PENDING, now);
        return transaction;
    }

    /** Reopens a refused payment, perhaps with another card, on the same PaymentIntent. */
    @Transactional(TxType.MANDATORY)
    public void retry(Transaction transaction, Method with, @Nullable String savedCard) {
        change(transaction, Origin.own("retried"), () -> transaction.retry(with, savedCard, clock.instant()));
    }

    /** Whether a payment has this PaymentIntent, {@code pi_…}. Locks nothing. */
    @Transactional(TxType.MANDATORY)
    boolean knows(String paymentIntent) {
        return !rows.query(KNOWN, row -> row.getObject("id"), paymentIntent).isEmpty();
    }

    /**
     * Applies a PaymentIntent of Stripe's, however old: facts are booked once, and states only advance.
     *
     * @param asOf the event's time, or when Stripe was asked
     * @throws MissingParent when the payment is not ours, or not yet
     */
    @Transactional(TxType.MANDATORY)
    public Transaction apply(StripePaymentIntent intent, Origin from, Instant asOf) {
        Transaction transaction = find(intent);
        DeclineReason refusal = declines.last(transaction, intent);
        if (transaction.atStripe().isOther(intent.id())) {
            return intent.status() == StripePaymentIntent.Status.SUCCEEDED ? adopt(transaction, intent, from, asOf)
                    : transaction;
        }
        change(transaction, from, () -> {
            transaction.atStripe().linkPaymentIntent(intent.id());
            apply(transaction, intent, refusal, asOf);
        });
        return transaction;
    }

    /** Books a second payment that was made in the name of our order; it buys nothing. */
    private Transaction adopt(Transaction agreed, StripePaymentIntent intent, Origin from, Instant asOf) {
        Transaction other = agreed.another(clock.instant());
        change(other, from, () -> {
            hold(other, intent, Taken.agreed(agreed), paidAt(intent, asOf));
            other.persist();
            book(other);
        });
        return other;
    }

    /** Applies a Checkout Session of Stripe's, and the payment made on its page, if any. */
    @Transactional(TxType.MANDATORY)
    public void apply(StripeCheckoutSession checkout, @Nullable StripePaymentIntent intent, Origin from, Instant asOf) {
        Transaction transaction = TransactionQueries.locked(checkout.metadata().get("coachpay_id"), checkout.paymentIntentId())
                .orElseThrow(() -> new MissingParent("transaction of " + checkout.id()));
        CheckoutSession visit = CheckoutSession.of(transaction.id())
                .orElseThrow(() -> new MissingParent("visit of " + checkout.id()));
        visit.linkCheckoutSession(checkout.id());
        transaction.atStripe().apply(checkout);
        switch (checkout.status()) {
            case COMPLETE -> visit.completed();
            case EXPIRED -> visit.expired();
            case OPEN, UNKNOWN -> {
            }
        }
        if (intent != null) {
            apply(intent, from, asOf);
        }
        if (isOver(checkout, intent)) {
            change(transaction, from, () -> cancelIfOpen(transaction));
        }
    }

    /**
     * Whether the page is over without a payment: it has expired, or is complete and the bank has refused since. The state of
     * its PaymentIntent does not count: it cannot be cancelled (Stripe ends it by itself, sooner or later; verify), and its
     * client secret is unknown to all.
     */
    private static boolean isOver(StripeCheckoutSession checkout, @Nullable StripePaymentIntent intent) {
        if (intent == null) {
            return checkout.status() == StripeCheckoutSession.Status.EXPIRED;
        }
        return switch (intent.status()) {
            case SUCCEEDED, PROCESSING, REQUIRES_CAPTURE, UNKNOWN -> false;
            case REQUIRES_PAYMENT_METHOD -> checkout.status() == StripeCheckoutSession.Status.EXPIRED
                    || checkout.status() == StripeCheckoutSession.Status.COMPLETE;
            case REQUIRES_CONFIRMATION, REQUIRES_ACTION, CANCELED -> checkout.status() == StripeCheckoutSession.Status.EXPIRED;
        };
    }

    /**
     * Applies the fields of a charge that its PaymentIntent lacks: the transfer and the fee it made, how it was paid, by whom.
     */
    @Transactional(TxType.MANDATORY)
    public void apply(StripeCharge charge) {
        String intentId = charge.paymentIntentId();
        if (charge.status() != StripeCharge.Status.SUCCEEDED || intentId == null) {
            return;
        }
        TransactionQueries.locked(charge.metadata().get("coachpay_id"), intentId)
                .filter(transaction -> !transaction.atStripe().isOther(intentId))
                .orElseThrow(() -> new MissingParent("transaction of " + charge.id()))
                .atStripe().apply(charge);
    }

    /**
     * Records that the card was refused, or the call itself.
     *
     * @param byStripe whether it was the call
     */
    @Transactional(TxType.MANDATORY)
    void refuse(Transaction transaction, DeclineReason because, boolean byStripe) {
        change(transaction, Origin.own("refused"), () -> {
            if (transaction.status() != PaymentStatus.FAILED && !transaction.status().next().contains(PaymentStatus.FAILED)) {
                return;
            }
            if (byStripe) {
                transaction.refuse(because, clock.instant());
            } else {
                transaction.fail(because);
            }
        });
    }

    /** Locks what was bought with a payment, whose lock is held. */
    @Transactional(TxType.MANDATORY)
    public void holdBought(Transaction transaction) {
        purchases.hold(transaction);
    }

    /** Records the total that went back to the payer, by all refunds together. */
    @Transactional(TxType.MANDATORY)
    public void refunded(Transaction transaction, Money total) {
        change(transaction, Origin.own("refunded"), () -> transaction.refunded(total));
    }

    /** Cancels a payment that never reached Stripe, without asking there. */
    @Transactional(TxType.MANDATORY)
    void cancelUnsent(Transaction transaction) {
        change(transaction, Origin.own("dropped"), () -> cancelIfOpen(transaction));
        CheckoutSession.of(transaction.id()).ifPresent(CheckoutSession::expired);
    }

    /** A final state counts however late it arrives; any other may be stale. */
    private void apply(Transaction transaction, StripePaymentIntent intent, @Nullable DeclineReason refusal, Instant asOf) {
        boolean news = transaction.attempt().acceptIfNewer(asOf);
        if (transaction.attempt().method() == Method.INVOICE && !transaction.status().isPaid()) {
            // What an invoice asks for may have become less; any other price was agreed.
            transaction.amounts().ask(intent.amount());
        }
        switch (intent.status()) {
            case SUCCEEDED -> succeed(transaction, intent, asOf);
            case PROCESSING -> {
                if (news && transaction.status().next().contains(PaymentStatus.PROCESSING)) {
                    transaction.process(intent);
                    transaction.attempt().checkNext(clock.instant().plus(Duration.ofHours(1)));
                }
            }
            case CANCELED -> cancelIfOpen(transaction);
            case REQUIRES_PAYMENT_METHOD -> {
                if (news && refusal != null) {
                    fail(transaction, refusal);
                }
            }
            case REQUIRES_ACTION, REQUIRES_CONFIRMATION, REQUIRES_CAPTURE, UNKNOWN -> {
            }
        }
    }

    private void succeed(Transaction transaction, StripePaymentIntent intent, Instant asOf) {
        if (transaction.status().isPaid()) {
            return;
        }
        Instant at = paidAt(intent, asOf);
        if (!Taken.isAsAgreed(transaction, intent)) {
            hold(transaction, intent, Taken.agreed(transaction), at);
        } else if (transaction.status() == PaymentStatus.CANCELED) {
            boolean superseded = purchases.isSuperseded(transaction);
            LOG.errorf("Payment %s succeeded as %s although it was cancelled at Stripe", transaction.id(), intent.id());
            transaction.completeLate(intent, at, superseded, clock.instant());
        } else {
            transaction.complete(intent, at);
        }
        book(transaction);
    }

    private static Instant paidAt(StripePaymentIntent intent, Instant asOf) {
        return intent.latestCharge() == null ? asOf : intent.latestCharge().created();
    }

    /** Holds a payment that is not the agreed one: it grants nothing. */
    private void hold(Transaction transaction, StripePaymentIntent intent, Taken agreed, Instant at) {
        transaction.hold(intent, agreed, at, clock.instant());
        LOG.errorf("Payment %s is held: %s", transaction.id(), transaction.completion().mismatch());
    }

    private void book(Transaction transaction) {
        journals.post(purchases.journal(transaction).of(transaction.id()));
    }

    private static void cancelIfOpen(Transaction transaction) {
        if (transaction.status().next().contains(PaymentStatus.CANCELED)) {
            transaction.cancel();
        }
    }

    private static void fail(Transaction transaction, DeclineReason because) {
        if (transaction.status() == PaymentStatus.FAILED || transaction.status().next().contains(PaymentStatus.FAILED)) {
            transaction.fail(because);
        }
    }

    /** Whatever becomes of credits that are bought, nobody buys them any more. */
    private static void release(Transaction transaction) {
        boolean decided = transaction.status().isPaid() || transaction.status() == PaymentStatus.CANCELED;
        if (decided && transaction.credits().packageId() != null) {
            CheckoutSession.of(transaction.id()).ifPresent(CheckoutSession::release);
        }
    }

    private static Transaction find(StripePaymentIntent intent) {
        return TransactionQueries.locked(intent.metadata().get("coachpay_id"), intent.id())
                .orElseThrow(() -> new MissingParent("transaction of " + intent.id()));
    }

    private void change(Transaction transaction, Origin from, Runnable change) {
        PaymentStatus before = transaction.status();
        DeclineReason failureBefore = transaction.attempt().failure();
        change.run();
        if (before != transaction.status() || !Objects.equals(failureBefore, transaction.attempt().failure())) {
            PaymentLog.write(transaction, from, before, clock.instant());
        }
        if (before != transaction.status()) {
            release(transaction);
            purchases.follow(transaction, before);
        }
    }
}
