package io.coachpay.invoice;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.inbox.MissingParent;
import io.coachpay.refund.KnownRefunds;
import io.coachpay.stripe.StripeCreditNote;

/**
 * Records credit notes: those to ask Stripe for, and those that Stripe has. Every verb runs inside the caller's database
 * transaction, and none calls Stripe.
 */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
class CreditNoteBooks {

    /** Stripe reports a refund together with its credit note; one that is not known by then never will be. */
    private static final Duration REFUND_COMES_WITHIN = Duration.ofMinutes(55);

    private final KnownRefunds refunds;
    private final Clock clock;

    CreditNoteBooks(KnownRefunds refunds, Clock clock) {
        this.refunds = refunds;
        this.clock = clock;
    }

    /**
     * Wants a credit note for a refund whose money has moved, if it was asked for here: nobody makes another for it in the
     * dashboard. Stripe is asked once this is committed.
     *
     * @param refund {@code re_…}
     * @param amount what went back; nothing is wanted where something came back
     */
    void request(InvoicePayment paid, String refund, Money amount) {
        if (!amount.isPositive()) {
            return;
        }
        Optional<UUID> ours = refunds.askedForHere(refund).filter(id -> !CreditNote.existsFor(id));
        ours.ifPresent(id -> CreditNote.requested(paid.invoiceId(), id, amount, clock.instant()).persist());
    }

    /**
     * Mirrors Stripe's credit note as of that second.
     *
     * @throws MissingParent for one of an invoice that is not known here, or of a refund that may be known soon
     */
    void mirror(StripeCreditNote stripes, Instant at) {
        Invoice invoice = InvoiceQueries.locked(stripes.invoiceId());
        if (invoice == null) {
            throw new MissingParent("invoice of " + stripes.id());
        }
        CreditNote note = CreditNote.byStripeId(stripes.id());
        UUID row = stripes.coachpayId();
        if (note == null && row != null) {
            note = CreditNote.locked(row);
        }
        if (note == null) {
            note = CreditNote.madeAtStripe(invoice, refundOf(stripes), stripes, clock.instant());
        }
        note.mirror(stripes, at);
        note.persist();
    }

    /** The first refund that it explains, and no other does: a row names one. */
    private @Nullable UUID refundOf(StripeCreditNote stripes) {
        boolean isFresh = stripes.created().plus(REFUND_COMES_WITHIN).isAfter(clock.instant());
        for (String refund : stripes.refunds()) {
            Optional<UUID> known = refunds.find(refund);
            if (known.isEmpty() && isFresh) {
                throw new MissingParent("refund of " + stripes.id());
            }
            if (known.isPresent() && !CreditNote.existsFor(known.get())) {
                return known.get();
            }
        }
        return null;
    }

    /** Records that Stripe refused to make one at that attempt. */
    void refuse(UUID id, int attempt, String code) {
        known(id).refuse(attempt, code);
    }

    /** Counts to the next key. */
    void nextAttempt(UUID id, int after) {
        known(id).nextAttempt(after);
    }

    private static CreditNote known(UUID id) {
        return Objects.requireNonNull(CreditNote.locked(id), "A credit note is never deleted");
    }
}
