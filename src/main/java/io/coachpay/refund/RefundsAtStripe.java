package io.coachpay.refund;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;

import org.jboss.logging.Logger;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionQueries;
import io.coachpay.stripe.Creation;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeRefund;
import io.coachpay.stripe.StripeRefunds;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.transfer.TransferSync;

/**
 * Asks Stripe for refunds: creates them, refreshes them, and in the end reads their reversals and fee refunds. No database
 * transaction is open meanwhile, and the next check resumes what a crash interrupted.
 */
@ApplicationScoped
public class RefundsAtStripe {

    private static final Logger LOG = Logger.getLogger(RefundsAtStripe.class);
    /** For a refund that Stripe has, an event comes sooner. */
    private static final Duration BETWEEN_LOOKS = Duration.ofHours(1);

    private final Access access;
    private final RefundReportBooks books;
    private final RefundSettlement shares;
    private final RefundFundsAtStripe funds;
    private final TransferSync transfers;
    private final StripeRefunds stripe;
    private final IdempotentCalls once;
    private final Event<RefundDoubted> doubts;
    private final Clock clock;
    private final Creation<Row, StripeRefund> creation;

    RefundsAtStripe(Access access, RefundReportBooks books, RefundSettlement shares, RefundFundsAtStripe funds,
            TransferSync transfers, StripeRefunds stripe, IdempotentCalls once, Event<RefundDoubted> doubts, Clock clock) {
        this.access = access;
        this.books = books;
        this.shares = shares;
        this.funds = funds;
        this.transfers = transfers;
        this.stripe = stripe;
        this.once = once;
        this.doubts = doubts;
        this.clock = clock;
        this.creation = new Creation<>("refund", "create", this::read, this::find, this::create, this::note, this::nextAttempt);
    }

    /** A refund with its payment, both read at once. */
    private record Row(Refund refund, Transaction payment) {

        static StripeBacked<Row> of(Refund refund) {
            return new StripeBacked<>(new Row(refund, Transaction.findById(refund.transactionId())), refund.id(),
                    refund.stripeId(), refund.progress().attempt(), refund.createdAt());
        }

        String paymentIntent() {
            String intent = payment.paymentIntent();
            if (intent == null) {
                throw new IllegalStateException("Payment " + payment.id() + " never reached Stripe, and cannot be refunded");
            }
            return intent;
        }
    }

    /** Takes a refund's next step: creates it, refreshes it, or settles the parts of coach and platform. */
    void advance(UUID id) {
        Optional<StripeBacked<Row>> due = claim(id);
        if (due.isEmpty()) {
            return;
        }
        IdempotentCalls.Making<Row, StripeRefund> making = new IdempotentCalls.Making<>(creation, due.get());
        try {
            advance(making);
        } catch (StripeRefused.InsufficientBalance notYet) {
            funds.await(due.get().row().refund(), making.attempt(), notYet);
        } catch (IdempotentCalls.NotWanted decided) {
            LOG.infof("%s", decided.getMessage());
        } catch (StripeRefused.RateLimited limited) {
            LOG.warnf("Refund %s is retried in %s: %s", id, limited.pause(), limited.getMessage());
            access.runAsService(() -> Refund.locked(id).filter(Refund::isUnsettled)
                    .ifPresent(refund -> refund.progress().checkNext(clock.instant().plus(limited.pause()))));
        } catch (StripeAway | StripeRefused.KeyInUse later) {
            LOG.warnf("Refund %s is retried: %s", id, later.getMessage());
        } catch (StripeRefused refused) {
            refuse(due.get().row(), making.attempt(), refused);
        }
    }

    /**
     * Refreshes what may prevent the refund before it believes the refusal, since no event may have reported it yet; if Stripe
     * is away, later.
     */
    private void refuse(Row claimed, int attempt, StripeRefused refused) {
        if (claimed.refund().status() != RefundStatus.REQUESTED) {
            LOG.warnf("Stripe cannot report refund %s: %s", claimed.refund().id(), refused.getMessage());
            return;
        }
        LOG.errorf("Stripe refused refund %s: %s", claimed.refund().id(), refused.getMessage());
        try {
            String paymentIntent = claimed.paymentIntent();
            doubts.fire(new RefundDoubted(claimed.payment().id(), paymentIntent));
            Instant asked = clock.instant();
            List<StripeRefund> found = stripe.list(paymentIntent);
            access.runAsService(() -> books.refuse(claimed.refund().id(), attempt, refused.reason(), refused.getMessage(),
                    found, asked));
        } catch (StripeRefused later) {
            LOG.warnf("The reason for refusing refund %s is looked up later: %s", claimed.refund().id(), later.getMessage());
        }
    }

    private Optional<StripeBacked<Row>> claim(UUID id) {
        return access.asService(() -> Refund.locked(id).filter(Refund::isUnsettled).map(refund -> {
            boolean asked = refund.status() != RefundStatus.REQUESTED;
            // Truncated like the database's, since it is compared with what is read again.
            refund.progress().checkNext(
                    clock.instant().plus(asked ? BETWEEN_LOOKS : RefundProgress.CALL_LASTS).truncatedTo(ChronoUnit.MICROS));
            return Row.of(refund);
        }));
    }

    private void advance(IdempotentCalls.Making<Row, StripeRefund> making) {
        Refund refund = making.row().refund();
        switch (refund.status()) {
            case REQUESTED -> {
                IdempotentCalls.Ensured<StripeRefund> ensured = once.ensure(making);
                if (ensured.fresh() == null) {
                    refresh(ensured.stripeId());
                }
            }
            case PENDING, REQUIRES_ACTION -> refresh(stripeId(refund));
            case SUCCEEDED, FAILED, CANCELED -> settle(refund);
            case REFUSED -> {
            }
        }
    }

    /**
     * Refreshes a refund from Stripe, {@code re_…}, known or not.
     *
     * @throws StripeRefused when Stripe refuses or is away; nothing is lost by asking again
     */
    public void refresh(String stripeId) {
        Instant asked = clock.instant();
        StripeRefund told = stripe.retrieve(stripeId);
        access.runAsService(() -> books.apply(told, asked));
    }

    /** Looks for a refund at Stripe, and applies it if Stripe has made it. */
    void find(UUID id) {
        once.find(creation, id);
    }

    /** Refreshes the payment's transfers before they are used to settle: their events may be missing. */
    private void settle(Refund refund) {
        transfers.sync(refund.transactionId());
        access.runAsService(() -> {
            Transaction transaction = TransactionQueries.locked(refund.transactionId()).orElseThrow();
            Refund.locked(refund.id()).filter(Refund::isUnsettled).ifPresent(row -> shares.settle(transaction, row));
        });
    }

    private static String stripeId(Refund refund) {
        String stripeId = refund.stripeId();
        if (stripeId == null) {
            throw new IllegalStateException("Refund " + refund.id() + " is at Stripe without an id of Stripe's");
        }
        return stripeId;
    }

    // ---- creating a refund at Stripe

    private StripeBacked<Row> read(UUID id) {
        return access.asService(() -> Row.of(Refund.<Refund> findByIdOptional(id).orElseThrow(() -> new NotFound("refund"))));
    }

    private Optional<StripeRefund> find(Row row) {
        if (row.payment().isWithCredits()) {
            return Optional.empty();
        }
        return stripe.list(row.paymentIntent()).stream().filter(refund -> refund.isOf(row.refund().id())).findFirst();
    }

    /**
     * Asks without {@code reverse_transfer} once the coach's account can no longer be debited (disconnected, restricted): the
     * platform then bears the whole refund.
     */
    private Optional<StripeRefund> create(Row row, String key) {
        Refund refund = row.refund();
        if (refund.status() != RefundStatus.REQUESTED) {
            throw new IdempotentCalls.NotWanted("Refund " + refund.id());
        }
        boolean askCoach = !refund.isBorneAlone();
        try {
            return Optional.of(stripe.create(new StripeRefunds.NewRefund(refund.id(), row.paymentIntent(), refund.amount(),
                    askCoach, askCoach && row.payment().amounts().fee().isPositive(), null), key));
        } catch (StripeRefused.NotPermitted | StripeRefused.AccountNotReady gone) {
            if (!askCoach) {
                throw gone;
            }
            LOG.errorf("The platform alone pays refund %s: %s", refund.id(), gone.getMessage());
            int attempt = refund.progress().attempt();
            access.runAsService(() -> Refund.locked(refund.id()).filter(now -> now.progress().isAt(attempt)).ifPresent(now -> {
                now.progress().nextAttempt(attempt);
                now.bearAlone(gone.getMessage());
            }));
            return Optional.empty();
        }
    }

    private String note(Row row, StripeRefund told, Instant asked) {
        access.runAsService(() -> books.apply(told, asked));
        return told.id();
    }

    private void nextAttempt(UUID id, int after) {
        access.runAsService(() -> Refund.locked(id).ifPresent(refund -> refund.progress().nextAttempt(after)));
    }
}
