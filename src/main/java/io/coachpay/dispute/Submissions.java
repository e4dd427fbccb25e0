package io.coachpay.dispute;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.stripe.Creation;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeDisputes;
import io.coachpay.stripe.StripeRefused;

/**
 * Evidence on its way to the bank: kept here and at Stripe, and submitted once. What Stripe answers may be as old as the first
 * call under the same key, so the dispute is looked at afterwards.
 *
 * @see <a href="https://docs.stripe.com/disputes/api">Stripe: answering disputes</a>
 */
@ApplicationScoped
class Submissions {

    /** A submission that was cut off is taken up after so long. */
    private static final Duration CUT_OFF = Duration.ofMinutes(1);

    private final Access access;
    private final Disputes disputes;
    private final StripeDisputes stripe;
    private final IdempotentCalls once;
    private final Clock clock;
    private final Creation<Row, Dispute> submission;

    Submissions(Access access, Disputes disputes, StripeDisputes stripe, IdempotentCalls once, Clock clock) {
        this.access = access;
        this.disputes = disputes;
        this.stripe = stripe;
        this.once = once;
        this.clock = clock;
        this.submission = new Creation<>("dispute", "submit", this::row, this::find, this::create, this::note,
                this::nextAttempt);
    }

    /** A dispute that stands for the submission of its evidence, which Stripe has once it names the day. */
    private record Row(Dispute dispute, Instant soughtFrom) implements StripeBacked {

        @Override
        public UUID id() {
            return dispute.id();
        }

        @Override
        public @Nullable String stripeId() {
            return dispute.evidenceSubmittedAt() == null ? null : dispute.stripeId();
        }

        @Override
        public int attempt() {
            return dispute.attempt();
        }
    }

    /**
     * Keeps these texts for a dispute, each in the place of what was there under its name; an empty one takes it away.
     *
     * @throws DisputeRefused when the dispute takes no evidence any more
     * @throws StripeAway when only we have it now; it reaches Stripe with the next texts, or when it is submitted
     */
    Dispute stage(UUID id, Map<String, String> texts) {
        disputes.visible(id);
        Dispute staged = change(id, dispute -> dispute.stage(texts, clock.instant()));
        try {
            stripe.stage(staged.stripeId(), staged.evidence().texts(),
                    IdempotentCalls.key("dispute", id, "stage", staged.attempt()));
        } catch (StripeRefused.UnexpectedState notOpen) {
            throw refused(id);
        }
        return staged;
    }

    /**
     * Sends the evidence of a dispute to the bank.
     *
     * @throws DisputeRefused when it was sent already, or cannot be any more
     * @throws StripeAway when Stripe did not answer; it is sent all the same, soon
     */
    Dispute submit(UUID id) {
        UUID me = access.userId();
        disputes.visible(id);
        change(id, dispute -> {
            dispute.askSubmission(me, clock.instant());
            dispute.checkNext(clock.instant().plus(CUT_OFF));
        });
        finish(id);
        return read(id);
    }

    /** Has Stripe submit what somebody asked for, once. */
    void finish(UUID id) {
        try {
            once.ensure(submission, id);
        } catch (StripeRefused.UnexpectedState notOpen) {
            DisputeRefused refused = refused(id);
            change(id, Dispute::unaskSubmission);
            throw refused;
        } catch (StripeRefused.InvalidRequest refused) {
            change(id, Dispute::unaskSubmission);
            throw refused;
        }
    }

    /** Stripe takes no evidence; why, tells the dispute as it is now. */
    private DisputeRefused refused(UUID id) {
        disputes.refresh(id);
        Dispute dispute = read(id);
        return dispute.evidenceSubmittedAt() == null ? new DisputeRefused.NotOpen(dispute.status())
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

    // ---- how evidence is submitted once

    private Row row(UUID id) {
        Dispute dispute = read(id);
        return new Row(dispute, Objects.requireNonNullElse(dispute.submissionAskedAt(), clock.instant()));
    }

    private Optional<Dispute> find(Row row) {
        disputes.refresh(row.id());
        return Optional.of(read(row.id())).filter(dispute -> dispute.evidenceSubmittedAt() != null);
    }

    private Optional<Dispute> create(Row row, String key) {
        stripe.submit(row.dispute().stripeId(), row.dispute().evidence().texts(), key);
        return find(row);
    }

    /** The look has written it down. */
    private String note(Row row, Dispute submitted, Instant asked) {
        return submitted.stripeId();
    }

    private void nextAttempt(UUID id, int after) {
        change(id, dispute -> {
            if (dispute.attempt() == after) {
                dispute.spendKey();
            }
        });
    }
}
