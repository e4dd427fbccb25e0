package io.coachpay.dispute;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Amount;
import io.coachpay.access.Ids;
import io.coachpay.http.Reference;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeDispute;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/**
 * A dispute at Stripe, mirrored: stale news never replaces newer. A payment can have several.
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
    @Embedded
    private Amount amount;
    private String status;
    private String reason;
    @Column(name = "withdrawn_amount")
    private BigDecimal withdrawnAmount;
    @Embedded
    private Submission submission;
    private int attempt = 1;
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

    /** Creates the row of a dispute, before what Stripe says is applied. */
    @SuppressWarnings("NullAway.Init")
    static Dispute of(UUID transactionId, StripeDispute told, Instant now) {
        Dispute dispute = new Dispute();
        dispute.id = Ids.next();
        dispute.transactionId = transactionId;
        dispute.stripeDisputeId = told.id();
        dispute.withdrawnAmount = BigDecimal.ZERO;
        dispute.amount = Amount.of(told.amount());
        dispute.submission = new Submission();
        dispute.openedAt = told.created();
        dispute.createdAt = now;
        return dispute;
    }

    /** Mirrors what Stripe says, unless that is stale. */
    void apply(StripeDispute told, Instant toldAt) {
        if (asOf != null && toldAt.isBefore(asOf)) {
            return;
        }
        asOf = toldAt;
        amount = Amount.of(told.amount());
        status = told.statusText();
        reason = told.reason();
        withdrawnAmount = told.withdrawn().getAmount();
        submission.mirror(told, toldAt);
        closedAt = told.status().isOver() ? Objects.requireNonNullElse(closedAt, toldAt) : null;
    }

    /**
     * Stages evidence, to be submitted later.
     *
     * @throws DisputeRefused once evidence cannot be changed
     */
    void stage(Map<String, String> texts, Instant now) {
        submission.stage(texts, status, now);
        attempt++;
    }

    /**
     * Asks for the evidence to be submitted. Until Stripe has confirmed it, a repeated call resumes the first.
     *
     * @throws DisputeRefused without evidence, or once it cannot be submitted
     */
    void askSubmission(UUID by, Instant now) {
        submission.ask(by, status, now);
    }

    /** Counts to the next key, unless another worker has done so since that attempt. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
    }

    /** Schedules the next check at Stripe; null ends the checks. */
    void checkNext(@Nullable Instant at) {
        checkAt = at;
    }

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

    /** The disputed amount. */
    public Money amount() {
        return amount.money();
    }

    /** The amount that Stripe took from the platform and has not given back, without fees. */
    public Money withdrawnAmount() {
        return amount.inCurrency(withdrawnAmount);
    }

    /** The state in Stripe's word. */
    public String status() {
        return status;
    }

    /** The reason in Stripe's word, such as {@code fraudulent}. */
    public String reason() {
        return reason;
    }

    /** The evidence and its way to the payer's bank. */
    Submission submission() {
        return submission;
    }

    /** Whether evidence was asked to be submitted, and still can and has to be. */
    boolean isSubmissionOwed() {
        return submission.isOwed() && closedAt == null;
    }

    int attempt() {
        return attempt;
    }

    public Instant openedAt() {
        return openedAt;
    }

    /** The time of the first news of the bank's decision; null before. */
    public @Nullable Instant closedAt() {
        return closedAt;
    }

    /** Whether it is closed, and the money of a won one has come back. */
    boolean isDone() {
        return closedAt != null && (!status.equals(WON) || withdrawnAmount.signum() == 0);
    }

    static Optional<Dispute> locked(UUID id) {
        return Optional.ofNullable(findById(id, LockModeType.PESSIMISTIC_WRITE));
    }

    /** Finds the dispute by our id or Stripe's. */
    static Optional<Dispute> named(Reference reference) {
        return reference.find(id -> Dispute.<Dispute> findByIdOptional(id),
                stripeId -> Dispute.<Dispute> find("stripeDisputeId", stripeId).firstResultOptional());
    }

    static Optional<Dispute> lockedByStripeId(String stripeId) {
        return Dispute.<Dispute> find("stripeDisputeId", stripeId).withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    /** Lists those of a payment, oldest first. */
    static List<Dispute> of(UUID transactionId) {
        return of(List.of(transactionId));
    }

    /** Lists those of these payments, oldest first. */
    static List<Dispute> of(Collection<UUID> transactionIds) {
        return list("transactionId in ?1 order by id", transactionIds);
    }

    /** Lists those of the payments to this coach among these, oldest first. */
    static List<Dispute> ofCoach(Collection<UUID> transactionIds, UUID coachId) {
        return list("transactionId in (select t.id from Transaction t where t.id in ?1 and t.terms.coachId = ?2) order by id",
                transactionIds, coachId);
    }

    /** Whether a bank holds money of this payment, for now or for good. */
    public static boolean holdsMoneyOf(UUID transactionId) {
        return count("transactionId = ?1 and withdrawnAmount > 0 and status <> ?2", transactionId, WON) > 0;
    }

    /** Whether a bank holds money of this payment and has not decided about it. */
    public static boolean isOpenOn(UUID transactionId) {
        return count("transactionId = ?1 and withdrawnAmount > 0 and closedAt is null", transactionId) > 0;
    }

    /** Finds one of a payment to this coach. */
    static Optional<Dispute> ofCoach(UUID id, UUID coachId) {
        return find("id = ?1 and transactionId in (select t.id from Transaction t where t.terms.coachId = ?2)", id, coachId)
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

    /** Lists those of these ids that have a row. */
    static List<String> known(List<String> stripeIds) {
        return find("select stripeDisputeId from Dispute where stripeDisputeId in ?1", stripeIds).project(String.class).list();
    }
}
