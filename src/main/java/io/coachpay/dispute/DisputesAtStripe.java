package io.coachpay.dispute;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.inbox.MissingParent;
import io.coachpay.refund.RefundDoubted;
import io.coachpay.stripe.Creation;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeDispute;
import io.coachpay.stripe.StripeDisputes;
import io.coachpay.stripe.StripePage;
import io.coachpay.stripe.StripeRefused;

/**
 * Refreshes and lists disputes at Stripe, stores evidence there and submits it once. Stripe's answer to a submission may be as
 * old as the first call under the same key, so the dispute is refreshed afterwards. No database transaction is open while
 * Stripe is called.
 *
 * @see <a href="https://docs.stripe.com/disputes/api">Stripe: answering disputes</a>
 */
@ApplicationScoped
class DisputesAtStripe {

    private static final Logger LOG = Logger.getLogger(DisputesAtStripe.class);
    /** The time that a listing reaches back for disputes whose events were missed. */
    private static final Duration LOOK_BACK = Duration.ofDays(30);
    private static final int PAGE = 100;
    private static final int PAGES_AT_MOST = 100;

    private final Access access;
    private final DisputeBooks books;
    private final StripeDisputes stripe;
    private final IdempotentCalls once;
    private final Clock clock;
    private final Creation<Dispute, Dispute> submission;

    DisputesAtStripe(Access access, DisputeBooks books, StripeDisputes stripe, IdempotentCalls once, Clock clock) {
        this.access = access;
        this.books = books;
        this.stripe = stripe;
        this.once = once;
        this.clock = clock;
        this.submission = new Creation<>("dispute", "submit", this::row, this::find, this::create, this::note,
                this::nextAttempt);
    }

    /** Refreshes a dispute from Stripe. */
    void refresh(UUID id) {
        String stripeId = access.asService(() -> Dispute.<Dispute> findById(id)).stripeId();
        Instant asked = clock.instant();
        StripeDispute told = stripe.retrieve(stripeId);
        access.runAsService(() -> books.apply(told, asked));
    }

    /** Lists disputes, so that disputes whose events were missed become known. */
    void listNew() {
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
            access.runAsService(() -> books.apply(told, asked));
        } catch (MissingParent foreign) {
            LOG.debugf("Dispute %s is about no payment of ours", told.id());
        }
    }

    /** Refreshes disputes of a payment whose refund was refused, perhaps for a dispute whose event is missing. */
    void on(@Observes RefundDoubted doubt) {
        Instant asked = clock.instant();
        stripe.list(doubt.paymentIntent()).forEach(told -> access.runAsService(() -> books.apply(told, asked)));
    }

    // ---- evidence

    /**
     * Stores the evidence of a dispute at Stripe, without submitting it.
     *
     * @throws DisputeRefused when the dispute accepts no more evidence
     * @throws StripeAway when it is stored here alone
     */
    void stage(Dispute dispute) {
        try {
            stripe.stage(dispute.stripeId(), dispute.submission().evidence().texts(),
                    IdempotentCalls.key("dispute", dispute.id(), "stage", dispute.attempt()));
        } catch (StripeRefused.UnexpectedState notOpen) {
            throw refused(dispute.id());
        }
    }

    /** Has Stripe submit the evidence once, where that was requested. */
    void submit(UUID id) {
        try {
            once.ensure(submission, id);
        } catch (StripeRefused.UnexpectedState notOpen) {
            DisputeRefused refused = refused(id);
            change(id, dispute -> dispute.submission().unask());
            throw refused;
        } catch (StripeRefused.InvalidRequest refused) {
            change(id, dispute -> dispute.submission().unask());
            throw refused;
        }
    }

    /** Finds the reason why Stripe accepts no evidence in the refreshed dispute. */
    private DisputeRefused refused(UUID id) {
        refresh(id);
        Dispute dispute = read(id);
        return dispute.submission().confirmedAt() == null ? new DisputeRefused.NotOpen(dispute.status())
                : new DisputeRefused.Submitted();
    }

    private Dispute change(UUID id, Consumer<Dispute> change) {
        return access.asService(() -> {
            Dispute dispute = Dispute.locked(id).orElseThrow(() -> new NotFound("dispute"));
            change.accept(dispute);
            return dispute;
        });
    }

    private Dispute read(UUID id) {
        return access.asService(() -> Dispute.<Dispute> findByIdOptional(id).orElseThrow(() -> new NotFound("dispute")));
    }

    // ---- submitting evidence once

    /** Stripe has a submission once the dispute carries its date. */
    private StripeBacked<Dispute> row(UUID id) {
        Dispute dispute = read(id);
        return new StripeBacked<>(dispute, id, dispute.submission().confirmedAt() == null ? null : dispute.stripeId(),
                dispute.attempt(), Objects.requireNonNullElse(dispute.submission().askedAt(), clock.instant()));
    }

    private Optional<Dispute> find(Dispute row) {
        refresh(row.id());
        return Optional.of(read(row.id())).filter(dispute -> dispute.submission().confirmedAt() != null);
    }

    private Optional<Dispute> create(Dispute row, String key) {
        stripe.submit(row.stripeId(), row.submission().evidence().texts(), key);
        return find(row);
    }

    /** Writes nothing: the refresh has recorded it. */
    private String note(Dispute row, Dispute submitted, Instant asked) {
        return submitted.stripeId();
    }

    private void nextAttempt(UUID id, int after) {
        change(id, dispute -> dispute.nextAttempt(after));
    }
}
