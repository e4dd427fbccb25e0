package io.coachpay.payout;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.hibernate.annotations.DynamicUpdate;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Amount;
import io.coachpay.access.Ids;
import io.coachpay.coach.ConnectedAccount;
import io.coachpay.http.NotFound;
import io.coachpay.stripe.StripePayout;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** Money on its way from a coach's account at Stripe to the coach's bank. */
@Entity
@Table(name = "payouts")
@DynamicUpdate
public class Payout extends PanacheEntityBase {

    private static final String HOLD = """
            select id from coach_profiles where user_id = (select user_id from payouts where id = ?1) for no key update""";

    @Id
    private UUID id;
    @Column(name = "user_id")
    private UUID userId;
    @Column(name = "connected_account_id")
    private UUID connectedAccountId;
    @Embedded
    private Amount amount;
    private BigDecimal unallocated;
    @Embedded
    private PayoutSpeed speed;
    @Embedded
    private PayoutFee fee;
    @Embedded
    private PayoutOrigin origin;
    @Embedded
    private PayoutProgress progress;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected Payout() {
    }

    private Payout(ConnectedAccount account, Money amount, PayoutSpeed speed, PayoutOrigin origin, PayoutProgress progress) {
        this.id = Ids.next();
        this.userId = account.userId();
        this.connectedAccountId = account.id();
        this.amount = Amount.of(amount);
        this.unallocated = amount.getAmount();
        this.speed = speed;
        this.fee = PayoutFee.none();
        this.origin = origin;
        this.progress = progress;
        this.createdAt = origin.requestedAt();
    }

    /**
     * Creates one that Stripe is asked for right after the database transaction.
     *
     * @param checkAt when another worker takes over, if this one dies
     */
    static Payout requested(ConnectedAccount account, Money amount, PayoutSpeed speed, PayoutOrigin origin, Instant checkAt) {
        return new Payout(account, amount, speed, origin, PayoutProgress.requested(checkAt));
    }

    /** Sets the coach's part of Stripe's charge for it, which is taken once Stripe has made the payout. */
    Payout costing(Money theFee, Instant feeDue) {
        if (!speed.instant() || !theFee.isSameCurrency(amount()) || theFee.isNegative()) {
            throw new IllegalArgumentException(
                    "A fee of " + theFee + " for a " + speed.column() + " payout of " + amount());
        }
        fee = PayoutFee.of(theFee, feeDue);
        return this;
    }

    /** Creates the row of a payout made in Stripe's dashboard or by Stripe itself. */
    static Payout adopted(ConnectedAccount account, StripePayout told, Instant now) {
        return new Payout(account, told.amount(), told.instant() ? PayoutSpeed.INSTANT : PayoutSpeed.STANDARD,
                PayoutOrigin.dashboard(now), PayoutProgress.adopted(told.id()));
    }

    /** Whether an object of Stripe's is this payout. A copy with our id in its metadata is not. */
    boolean isOf(StripePayout told) {
        if (stripeId() != null) {
            return told.id().equals(stripeId());
        }
        return status() == PayoutStatus.REQUESTED && told.isOf(id) && told.amount().equals(amount());
    }

    /** Turns an instant payout that Stripe refused into a standard one, which costs nothing and takes another key. */
    void fallBack(String reason) {
        speed = PayoutSpeed.fallback(reason);
        fee = PayoutFee.none();
        progress.nextAttempt(progress.attempt());
    }

    /**
     * Whether Stripe is to be asked for the coach's fee: it has made the payout, and neither taken nor refused the fee. The
     * later state does not matter, as Stripe does not give back its charge.
     */
    boolean feeIsDue() {
        return stripeId() != null && fee.isOpen();
    }

    /** Sets the rest for which no lines were found. */
    void leaveUnallocated(Money rest) {
        unallocated = rest.getAmount();
    }

    public UUID id() {
        return id;
    }

    /** The coach. */
    public UUID userId() {
        return userId;
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
        return progress.stripeId();
    }

    /** Negative where Stripe debited the bank. */
    public Money amount() {
        return amount.money();
    }

    Money unallocated() {
        return amount.inCurrency(unallocated);
    }

    public PayoutStatus status() {
        return progress.status();
    }

    PayoutSpeed speed() {
        return speed;
    }

    /** A schedule, the coach or the dashboard, and the time that it is for. */
    PayoutOrigin origin() {
        return origin;
    }

    /** Its way through Stripe: the attempt, the next check, the day of arrival and the failure. */
    PayoutProgress progress() {
        return progress;
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

    /** @throws NotFound unless there is one that the caller sees */
    static Payout known(UUID id) {
        return Payout.<Payout> findByIdOptional(id).orElseThrow(() -> new NotFound("payout"));
    }

    static Optional<Payout> byStripeId(String stripeId) {
        return find("progress.stripeId", stripeId).firstResultOptional();
    }

    /** Finds the coach's newest in a currency; null before the first. */
    static @Nullable Payout last(UUID coach, String currency) {
        return find("userId = ?1 and amount.currency = ?2 order by id desc", coach, currency).firstResult();
    }

    /** Counts the coach's failed ones since the last that arrived. */
    static int failedInARow(UUID coach, String currency) {
        Payout arrived = find("userId = ?1 and amount.currency = ?2 and progress.status = PAID order by id desc", coach,
                currency).firstResult();
        return (int) count("userId = ?1 and amount.currency = ?2 and progress.status = FAILED and id > ?3", coach, currency,
                arrived == null ? new UUID(0, 0) : arrived.id);
    }

    /** Whether that due day has had its payout, in any state but refused. */
    static boolean isFor(UUID coach, String currency, LocalDate period) {
        return count("userId = ?1 and amount.currency = ?2 and origin.period = ?3 and progress.status <> REFUSED", coach,
                currency, period) > 0;
    }

    static boolean isRequested(UUID coach, String currency) {
        return count("userId = ?1 and amount.currency = ?2 and progress.status = REQUESTED", coach, currency) > 0;
    }
}
