package io.coachpay.invoice;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;

import org.hibernate.annotations.DynamicUpdate;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Amount;
import io.coachpay.access.Ids;
import io.coachpay.access.Transitions;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeCreditNote;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** A part of an invoice that was taken back: asked for since a refund of ours moved money, or made by somebody at Stripe. */
@Entity
@Table(name = "credit_notes")
@DynamicUpdate
class CreditNote extends PanacheEntityBase {

    private static final Duration BETWEEN_CHECKS = Duration.ofMinutes(5);

    private static final String TAKE = """
            update credit_notes set check_at = cast(:next as timestamptz)
             where id in (select id from credit_notes where check_at <= :now
                           order by check_at, id limit :most for update skip locked)
            returning id""";

    @Id
    private UUID id;
    @Column(name = "invoice_id", updatable = false)
    private UUID invoiceId;
    @Column(name = "refund_id", updatable = false)
    private @Nullable UUID refundId;
    @Column(name = "stripe_credit_note_id")
    private @Nullable String stripeId;
    private @Nullable String number;
    @Enumerated(EnumType.STRING)
    private CreditNoteStatus status;
    @Embedded
    private Amount amount;
    @Column(name = "before_payment")
    private BigDecimal beforePayment;
    @Column(name = "after_payment")
    private BigDecimal afterPayment;
    @Column(updatable = false)
    private @Nullable String reason;
    private @Nullable String pdf;
    @Column(name = "failure_code")
    private @Nullable String failure;
    private int attempt;
    @Column(name = "check_at")
    private @Nullable Instant checkAt;
    @Column(name = "stripe_as_of")
    private @Nullable Instant asOf;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected CreditNote() {
    }

    private CreditNote(UUID invoiceId, @Nullable UUID refundId, Money amount, @Nullable String reason, Instant now) {
        this.id = Ids.next();
        this.invoiceId = invoiceId;
        this.refundId = refundId;
        this.status = CreditNoteStatus.REQUESTED;
        this.amount = Amount.of(amount);
        this.beforePayment = BigDecimal.ZERO;
        this.afterPayment = amount.getAmount();
        this.reason = reason;
        this.attempt = 1;
        this.createdAt = now;
    }

    /** One that Stripe is to make for a refund of ours, not yet stored. */
    static CreditNote requested(UUID invoiceId, UUID refundId, Money amount, Instant now) {
        CreditNote note = new CreditNote(invoiceId, refundId, amount, null, now);
        note.checkAt = now;
        return note;
    }

    /**
     * One that somebody made at Stripe, not yet stored.
     *
     * @param refundId the refund that it explains; null for none
     */
    static CreditNote madeAtStripe(Invoice invoice, @Nullable UUID refundId, StripeCreditNote stripes, Instant now) {
        return new CreditNote(invoice.id(), refundId, stripes.amount(), stripes.reason(), now);
    }

    static @Nullable CreditNote byStripeId(String stripeId) {
        return find("stripeId", stripeId).withLock(LockModeType.PESSIMISTIC_WRITE).firstResult();
    }

    static @Nullable CreditNote locked(UUID id) {
        return findById(id, LockModeType.PESSIMISTIC_WRITE);
    }

    static boolean existsFor(UUID refundId) {
        return count("refundId", refundId) > 0;
    }

    /** The credit notes of an invoice, oldest first. */
    static List<CreditNote> of(UUID invoiceId) {
        return list("invoiceId = ?1 order by id", invoiceId);
    }

    /** Those of many invoices, each invoice's in their order. */
    static List<CreditNote> of(Collection<UUID> invoiceIds) {
        return list("invoiceId in ?1 order by id", invoiceIds);
    }

    /** Takes those that Stripe is to make, longest due first; each is due again after the others. */
    static List<UUID> takeDue(Instant now, int atMost) {
        return getEntityManager().createNativeQuery(TAKE, UUID.class).setParameter("now", now)
                .setParameter("next", now.plus(BETWEEN_CHECKS)).setParameter("most", atMost).getResultStream()
                .map(UUID.class::cast).toList();
    }

    /** Mirrors Stripe's credit note as of that second. */
    void mirror(StripeCreditNote stripes, Instant at) {
        Instant second = at.truncatedTo(ChronoUnit.SECONDS);
        if (asOf != null && second.isBefore(asOf)) {
            return;
        }
        asOf = second;
        stripeId = stripes.id();
        status = Transitions.acceptIfReachable(status, CreditNoteStatus.stripes(stripes.status()));
        number = stripes.number();
        if (!amount().isEqual(stripes.amount())) {
            amount = Amount.of(stripes.amount());
        }
        beforePayment = stripes.beforePayment().getAmount();
        afterPayment = stripes.afterPayment().getAmount();
        pdf = stripes.pdf();
        failure = null;
        checkAt = null;
    }

    /** Records that Stripe refused to make it at that attempt. */
    void refuse(int at, String code) {
        if (status == CreditNoteStatus.REQUESTED && attempt == at) {
            status = Transitions.require("credit note", status, CreditNoteStatus.REFUSED);
            failure = code;
            checkAt = null;
        }
    }

    /** Counts to the next key, unless another worker has done so since that attempt. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
    }

    UUID id() {
        return id;
    }

    UUID invoiceId() {
        return invoiceId;
    }

    @Nullable
    UUID refundId() {
        return refundId;
    }

    @Nullable
    String stripeId() {
        return stripeId;
    }

    @Nullable
    String number() {
        return number;
    }

    CreditNoteStatus status() {
        return status;
    }

    Money amount() {
        return amount.money();
    }

    @Nullable
    String reason() {
        return reason;
    }

    @Nullable
    String pdf() {
        return pdf;
    }

    int attempt() {
        return attempt;
    }

    Instant createdAt() {
        return createdAt;
    }
}
