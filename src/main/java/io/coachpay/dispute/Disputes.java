package io.coachpay.dispute;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jboss.logging.Logger;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.http.Paging;
import io.coachpay.http.Reference;
import io.coachpay.inbox.MissingParent;
import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;
import io.coachpay.payment.Transaction;
import io.coachpay.refund.RefundDoubted;
import io.coachpay.refund.Refunds;
import io.coachpay.stripe.StripeBalanceTransaction;
import io.coachpay.stripe.StripeDispute;
import io.coachpay.stripe.StripeDisputes;
import io.coachpay.stripe.StripePage;
import io.coachpay.transfer.TransferRecorded;
import io.coachpay.transfer.TransferRequest;
import io.coachpay.transfer.TransferRequestCompleted;

/** What payers' banks dispute: taken over from Stripe, booked, and looked at. */
@ApplicationScoped
public class Disputes {

    private static final Logger LOG = Logger.getLogger(Disputes.class);
    private static final Duration BETWEEN_CHECKS = Duration.ofHours(1);
    /** How far back a listing looks for disputes that nobody told of. */
    private static final Duration LOOK_BACK = Duration.ofDays(30);
    private static final int PAGE = 100;
    private static final int PAGES_AT_MOST = 100;

    private final Access access;
    private final Ledger ledger;
    private final Recoveries recoveries;
    private final Refunds refunds;
    private final StripeDisputes stripe;
    private final Event<DisputeChanged> changes;
    private final EntityManager entities;
    private final Clock clock;

    Disputes(Access access, Ledger ledger, Recoveries recoveries, Refunds refunds, StripeDisputes stripe,
            Event<DisputeChanged> changes, EntityManager entities, Clock clock) {
        this.access = access;
        this.ledger = ledger;
        this.recoveries = recoveries;
        this.refunds = refunds;
        this.stripe = stripe;
        this.changes = changes;
        this.entities = entities;
        this.clock = clock;
    }

    /**
     * Takes over what Stripe says about a dispute, books each of its balance transactions that has not been, and settles with
     * the coach what follows from that.
     *
     * @param asOf when Stripe was asked; the state of an older look changes nothing
     * @throws MissingParent when it is about no payment of ours
     */
    @Transactional(TxType.MANDATORY)
    public void conclude(StripeDispute told, Instant asOf) {
        Transaction payment = payment(told);
        Dispute dispute = Dispute.lockedByStripeId(told.id())
                .orElseGet(() -> Dispute.of(payment.id(), told, clock.instant()));
        Decision before = Decision.of(dispute);
        dispute.apply(told, asOf);
        dispute.persist();
        entities.flush();
        // What disputes took of it has been summed up by the database.
        entities.refresh(payment);
        told.balanceTransactions().forEach(line -> book(payment, line));
        boolean settled = recoveries.settle(payment, dispute.id());
        if (!dispute.isSubmissionOwed()) {
            dispute.checkNext(settled && dispute.isDone() ? null : clock.instant().plus(BETWEEN_CHECKS));
        }
        if (dispute.closedAt() != null && !Decision.of(dispute).equals(before)) {
            refunds.requestRest(payment);
        }
        changes.fire(new DisputeChanged(payment));
    }

    /** What a payer's claim to a refund hangs on: whether the bank has decided, and what it keeps. */
    private record Decision(boolean made, Money kept) {

        static Decision of(Dispute dispute) {
            return new Decision(dispute.closedAt() != null, dispute.withdrawnAmount());
        }
    }

    /** A refund was refused, perhaps for a dispute that nobody has told of. */
    void on(@Observes RefundDoubted doubt) {
        Instant asked = clock.instant();
        stripe.list(doubt.paymentIntent()).forEach(told -> access.runAsService(() -> conclude(told, asked)));
    }

    /**
     * What was withdrawn was on its way already, or an administrator had it tried again too late, so it has to go back now; and
     * what repaid the coach for a refund can be taken for a dispute that came meanwhile.
     */
    void on(@Observes TransferRequestCompleted concluded) {
        TransferRequest step = concluded.step();
        UUID disputeId = step.disputeId();
        if (disputeId == null && step.kind() == TransferRequest.Kind.TRANSFER) {
            takeWhatHadToWait(concluded.transaction());
        } else if (disputeId != null && (step.isWithdrawn() || step.isDecided())) {
            recoveries.settle(concluded.transaction(), disputeId);
        }
    }

    /** What had to wait until there was a transfer to take it back from. */
    void on(@Observes TransferRecorded known) {
        takeWhatHadToWait(known.transaction());
    }

    private void takeWhatHadToWait(Transaction payment) {
        Dispute.of(payment.id()).stream().filter(dispute -> dispute.withdrawnAmount().isPositive()).findFirst()
                .ifPresent(dispute -> recoveries.settle(payment, dispute.id()));
    }

    private void book(Transaction payment, StripeBalanceTransaction line) {
        if (!line.amount().isZero() || !line.fee().isZero()) {
            ledger.post(Postings.disputeFunds(line.id(), line.amount(), line.fee(), line.created()).of(payment.id()));
        }
    }

    private static Transaction payment(StripeDispute told) {
        Optional<Transaction> paid = told.paymentIntentId() != null ? Transaction.locked(null, told.paymentIntentId())
                : Optional.ofNullable(told.chargeId()).flatMap(Transaction::lockedByCharge);
        return paid.orElseThrow(() -> new MissingParent("transaction of " + told.id()));
    }

    // ---- asking Stripe

    /** Looks at a dispute as it is at Stripe now. */
    void refresh(UUID id) {
        String stripeId = access.asService(() -> Dispute.<Dispute> findById(id)).stripeId();
        Instant asked = clock.instant();
        StripeDispute told = stripe.retrieve(stripeId);
        access.runAsService(() -> conclude(told, asked));
    }

    /** Lists what is new, in case nobody told. */
    void lookForNew() {
        Instant since = clock.instant().minus(LOOK_BACK);
        String after = null;
        for (int page = 0; page < PAGES_AT_MOST; page++) {
            Instant asked = clock.instant();
            StripePage<StripeDispute> listed = stripe.page(since, after, PAGE);
            unknown(listed.data()).forEach(told -> adopt(told, asked));
            after = listed.next();
            if (after == null) {
                return;
            }
        }
    }

    private List<StripeDispute> unknown(List<StripeDispute> listed) {
        List<String> known = access.asService(() -> Dispute.known(listed.stream().map(StripeDispute::id).toList()));
        return listed.stream().filter(told -> !known.contains(told.id())).toList();
    }

    private void adopt(StripeDispute told, Instant asked) {
        try {
            access.runAsService(() -> conclude(told, asked));
        } catch (MissingParent foreign) {
            LOG.debugf("Dispute %s is about no payment of ours", told.id());
        }
    }

    // ---- looking at them

    /** A dispute of a payment that the caller got as a coach, or any for an administrator. */
    Dispute visible(UUID id) {
        return visible(Reference.to(id));
    }

    Dispute visible(Reference reference) {
        if (access.isAdmin()) {
            return access.asAdmin(() -> Dispute.named(reference).orElseThrow(() -> new NotFound("dispute")));
        }
        return mine(reference);
    }

    @Transactional
    Dispute mine(Reference reference) {
        // Row level security shows it to its payer too, who is not the one to answer it.
        return mine(Dispute.named(reference).map(Dispute::id).orElseThrow(() -> new NotFound("dispute")));
    }

    @Transactional
    Dispute mine(UUID id) {
        return Dispute.ofCoach(id, access.userId()).orElseThrow(() -> new NotFound("dispute"));
    }

    /** The disputes of payments that the caller got as a coach, or of any for an administrator, by their payment. */
    public Map<UUID, List<DisputeView>> of(Collection<UUID> transactionIds) {
        List<Dispute> all = access.isAdmin() ? access.asAdmin(() -> Dispute.of(transactionIds)) : own(transactionIds);
        return all.stream().collect(
                Collectors.groupingBy(Dispute::transactionId, Collectors.mapping(DisputeView::of, Collectors.toList())));
    }

    @Transactional
    List<Dispute> own(Collection<UUID> transactionIds) {
        return Dispute.ofCoach(transactionIds, access.userId());
    }

    /** A page of all of them, newest first, with one more than asked for if there are more. */
    List<Dispute> all(@Nullable String status, Paging paging) {
        return access.asAdmin(() -> Dispute.newest(status, paging.before(), paging.limit() + 1));
    }
}
