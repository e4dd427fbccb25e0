package io.coachpay.session;

import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.coach.BookableCoach;
import io.coachpay.coach.Coaches;
import io.coachpay.credit.CreditBooks;
import io.coachpay.credit.CreditRefused;
import io.coachpay.http.NotFound;
import io.coachpay.payment.PaymentAttempt.Method;
import io.coachpay.payment.PaymentMetadata;
import io.coachpay.payment.PaymentMethods;
import io.coachpay.payment.PaymentOrder;
import io.coachpay.payment.PaymentRefused;
import io.coachpay.payment.PaymentStatus;
import io.coachpay.payment.PaymentView;
import io.coachpay.payment.Purpose;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionBooks;
import io.coachpay.payment.TransactionQueries;
import io.coachpay.payment.Transactions;
import io.coachpay.user.CustomersAtStripe;

/**
 * The door to payments for sessions: one live payment at a time, and an earlier one is cancelled at Stripe first.
 * {@link SessionPurchase} applies a payment to its session. Locks are taken in one order: the transaction, then the session.
 */
@ApplicationScoped
public class SessionPayments {

    /** Each round ends one earlier payment; a mentee who changes their mind faster can send the request again. */
    private static final int ROUNDS = 3;

    private final Access access;
    private final Sessions sessions;
    private final Coaches coaches;
    private final CustomersAtStripe customers;
    private final TransactionBooks payments;
    private final Transactions transactions;
    private final PaymentMethods methods;
    private final CreditBooks credits;
    private final SessionSettings settings;
    private final Clock clock;

    SessionPayments(Access access, Sessions sessions, Coaches coaches, CustomersAtStripe customers, TransactionBooks payments,
            Transactions transactions, PaymentMethods methods, CreditBooks credits, SessionSettings settings, Clock clock) {
        this.access = access;
        this.sessions = sessions;
        this.coaches = coaches;
        this.customers = customers;
        this.payments = payments;
        this.transactions = transactions;
        this.methods = methods;
        this.credits = credits;
        this.settings = settings;
        this.clock = clock;
    }

    /** A mentee's wish how to pay. */
    record Wish(Method method, @Nullable UUID savedCard, TransactionBooks.ReturnUrls urls, PaymentMetadata metadata,
            boolean saveCard) {
    }

    /**
     * Begins to pay for a session of the caller's, or resumes an earlier attempt.
     *
     * @throws PaymentRefused.InProgress while another payment is being processed (409)
     * @throws PaymentRefused.TooManyCards after too many refused cards (429)
     * @throws CreditRefused where the mentee's credits do not pay it (409, 422)
     */
    PaymentView pay(UUID sessionId, Wish wish) {
        CoachingSession session = asMentee(sessionId);
        session.requirePayable(clock.instant());
        if (wish.method() == Method.CREDITS) {
            access.runAsService(() -> credits.requireSpendable(session.menteeId(), session.split().price()));
        }
        if (wish.method() == Method.CHECKOUT || wish.method() == Method.PAYMENT_INTENT) {
            methods.requireAttempt();
        }
        String card = wish.method() == Method.SAVED_CARD ? methods.stripeIdOf(access.userId(), wish.savedCard()) : null;
        for (int round = 0; round < ROUNDS; round++) {
            Optional<Transaction> live = live(sessionId);
            if (live.isEmpty()) {
                Optional<UUID> begun = begin(session, wish, card);
                if (begun.isPresent()) {
                    return transactions.open(begun.get());
                }
            } else if (canGoOn(live.get(), wish)) {
                return goOn(live.get(), wish, card);
            } else {
                refuseIfTaken(transactions.cancel(live.get().id()));
            }
        }
        throw new PaymentRefused.InProgress();
    }

    /**
     * The present state of the payment that an earlier request of the caller's began for a session.
     *
     * @throws NotFound when the session is not the caller's (404)
     */
    PaymentView showAgain(UUID sessionId, UUID transactionId) {
        sessions.mine(sessionId);
        return transactions.openAgain(transactionId);
    }

    /** The caller's live payment of a session, with what its next step needs. */
    PaymentView show(UUID sessionId) {
        asMentee(sessionId);
        return transactions.openAgain(begun(sessionId));
    }

    /**
     * Cancels the caller's payment of a session; the slot stays held until its time is over.
     *
     * @throws PaymentRefused.InProgress when Stripe does not cancel it, so that it may still succeed (409)
     */
    void giveUp(UUID sessionId) {
        asMentee(sessionId);
        PaymentStatus left = transactions.cancel(begun(sessionId));
        refuseIfTaken(left);
        if (left != PaymentStatus.CANCELED) {
            throw new PaymentRefused.InProgress();
        }
    }

    /**
     * Ends a hold that is over: the payment at Stripe first, then the booking. The next try is set first, so that a payment
     * that Stripe does not end is tried again later.
     */
    void expire(UUID sessionId) {
        whileOver(sessionId, session -> session.slot().tryToExpire(clock.instant()));
        live(sessionId).map(Transaction::id).ifPresent(transactions::cancel);
        whileOver(sessionId, session -> {
            if (SessionPurchase.liveOf(sessionId).isEmpty()) {
                session.expire();
            }
        });
    }

    private void whileOver(UUID sessionId, Consumer<CoachingSession> verb) {
        access.runAsService(() -> CoachingSession.locked(sessionId)
                .filter(session -> session.status() == SessionStatus.PENDING_PAYMENT
                        && session.slot().isHoldOver(clock.instant()))
                .ifPresent(verb));
    }

    // ---- beginning a payment

    private CoachingSession asMentee(UUID sessionId) {
        UUID me = access.userId();
        CoachingSession session = sessions.mine(sessionId);
        if (!me.equals(session.menteeId())) {
            throw new NotFound("session");
        }
        return session;
    }

    private Optional<Transaction> live(UUID sessionId) {
        return access.asService(() -> SessionPurchase.liveOf(sessionId));
    }

    private UUID begun(UUID sessionId) {
        return live(sessionId).map(Transaction::id).orElseThrow(() -> new NotFound("payment of this session"));
    }

    private Optional<UUID> begin(CoachingSession seen, Wish wish, @Nullable String card) {
        BookableCoach coach = coaches.bookable(seen.coachId());
        boolean withCredits = wish.method() == Method.CREDITS;
        String customer = withCredits ? "" : customers.ensure(seen.menteeId());
        return access.asService(() -> {
            CoachingSession session = CoachingSession.locked(seen.id()).orElseThrow(() -> new NotFound("session"));
            session.requirePayable(clock.instant());
            if (SessionPurchase.liveOf(session.id()).isPresent()) {
                return Optional.empty();
            }
            PaymentOrder order = new PaymentOrder(Purpose.SESSION_PAYMENT, session.id(), session.menteeId(),
                    session.split().price(), new PaymentOrder.Destination(session.coachId(), session.split().fee(),
                            coach.stripeAccountId(), coach.onBehalfOf()),
                    session.holdEnds(settings.longestHold()), "Coaching session", wish.metadata(), null, wish.saveCard());
            if (withCredits) {
                return Optional.of(credits.spend(order).id());
            }
            Transaction begun = payments.begin(order, wish.method(), customer, card, wish.urls());
            session.payment().is(begun.status());
            session.holdUntil(begun.terms().end(), settings.longestHold());
            return Optional.of(begun.id());
        });
    }

    /**
     * Whether an attempt can be resumed. Within Stripe's page, or within a PaymentIntent, the way to pay may change until its
     * time is over.
     */
    private boolean canGoOn(Transaction live, Wish wish) {
        refuseIfTaken(live.status());
        return wish.method() != Method.CREDITS && !live.terms().isOver(clock.instant())
                && (live.attempt().method() == Method.CHECKOUT) == (wish.method() == Method.CHECKOUT)
                && (live.atStripe().isKnown() || live.status() == PaymentStatus.PENDING);
    }

    private PaymentView goOn(Transaction begun, Wish wish, @Nullable String card) {
        UUID transactionId = begun.id();
        access.runAsService(() -> TransactionQueries.locked(transactionId)
                .filter(live -> !isTriedWith(live, wish.method(), card))
                .ifPresent(live -> {
                    refuseIfTaken(live.status());
                    payments.retry(live, wish.method(), card);
                }));
        return transactions.open(transactionId);
    }

    private static boolean isTriedWith(Transaction live, Method way, @Nullable String card) {
        return live.status() != PaymentStatus.FAILED && live.attempt().method() == way && live.atStripe().isFor(card);
    }

    private static void refuseIfTaken(PaymentStatus status) {
        switch (status) {
            case COMPLETED, PARTIALLY_REFUNDED, REFUNDED -> throw new PaymentRefused.AlreadyPaid();
            case PROCESSING -> throw new PaymentRefused.InProgress();
            case PENDING, FAILED, CANCELED -> {
            }
        }
    }
}
