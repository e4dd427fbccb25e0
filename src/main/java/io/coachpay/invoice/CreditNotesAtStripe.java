package io.coachpay.invoice;

import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.job.OneByOne;
import io.coachpay.refund.Refund;
import io.coachpay.refund.RefundStatus;
import io.coachpay.stripe.Creation;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeCreditNote;
import io.coachpay.stripe.StripeInvoices;
import io.coachpay.stripe.StripeInvoices.NewCreditNote;
import io.coachpay.stripe.StripeRefused;

/**
 * Has Stripe make credit notes for refunds. No database transaction is open meanwhile; the next check resumes after a crash.
 */
@ApplicationScoped
class CreditNotesAtStripe {

    private static final Logger LOG = Logger.getLogger(CreditNotesAtStripe.class);
    private static final String NOUN = "credit_note";
    private static final int AT_MOST = 100;

    /** The reason where the refund failed before its credit note was made. */
    private static final String UNDONE = "refund_failed";

    private final Access access;
    private final CreditNoteBooks books;
    private final StripeInvoices stripe;
    private final IdempotentCalls once;
    private final Clock clock;
    private final Creation<Wanted, StripeCreditNote> creation;

    CreditNotesAtStripe(Access access, CreditNoteBooks books, StripeInvoices stripe, IdempotentCalls once, Clock clock) {
        this.access = access;
        this.books = books;
        this.stripe = stripe;
        this.once = once;
        this.clock = clock;
        this.creation = new Creation<>(NOUN, "create", this::read, this::find, this::create, this::note,
                (id, after) -> access.runAsService(() -> books.nextAttempt(id, after)));
    }

    /** A credit note with the names at Stripe of what it is for. */
    private record Wanted(CreditNote note, String invoice, String refund, RefundStatus status) {

        /** Whether the refund has failed, so that there is nothing to explain. */
        boolean isUndone() {
            return !status.isLive();
        }
    }

    /** Has those made that are due. */
    void check() {
        OneByOne.forEachIsolated(access.asService(() -> CreditNote.takeDue(clock.instant(), AT_MOST)), this::make);
    }

    private void make(UUID id) {
        try {
            once.ensure(creation, id);
        } catch (IdempotentCalls.NotWanted over) {
            LOG.debugf("Credit note %s is not wanted any more", id);
        } catch (StripeAway | StripeRefused.RateLimited later) {
            LOG.debugf("Credit note %s waits for Stripe: %s", id, later.getMessage());
        }
    }

    private StripeBacked<Wanted> read(UUID id) {
        return access.asService(() -> {
            CreditNote note = Objects.requireNonNull(CreditNote.<CreditNote> findById(id), "A credit note is never deleted");
            Invoice invoice = Invoice.findById(note.invoiceId());
            Refund refund = Refund.findById(note.refundId());
            return new StripeBacked<>(
                    new Wanted(note, invoice.stripeId(),
                            Objects.requireNonNull(refund.stripeId(), "Its money has moved"), refund.status()),
                    id, note.stripeId(), note.attempt(), note.createdAt());
        });
    }

    private Optional<StripeCreditNote> find(Wanted wanted) {
        return stripe.creditNotes(wanted.invoice()).stream().filter(note -> note.isOf(wanted.note().id())).findFirst();
    }

    private Optional<StripeCreditNote> create(Wanted wanted, String key) {
        if (wanted.note().status() != CreditNoteStatus.REQUESTED) {
            throw new IdempotentCalls.NotWanted(wanted.note().id());
        }
        if (wanted.isUndone()) {
            access.runAsService(() -> books.refuse(wanted.note().id(), wanted.note().attempt(), UNDONE));
            throw new IdempotentCalls.NotWanted(wanted.note().id());
        }
        try {
            return Optional.of(stripe.credit(new NewCreditNote(wanted.note().id(), wanted.invoice(), wanted.refund(),
                    wanted.note().amount(), null), key));
        } catch (StripeRefused.InvalidRequest | StripeRefused.ResourceMissing | StripeRefused.UnexpectedState refused) {
            LOG.errorf("Stripe refused credit note %s of %s: %s", wanted.note().id(), wanted.invoice(), refused.getMessage());
            String code = Objects.requireNonNullElse(refused.reason().code(), refused.outcome());
            access.runAsService(() -> books.refuse(wanted.note().id(), wanted.note().attempt(), code));
            throw new IdempotentCalls.NotWanted(wanted.note().id());
        }
    }

    private @Nullable String note(Wanted wanted, StripeCreditNote made, Instant asked) {
        access.runAsService(() -> books.mirror(made, asked));
        return made.id();
    }
}
