package io.coachpay.dispute;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;

import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.http.Reference;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.stripe.StripeBalanceTransaction;
import io.coachpay.stripe.StripeDispute;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/**
 * A payer's bank asking for its money back, mirrored: what Stripe said earlier never replaces what it said later. A payment
 * can have several.
 *
 * @see <a href="https://docs.stripe.com/api/disputes/object">Stripe: the dispute object</a>
 */
@Entity
@Table(name = "disputes")
public class Dispute extends PanacheEntityBase {

    private static final String WON = "won";

    @Id
    private UUID id;
    @Column(name = "transaction_id")
    private UUID transactionId;
    @Column(name = "stripe_dispute_id")
    private String stripeDisputeId;
    private BigDecimal amount;
    @Column(columnDefinition = "bpchar(3)")
    @JdbcTypeCode(SqlTypes.CHAR)
    private String currency;
    private String status;
    private String reason;
    @Column(name = "withdrawn_amount")
    private BigDecimal withdrawnAmount;
    @JdbcTypeCode(SqlTypes.JSON)
    private Map<String, String> evidence;
    @Column(name = "evidence_due_by")
    private @Nullable Instant evidenceDueBy;
    @Column(name = "submission_asked_at")
    private @Nullable Instant submissionAskedAt;
    @Column(name = "submitted_by")
    private @Nullable UUID submittedBy;
    @Column(name = "evidence_submitted_at")
    private @Nullable Instant evidenceSubmittedAt;
    private int attempt;
    @Column(name = "check_at")
    private @Nullable Instant checkAt;
    @Column(name = "stripe_as_of")
    private @Nullable Instant asOf;
    @Column(name = "opened_at")
    private Instant openedAt;
    @Column(name = "closed_at")
    private @Nullable Instant closedAt;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected Dispute() {
    }

    /** One of which Stripe has told, and nothing of it taken over yet. */
    @SuppressWarnings("NullAway.Init")
    static Dispute of(UUID transactionId, StripeDispute told, Instant now) {
        Dispute dispute = new Dispute();
        dispute.id = Ids.next();
        dispute.transactionId = transactionId;
        dispute.stripeDisputeId = told.id();
        dispute.withdrawnAmount = BigDecimal.ZERO;
        dispute.currency = told.amount().getCurrencyUnit().getCode();
        dispute.evidence = Map.of();
        dispute.attempt = 1;
        dispute.openedAt = told.created();
        dispute.createdAt = now;
        return dispute;
    }

    // ---- what happens to it

    /** Takes over what Stripe says, unless that is older than what is known. */
    void apply(StripeDispute told, Instant toldAt) {
        if (asOf != null && toldAt.isBefore(asOf)) {
            return;
        }
        asOf = toldAt;
        amount = told.amount().getAmount();
        currency = told.amount().getCurrencyUnit().getCode();
        status = told.statusText();
        reason = told.reason();
        withdrawnAmount = withdrawn(told).getAmount();
        evidenceDueBy = told.evidenceDueBy();
        if (told.submissions() > 0 && evidenceSubmittedAt == null) {
            evidenceSubmittedAt = toldAt;
        }
        if (!told.status().isOver()) {
            closedAt = null;
        } else if (closedAt == null) {
            closedAt = toldAt;
        }
    }

    /** What its balance transactions took and have not given back; all of it where they are in another currency. */
    private static Money withdrawn(StripeDispute told) {
        Money none = Money.zero(told.amount().getCurrencyUnit());
        BigDecimal taken = told.balanceTransactions().stream().map(StripeBalanceTransaction::amount).map(Money::getAmount)
                .reduce(BigDecimal.ZERO, BigDecimal::add).negate();
        if (taken.signum() <= 0) {
            return none;
        }
        boolean converted = told.balanceTransactions().stream().anyMatch(line -> !line.amount().isSameCurrency(none));
        return converted ? told.amount() : Money.of(none.getCurrencyUnit(), taken);
    }

    /**
     * Keeps evidence, to be submitted later.
     *
     * @throws DisputeRefused when it takes none any more
     */
    void stage(Map<String, String> texts, Instant now) {
        requireOpenForEvidence(now);
        if (submissionAskedAt != null) {
            throw new DisputeRefused.Submitted();
        }
        evidence = evidence().with(texts).texts();
        attempt++;
    }

    /**
     * Somebody wants the evidence sent to the bank. Until Stripe has confirmed it, asking again goes on where that was left.
     *
     * @throws DisputeRefused when there is nothing to send, or it cannot be sent any more
     */
    void askSubmission(UUID by, Instant now) {
        requireOpenForEvidence(now);
        if (evidence().isEmpty()) {
            throw new DisputeRefused.NoEvidence();
        }
        if (submissionAskedAt == null) {
            submissionAskedAt = now;
            submittedBy = by;
        }
    }

    /** Stripe does not take what was to be sent. */
    void unaskSubmission() {
        if (evidenceSubmittedAt == null) {
            submissionAskedAt = null;
            submittedBy = null;
        }
    }

    private void requireOpenForEvidence(Instant now) {
        if (evidenceSubmittedAt != null) {
            throw new DisputeRefused.Submitted();
        }
        if (!status.endsWith("needs_response")) {
            throw new DisputeRefused.NotOpen(status);
        }
        if (evidenceDueBy != null && evidenceDueBy.isBefore(now)) {
            throw new DisputeRefused.PastDue();
        }
    }

    /** The key of the last call is spent: the next call needs another. */
    void spendKey() {
        attempt++;
    }

    /** Nothing more has to be asked about it before then; null: nothing at all. */
    void checkNext(@Nullable Instant at) {
        checkAt = at;
    }

    // ---- what it is

    public UUID id() {
        return id;
    }

    public UUID transactionId() {
        return transactionId;
    }

    /** {@code dp_…} or {@code du_…} */
    public String stripeId() {
        return stripeDisputeId;
    }

    /** What the payer disputes. */
    public Money amount() {
        return money(amount);
    }

    /** What Stripe took from the platform for it and has not given back, without fees. */
    public Money withdrawnAmount() {
        return money(withdrawnAmount);
    }

    /** As Stripe says. */
    public String status() {
        return status;
    }

    /** As Stripe says, such as {@code fraudulent}. */
    public String reason() {
        return reason;
    }

    Evidence evidence() {
        return new Evidence(evidence);
    }

    @Nullable
    Instant evidenceDueBy() {
        return evidenceDueBy;
    }

    @Nullable
    Instant submissionAskedAt() {
        return submissionAskedAt;
    }

    @Nullable
    Instant evidenceSubmittedAt() {
        return evidenceSubmittedAt;
    }

    /** Whether somebody asked for the evidence to be sent, and that can and has yet to be done. */
    boolean isSubmissionOwed() {
        return submissionAskedAt != null && evidenceSubmittedAt == null && closedAt == null;
    }

    int attempt() {
        return attempt;
    }

    public Instant openedAt() {
        return openedAt;
    }

    /** When the bank had decided, as far as we know; null while it has not. */
    public @Nullable Instant closedAt() {
        return closedAt;
    }

    /** Whether nothing is to be expected of it any more: it is over, and what was won has come back. */
    boolean isDone() {
        return closedAt != null && (!status.equals(WON) || withdrawnAmount.signum() == 0);
    }

    private Money money(BigDecimal value) {
        return StripeCurrencies.of(currency).of(value);
    }

    // ---- where it is found

    static Optional<Dispute> locked(UUID id) {
        return Optional.ofNullable(findById(id, LockModeType.PESSIMISTIC_WRITE));
    }

    /** The dispute by our id or Stripe's. */
    static Optional<Dispute> named(Reference reference) {
        return reference.find(id -> Dispute.<Dispute> findByIdOptional(id),
                stripeId -> Dispute.<Dispute> find("stripeDisputeId", stripeId).firstResultOptional());
    }

    static Optional<Dispute> lockedByStripeId(String stripeId) {
        return Dispute.<Dispute> find("stripeDisputeId", stripeId).withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    /** All of a payment, oldest first. */
    static List<Dispute> of(UUID transactionId) {
        return of(List.of(transactionId));
    }

    /** All of these payments, oldest first. */
    static List<Dispute> of(Collection<UUID> transactionIds) {
        return list("transactionId in ?1 order by id", transactionIds);
    }

    /** All of those of these payments that this coach got, oldest first. */
    static List<Dispute> ofCoach(Collection<UUID> transactionIds, UUID coachId) {
        return list("transactionId in (select t.id from Transaction t where t.id in ?1 and t.coachId = ?2) order by id",
                transactionIds, coachId);
    }

    /** Whether a payer's bank has money of this payment, for now or for good. */
    public static boolean holdsMoneyOf(UUID transactionId) {
        return count("transactionId = ?1 and withdrawnAmount > 0 and status <> ?2", transactionId, WON) > 0;
    }

    /** Whether a payer's bank has money of this payment, and has not decided who keeps it. */
    public static boolean isOpenOn(UUID transactionId) {
        return count("transactionId = ?1 and withdrawnAmount > 0 and closedAt is null", transactionId) > 0;
    }

    /** One of a payment that this coach got. */
    static Optional<Dispute> ofCoach(UUID id, UUID coachId) {
        return find("id = ?1 and transactionId in (select t.id from Transaction t where t.coachId = ?2)", id, coachId)
                .firstResultOptional();
    }

    static List<Dispute> newest(@Nullable String status, UUID before, int most) {
        return status == null ? Dispute.<Dispute> find("id < ?1 order by id desc", before).page(0, most).list()
                : Dispute.<Dispute> find("id < ?1 and status = ?2 order by id desc", before, status).page(0, most).list();
    }

    static List<UUID> due(Instant now, int most) {
        return find("select id from Dispute where checkAt <= ?1 order by checkAt", now).project(UUID.class).page(0, most)
                .list();
    }

    /** Those of these that we have. */
    static List<String> known(List<String> stripeIds) {
        return find("select stripeDisputeId from Dispute where stripeDisputeId in ?1", stripeIds).project(String.class).list();
    }
}
