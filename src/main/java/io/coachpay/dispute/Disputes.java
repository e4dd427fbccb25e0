package io.coachpay.dispute;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.http.Paging;
import io.coachpay.http.Reference;
import io.coachpay.stripe.StripeAway;

/** The door to disputes: shown to coaches and administrators, who answer them with evidence. */
@ApplicationScoped
public class Disputes {

    /** After so long the job completes a submission that a crash interrupted. */
    private static final Duration CUT_OFF = Duration.ofMinutes(1);

    private final Access access;
    private final DisputesAtStripe atStripe;
    private final Clock clock;

    Disputes(Access access, DisputesAtStripe atStripe, Clock clock) {
        this.access = access;
        this.atStripe = atStripe;
        this.clock = clock;
    }

    /**
     * Stores texts for a dispute, each in place of the earlier one under its name; an empty one removes it.
     *
     * @throws DisputeRefused when the dispute accepts no more evidence
     * @throws StripeAway when they are stored here alone; they reach Stripe with the next texts, or on submission
     */
    Dispute stage(UUID id, Map<String, String> texts) {
        visible(id);
        Dispute staged = change(id, dispute -> dispute.stage(texts, clock.instant()));
        atStripe.stage(staged);
        return staged;
    }

    /**
     * Submits the evidence of a dispute to the bank.
     *
     * @throws DisputeRefused when it was sent already, or cannot be any more
     * @throws StripeAway when Stripe did not answer; the job submits it soon
     */
    Dispute submit(UUID id) {
        UUID me = access.userId();
        visible(id);
        change(id, dispute -> {
            dispute.askSubmission(me, clock.instant());
            dispute.checkNext(clock.instant().plus(CUT_OFF));
        });
        atStripe.submit(id);
        return access.asService(() -> Dispute.findById(id));
    }

    private Dispute change(UUID id, Consumer<Dispute> change) {
        return access.asService(() -> {
            Dispute dispute = Dispute.locked(id).orElseThrow(() -> new NotFound("dispute"));
            change.accept(dispute);
            return dispute;
        });
    }

    /** Finds a dispute of a payment to the caller as a coach, or any for an administrator. */
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
        // Row level security shows it to its payer too, who may not answer it.
        return mine(Dispute.named(reference).map(Dispute::id).orElseThrow(() -> new NotFound("dispute")));
    }

    @Transactional
    Dispute mine(UUID id) {
        return Dispute.ofCoach(id, access.userId()).orElseThrow(() -> new NotFound("dispute"));
    }

    /** Returns the disputes of payments to the caller as a coach, or of any for an administrator, by payment. */
    public Map<UUID, List<DisputeView>> of(Collection<UUID> transactionIds) {
        List<Dispute> all = access.isAdmin() ? access.asAdmin(() -> Dispute.of(transactionIds)) : own(transactionIds);
        return all.stream().collect(
                Collectors.groupingBy(Dispute::transactionId, Collectors.mapping(DisputeView::of, Collectors.toList())));
    }

    @Transactional
    List<Dispute> own(Collection<UUID> transactionIds) {
        return Dispute.ofCoach(transactionIds, access.userId());
    }

    /** Returns a page of all disputes, newest first, with one more than asked for if there are more. */
    List<Dispute> all(@Nullable String status, Paging paging) {
        return access.asAdmin(() -> Dispute.newest(status, paging.before(), paging.limit() + 1));
    }
}
