package io.coachpay.payout;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.EnumeratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.hibernate.annotations.DynamicUpdate;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Amount;
import io.coachpay.access.Ids;
import io.coachpay.access.Transitions;
import io.coachpay.coach.ConnectedAccount;
import io.coachpay.http.NotFound;
import io.coachpay.money.StripeCurrency;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripePayout;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** Money on its way from a coach's account at Stripe to the coach's bank. */
@Entity
@Table(name = "payouts")
@DynamicUpdate
public class Payout extends PanacheEntityBase {

    /** The state of a payout. A paid one may still fail. */
    public enum Status implements Transitions<Status> {
        REQUESTED("requested"),
        REFUSED("refused"),
        PENDING("pending"),
        IN_TRANSIT("in_transit"),
        PAID("paid"),
        FAILED("failed"),
        CANCELED("canceled");

        @EnumeratedValue
        private final String column;

        Status(String column) {
            this.column = column;
        }

        @Override
        public Set<Status> next() {
            return switch (this) {
                case REQUESTED -> EnumSet.of(REFUSED, PENDING, IN_TRANSIT, PAID, FAILED, CANCELED);
                case PENDING -> EnumSet.of(IN_TRANSIT, PAID, FAILED, CANCELED);
                case IN_TRANSIT -> EnumSet.of(PAID, FAILED, CANCELED);
                case PAID -> EnumSet.of(FAILED);
                case REFUSED, FAILED, CANCELED -> EnumSet.noneOf(Status.class);
            };
        }

        @Override
        public String column() {
            return column;
        }
    }

    /** Its origin: a schedule, the coach, or Stripe's dashboard. */
    static final String RUN = "run";
    static final String COACH = "coach";
    private static final String DASHBOARD = "dashboard";

    /** The time between its day of arrival and the next check. */
    private static final Duration GRACE = Duration.ofHours(1);

    private static final String HOLD = """
            select id from coach_profiles where user_id = (select user_id from payouts where id = ?1) for no key update""";

    @Id
    private UUID id;
    @Column(name = "user_id")
    private UUID userId;
    @Column(name = "connected_account_id")
    private UUID connectedAccountId;
    @Column(name = "stripe_payout_id")
    private @Nullable String stripePayoutId;
    @Embedded
    private Amount amount;
    private BigDecimal unallocated;
    @Enumerated(EnumType.STRING)
    private Status status;
    private String method;
    @Column(name = "fallback_reason")
    private @Nullable String fallbackReason;
    @Column(name = "initiated_by")
    private String initiatedBy;
    private @Nullable LocalDate period;
    @Column(name = "request_id", updatable = false)
    private @Nullable UUID requestId;
    @Column(name = "released_until")
    private @Nullable Instant releasedUntil;
    @Column(name = "requested_at")
    private Instant requestedAt;
    @Column(name = "arrival_date")
    private @Nullable Instant arrivalDate;
    @Column(name = "failure_code")
    private @Nullable String failureCode;
    @Column(name = "failure_message")
    private @Nullable String failureMessage;
    private int attempt;
    @Embedded
    private PayoutFee fee;
    @Column(name = "check_at")
    private @Nullable Instant checkAt;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected Payout() {
    }

    @SuppressWarnings("NullAway.Init")
    private Payout(ConnectedAccount account, Money amount, String initiatedBy, Instant now) {
        this.id = Ids.next();
        this.userId = account.userId();
        this.connectedAccountId = account.id();
        this.amount = Amount.of(amount);
        this.unallocated = amount.getAmount();
        this.status = Status.REQUESTED;
        this.initiatedBy = initiatedBy;
        this.requestedAt = now;
        this.attempt = 1;
        this.fee = PayoutFee.none();
        this.createdAt = now;
    }

    /**
     * Creates one that Stripe is asked for right after the database transaction.
     *
     * @param releasedUntil the latest end of the sessions whose earnings may be in it
     * @param period the due day it is for; null where no schedule asked
     * @param checkAt when another worker takes over, if this one dies
     */
    static Payout requested(ConnectedAccount account, Money amount, Instant releasedUntil, PayoutSpeed method,
            String initiatedBy,
            @Nullable LocalDate period, @Nullable UUID request, Instant now, Instant checkAt) {
        Payout payout = new Payout(account, amount, initiatedBy, now);
        payout.method = method.column();
        payout.fallbackReason = method.fallbackReason();
        payout.releasedUntil = releasedUntil;
        payout.period = period;
        payout.requestId = request;
        payout.checkAt = checkAt;
        return payout;
    }

    /** Sets the coach's part of Stripe's charge for it, which is taken once Stripe has made the payout. */
    Payout costing(Money theFee, Instant feeDue) {
        if (!instant() || !theFee.isSameCurrency(amount()) || theFee.isNegative()) {
            throw new IllegalArgumentException("A fee of " + theFee + " for a " + method + " payout of " + amount());
        }
        fee = PayoutFee.of(theFee, feeDue);
        return this;
    }

    /** Creates the row of a payout made in Stripe's dashboard or by Stripe itself. */
    static Payout adopted(ConnectedAccount account, StripePayout told, Instant now) {
        Payout payout = new Payout(account, told.amount(), DASHBOARD, now);
        payout.stripePayoutId = told.id();
        payout.method = told.instant() ? PayoutSpeed.INSTANT.column() : PayoutSpeed.STANDARD.column();
        return payout;
    }

    /** Whether an object of Stripe's is this payout. A copy with our id in its metadata is not. */
    boolean isOf(StripePayout told) {
        if (stripePayoutId != null) {
            return stripePayoutId.equals(told.id());
        }
        return status == Status.REQUESTED && told.isOf(id) && told.amount().equals(amount());
    }

    /**
     * Mirrors what Stripe says; a state that cannot follow is stale and changes nothing. In the same state Stripe may postpone
     * the arrival. Such events have no order, so that the later day counts.
     *
     * @return whether its state changed
     */
    boolean apply(StripePayout told) {
        stripePayoutId = told.id();
        Status next = switch (told.status()) {
            case PENDING -> Status.PENDING;
            case IN_TRANSIT -> Status.IN_TRANSIT;
            case PAID -> Status.PAID;
            case FAILED -> Status.FAILED;
            case CANCELED -> Status.CANCELED;
            // A state of a later API version: the payout exists.
            case UNKNOWN -> status == Status.REQUESTED ? Status.PENDING : status;
        };
        if (next == status && arrivalDate != null && told.arrivalDate().isAfter(arrivalDate)) {
            expect(told.arrivalDate());
        }
        if (!accept(next)) {
            return false;
        }
        expect(told.arrivalDate());
        failureCode = told.failureCode();
        failureMessage = told.failureMessage();
        return true;
    }

    private boolean accept(Status next) {
        Status before = status;
        status = Transitions.acceptIfReachable(before, next);
        return status != before;
    }

    private void expect(Instant arrival) {
        arrivalDate = arrival;
        checkAt = arrival.plus(GRACE);
    }

    /**
     * Records a final refusal of Stripe's: no payout exists.
     *
     * @return whether it was still to be made
     */
    boolean refuse(String code, @Nullable String message) {
        if (!accept(Status.REFUSED)) {
            return false;
        }
        failureCode = code;
        failureMessage = message;
        return true;
    }

    /** Turns an instant payout that Stripe refused into a standard one, which costs nothing and takes another key. */
    void fallBack(String reason) {
        method = PayoutSpeed.STANDARD.column();
        fee = PayoutFee.none();
        fallbackReason = reason;
        attempt++;
    }

    /** Counts to the next key, unless another worker has done so since that attempt. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
    }

    /**
     * Whether Stripe is to be asked for the coach's fee: it has made the payout, and neither taken nor refused the fee. The
     * later
     * state does not matter, as Stripe does not give back its charge.
     */
    boolean feeIsDue() {
        return stripePayoutId != null && fee.isOpen();
    }

    void checkNext(Instant at) {
        checkAt = at;
    }

    /** Sets the rest for which no lines were found. */
    void leaveUnallocated(Money rest) {
        unallocated = rest.getAmount();
    }

    /** Whether its money never left or came back. */
    boolean isOver() {
        return switch (status) {
            case REFUSED, FAILED, CANCELED -> true;
            case REQUESTED, PENDING, IN_TRANSIT, PAID -> false;
        };
    }

    public UUID id() {
        return id;
    }

    /** The coach. */
    public UUID userId() {
        return userId;
    }

    UUID connectedAccountId() {
        return connectedAccountId;
    }

    /** {@code acct_…}, the account that it leaves. @throws IllegalStateException if Stripe never had it */
    String stripeAccount() {
        String account = ConnectedAccount.<ConnectedAccount> findById(connectedAccountId).stripeId();
        if (account == null) {
            throw new IllegalStateException("Payout " + id + " is of an account that Stripe never had");
        }
        return account;
    }

    /** {@code po_…}; null until Stripe is known to have it. */
    public @Nullable String stripeId() {
        return stripePayoutId;
    }

    /** Negative where Stripe debited the bank. */
    public Money amount() {
        return amount.money();
    }

    Money unallocated() {
        return amount.inCurrency(unallocated);
    }

    public Status status() {
        return status;
    }

    String method() {
        return method;
    }

    boolean instant() {
        return method.equals(PayoutSpeed.INSTANT.column());
    }

    @Nullable
    String fallbackReason() {
        return fallbackReason;
    }

    String initiatedBy() {
        return initiatedBy;
    }

    /** Whether a schedule asked for it, which asks again after a failure. */
    boolean byRun() {
        return initiatedBy.equals(RUN);
    }

    /** The due day it is for; null where no schedule asked. */
    @Nullable
    LocalDate period() {
        return period;
    }

    /** The latest end of the sessions whose earnings may be in it; null for one made at Stripe. */
    @Nullable
    Instant releasedUntil() {
        return releasedUntil;
    }

    @Nullable
    Instant arrivalDate() {
        return arrivalDate;
    }

    @Nullable
    String failureCode() {
        return failureCode;
    }

    @Nullable
    String failureMessage() {
        return failureMessage;
    }

    int attempt() {
        return attempt;
    }

    /** The coach's fee besides its amount, and its state. */
    PayoutFee fee() {
        return fee;
    }

    Money feeAmount() {
        return amount.inCurrency(fee.amount());
    }

    Instant createdAt() {
        return createdAt;
    }

    /** Finds the payout and locks its coach's profile, which is the ledger's lock too: see {@link Standings#hold}. */
    static Payout held(UUID id) {
        getEntityManager().createNativeQuery(HOLD).setParameter(1, id).getResultList();
        return known(id);
    }

    /** Finds the payout that this request asked for before. */
    static Optional<Payout> ofRequest(UUID request) {
        return find("requestId", request).firstResultOptional();
    }

    /** @throws NotFound unless there is one that the caller sees */
    static Payout known(UUID id) {
        return Payout.<Payout> findByIdOptional(id).orElseThrow(() -> new NotFound("payout"));
    }

    static List<Payout> ofCoach(UUID coach, UUID before, int most) {
        return find("userId = ?1 and id < ?2 order by id desc", coach, before).page(0, most).list();
    }

    static List<Payout> all(@Nullable Status status, UUID before, int most) {
        return status == null ? find("id < ?1 order by id desc", before).page(0, most).list()
                : find("status = ?1 and id < ?2 order by id desc", status, before).page(0, most).list();
    }

    /** Finds the coach's newest in a currency; null before the first. */
    static @Nullable Payout last(UUID coach, String currency) {
        return find("userId = ?1 and amount.currency = ?2 order by id desc", coach, currency).firstResult();
    }

    /** Counts the coach's failed ones since the last that arrived. */
    static int failedInARow(UUID coach, String currency) {
        Payout arrived = find("userId = ?1 and amount.currency = ?2 and status = PAID order by id desc", coach, currency)
                .firstResult();
        return (int) count("userId = ?1 and amount.currency = ?2 and status = FAILED and id > ?3", coach, currency,
                arrived == null ? new UUID(0, 0) : arrived.id);
    }

    static Optional<Payout> byStripeId(String stripeId) {
        return find("stripePayoutId", stripeId).firstResultOptional();
    }

    /** Lists those to be asked of Stripe or checked by now. Of disconnected accounts Stripe reports nothing. */
    static List<UUID> due(Instant now, int most) {
        return find("select id from Payout where checkAt <= ?1 and status in (REQUESTED, PENDING, IN_TRANSIT)"
                + " and (status = REQUESTED or connectedAccountId in"
                + " (select id from ConnectedAccount where deauthorizedAt is null)) order by checkAt", now)
                .project(UUID.class).page(0, most).list();
    }

    /** Lists those whose fee is due by now. A coach who begins another account has no account to take it from. */
    static List<UUID> feesDue(Instant now, int most) {
        return find("select id from Payout where fee.checkAt <= ?1 and fee.amount > 0 and stripePayoutId is not null"
                + " and fee.transferId is null and fee.refusal is null and connectedAccountId in"
                + " (select id from ConnectedAccount where stripeId is not null) order by fee.checkAt", now)
                .project(UUID.class).page(0, most).list();
    }

    /** Sums what is reserved of a coach's money for fees that are not taken yet. */
    static Money feesReserved(UUID coach, StripeCurrency currency) {
        BigDecimal sum = find("select coalesce(sum(fee.amount), 0) from Payout where userId = ?1 and amount.currency = ?2"
                + " and fee.amount > 0 and fee.transferId is null and fee.refusal is null", coach, currency.code())
                .project(BigDecimal.class).firstResult();
        return currency.of(sum);
    }

    /** Whether that due day has had its payout, in any state but refused. */
    static boolean isFor(UUID coach, String currency, LocalDate period) {
        return count("userId = ?1 and amount.currency = ?2 and period = ?3 and status <> REFUSED", coach, currency, period) > 0;
    }

    static boolean isRequested(UUID coach, String currency) {
        return count("userId = ?1 and amount.currency = ?2 and status = REQUESTED", coach, currency) > 0;
    }

    /** Lists those with a rest that has no line, oldest first. */
    static List<Payout> unallocated(UUID coach) {
        return list("userId = ?1 and unallocated <> 0 and status not in (REFUSED, FAILED, CANCELED) order by id", coach);
    }
}
