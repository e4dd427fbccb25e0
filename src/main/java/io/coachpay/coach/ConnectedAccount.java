package io.coachpay.coach;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;

import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.stripe.StripeAccount;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeRefused;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import io.quarkus.panache.common.Page;
import io.quarkus.panache.common.Parameters;

/**
 * A coach's account at Stripe, mirrored: the row is there before the account is, and stale news never replaces newer.
 *
 * <p>
 * {@code attempt} is part of every idempotency key, and all calls of one attempt have the same parameters.
 *
 * @see <a href="https://docs.stripe.com/api/accounts/object">Stripe: the account object</a>
 */
@Entity
@Table(name = "stripe_connected_accounts")
@DynamicUpdate
public class ConnectedAccount extends PanacheEntityBase {

    /** Reasons that prevent payments, but not payouts. */
    private static final Set<Reason> CHARGES_ALONE = EnumSet.of(Reason.CHARGES_DISABLED, Reason.COUNTRY_OUT_OF_REACH,
            Reason.CHARGES_REFUSED);

    private static final String INSERT = """
            insert into stripe_connected_accounts (id, user_id, country, business_type, created_at, sought_from)
            values (:id, :user, :country, :type, :now, :now) on conflict (user_id) do nothing""";

    private static final String MONEY_LEFT = """
            select exists (select from ledger_accounts
                            where owner_id = :user and kind <> 'coach_paid_out' and balance <> 0)""";
    private static final String OF_STRIPE_ID = """
            select * from stripe_connected_accounts
             where stripe_account_id = :id or replaced_accounts @> array[cast(:id as text)]""";
    private static final String IS_REPLACED = """
            select exists (select from stripe_connected_accounts where replaced_accounts @> array[cast(:id as text)])""";

    private static final String TAKE_NOT_MANUAL = """
            update stripe_connected_accounts set payouts_tried_at = clock_timestamp()
             where id in (select id from stripe_connected_accounts
                           where not payouts_manual and stripe_account_id is not null and deauthorized_at is null
                             and (payouts_asked_next is null or payouts_asked_next <= :now)
                           order by payouts_tried_at nulls first, id limit :most for update skip locked)
            returning id""";

    @Id
    private UUID id;
    @Column(name = "user_id", updatable = false)
    private UUID userId;
    @Column(name = "stripe_account_id")
    private @Nullable String stripeId;
    @Column(name = "payouts_manual")
    private boolean payoutsManual;
    @Column(name = "payouts_asked_next")
    private @Nullable Instant payoutsAskedNext;
    @JdbcTypeCode(SqlTypes.CHAR)
    @Column(length = 2)
    private String country;
    @Enumerated(EnumType.STRING)
    @Column(name = "business_type")
    private @Nullable BusinessType businessType;
    @Enumerated(EnumType.STRING)
    @Column(name = "verification_status")
    private @Nullable Verification verification;
    @Embedded
    private AccountMirror mirrored;
    @Column(name = "out_of_reach")
    private boolean outOfReach;
    @Embedded
    private ChargeRefusal refusal;
    @Column(name = "deauthorized_at")
    private @Nullable Instant deauthorizedAt;
    @Column(name = "reconnected_at")
    private @Nullable Instant reconnectedAt;
    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(name = "replaced_accounts", columnDefinition = "text[]")
    private List<String> replaced = List.of();
    private int attempt;
    @Column(name = "stripe_as_of")
    private @Nullable Instant asOf;
    @Column(name = "stripe_told_at")
    private @Nullable Instant toldAt;
    @Column(name = "sought_from")
    private Instant soughtFrom;

    @SuppressWarnings("NullAway.Init")
    protected ConnectedAccount() {
    }

    ConnectedAccount(UUID userId, String country, BusinessType businessType, Instant now) {
        this.id = Ids.next();
        this.userId = userId;
        this.country = country;
        this.businessType = businessType;
        this.mirrored = AccountMirror.unknown();
        this.refusal = ChargeRefusal.none();
        this.attempt = 1;
        this.soughtFrom = now;
    }

    /** Finds the user's row or inserts it. After a refusal of Stripe's, country and kind of business may change. */
    static ConnectedAccount begun(UUID userId, String country, BusinessType type, Instant now) {
        ConnectedAccount known = ofUser(userId);
        if (known == null) {
            getEntityManager().createNativeQuery(INSERT).setParameter("id", Ids.next()).setParameter("user", userId)
                    .setParameter("country", country).setParameter("type", type.column).setParameter("now", now)
                    .executeUpdate();
            known = Objects.requireNonNull(ofUser(userId), "A row was inserted or was there before");
        }
        if (known.verification == Verification.REFUSED) {
            getEntityManager().refresh(known, LockModeType.PESSIMISTIC_WRITE);
            known.restate(country, type);
        }
        return known;
    }

    /** Finds the user's row; null before the first need. */
    public static @Nullable ConnectedAccount ofUser(UUID userId) {
        return find("userId = :user", Parameters.with("user", userId)).firstResult();
    }

    /** Finds the row of the coach who has {@code acct_…} or had it before; null for an account of another platform. */
    public static @Nullable ConnectedAccount ofStripeId(String stripeId) {
        List<?> rows = getEntityManager().createNativeQuery(OF_STRIPE_ID, ConnectedAccount.class).setParameter("id", stripeId)
                .getResultList();
        return rows.isEmpty() ? null : (ConnectedAccount) rows.get(0);
    }

    /** Finds and locks the row with this id. */
    static ConnectedAccount known(UUID id) {
        return Objects.requireNonNull(byId(id), "The row of an account does not go away");
    }

    static @Nullable ConnectedAccount byId(UUID id) {
        return findById(id, LockModeType.PESSIMISTIC_WRITE);
    }

    /** Finds and locks the row of {@code acct_…}. */
    static @Nullable ConnectedAccount byStripeId(String stripeId) {
        return find("stripeId = :id", Parameters.with("id", stripeId)).withLock(LockModeType.PESSIMISTIC_WRITE).firstResult();
    }

    /**
     * Takes accounts whose payouts Stripe may still decide on and has not just refused, longest not tried first. Each of them
     * is
     * due again after the others, also after a failure.
     */
    static List<ConnectedAccount> takeWithoutManualPayouts(Instant now, int atMost) {
        List<UUID> taken = getEntityManager().createNativeQuery(TAKE_NOT_MANUAL, UUID.class).setParameter("now", now)
                .setParameter("most", atMost).getResultStream().map(UUID.class::cast).toList();
        return taken.isEmpty() ? List.of() : list("id in ?1", taken);
    }

    /** Lists accounts whose payments Stripe refused and whose pause is over, longest overdue first. */
    static List<UUID> chargesToCheck(Instant now, int atMost) {
        return find("select id from ConnectedAccount where refusal.checkAt <= :now and stripeId is not null"
                + " and deauthorizedAt is null order by refusal.checkAt", Parameters.with("now", now)).project(UUID.class)
                .page(Page.ofSize(atMost)).list();
    }

    /** Updates for each account whether payments of a platform in this country reach it. */
    static void compareReach(String platform) {
        List<String> countries = find("select distinct country from ConnectedAccount").project(String.class).list();
        for (String country : countries) {
            update("outOfReach = :out where country = :country and outOfReach <> :out",
                    Parameters.with("out", !Reach.reaches(platform, country)).and("country", country));
        }
    }

    /** Keeps the id of the account that Stripe made; the first one counts. */
    void made(String account) {
        if (stripeId == null) {
            stripeId = account;
            verification = null;
        }
    }

    /** Records that Stripe refused the parameters of that attempt and made no account. */
    void refused(int atAttempt) {
        if (stripeId == null && attempt == atAttempt) {
            verification = Verification.REFUSED;
        }
    }

    private void restate(String newCountry, BusinessType newType) {
        if (verification != Verification.REFUSED || stripeId != null) {
            return;
        }
        country = newCountry;
        businessType = newType;
        verification = null;
        attempt++;
    }

    /** Counts to the next key, since Stripe would repeat its answer to that attempt. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
    }

    /**
     * Mirrors what Stripe said at that second, unless that is stale or the coach has disconnected.
     *
     * @param now by our clock
     */
    void mirror(StripeAccount stripes, Instant at, Instant now) {
        if (isNewerThan(at) || deauthorizedAt != null) {
            return;
        }
        asOf = at;
        toldAt = now;
        mirrored = AccountMirror.of(stripes);
        country = stripes.country() == null ? country : stripes.country();
        verification = Verification.of(stripes.requirements());
    }

    /** Sets whether payments of the platform reach the account's country. */
    void isReached(boolean reached) {
        outOfReach = !reached;
    }

    /** Records that Stripe refused a payment because of this account. */
    void refuseCharge(StripeRefused refused, Instant at) {
        refusal.add(refused, at);
    }

    void checkChargesNext(Instant at) {
        if (refusal.stands()) {
            refusal.checkNext(at);
        }
    }

    /** Ends the refusal if Stripe last said that the account can be charged. */
    void allowCharges() {
        if (mirrored.canBeCharged()) {
            refusal.forgive();
        }
    }

    /** Records that the coach disconnected the account, which ends charges and payouts. */
    void deauthorize(Instant at) {
        if (deauthorizedAt == null && (reconnectedAt == null || at.isAfter(reconnectedAt))) {
            deauthorizedAt = at;
        }
    }

    /** Records that the platform can read the account again. Stripe has to be asked for manual payouts once more. */
    void reconnect(Instant at) {
        if (deauthorizedAt == null || at.isBefore(deauthorizedAt)) {
            return;
        }
        deauthorizedAt = null;
        reconnectedAt = at;
        payoutsManual = false;
        attempt++;
    }

    /** Whether our books have a balance in the disconnected account. */
    boolean hasMoneyLeft() {
        return (Boolean) getEntityManager().createNativeQuery(MONEY_LEFT, Boolean.class).setParameter("user", userId)
                .getSingleResult();
    }

    /** Replaces a disconnected account by a new one. The old id is kept. */
    void beginAnother(Instant now) {
        if (stripeId == null || deauthorizedAt == null) {
            throw new IllegalStateException("Only an account that was disconnected is replaced");
        }
        replaced = Stream.concat(replaced.stream(), Stream.of(stripeId)).toList();
        stripeId = null;
        deauthorizedAt = null;
        reconnectedAt = null;
        mirrored = AccountMirror.unknown();
        refusal = ChargeRefusal.none();
        // As after a refusal, country and kind of business may change.
        verification = Verification.REFUSED;
        asOf = null;
        toldAt = null;
        payoutsManual = false;
        payoutsAskedNext = null;
        soughtFrom = now;
        attempt++;
    }

    /** Whether a coach had this account before the present one. */
    static boolean isReplaced(String stripeId) {
        return (Boolean) getEntityManager().createNativeQuery(IS_REPLACED, Boolean.class).setParameter("id", stripeId)
                .getSingleResult();
    }

    /** Whether news is from after the disconnection, or from the same second. */
    boolean isHeardAgain(Instant at) {
        return deauthorizedAt != null && !at.isBefore(deauthorizedAt);
    }

    /** Records that Stripe made payouts manual at that attempt. */
    void payoutsAreOurs(int atAttempt) {
        if (attempt == atAttempt) {
            payoutsManual = true;
            payoutsAskedNext = null;
        }
    }

    /** Postpones the next try after Stripe refused manual payouts. */
    void payoutsRefused(Instant again) {
        payoutsAskedNext = again;
    }

    /** Records that payouts are automatic again, so that Stripe has to be asked with another key. */
    void payoutsAreStripes() {
        if (payoutsManual) {
            payoutsManual = false;
            attempt++;
        }
    }

    boolean isNewerThan(Instant at) {
        return asOf != null && at.isBefore(asOf);
    }

    /** Whether news is of the same second as the latest; events have no order within a second. */
    boolean isAsOldAs(Instant at) {
        return at.equals(asOf) && deauthorizedAt == null;
    }

    /**
     * Whether news of that second or a later one was mirrored after a request, so that its answer may be stale.
     *
     * @param sentAt by our clock
     * @param at the second of the answer
     */
    boolean isToldSince(Instant sentAt, Instant at) {
        return toldAt != null && toldAt.isAfter(sentAt) && asOf != null && !asOf.isBefore(at);
    }

    /** Whether payments can go to this coach. */
    public boolean canCharge() {
        return stripeId != null && mirrored.canBeCharged() && deauthorizedAt == null && !outOfReach && !refusal.stands();
    }

    /** Whether money can leave for this coach's bank. */
    public boolean canBePaidOut() {
        return stripeId != null && mirrored.payoutsEnabled() && deauthorizedAt == null;
    }

    /** The reasons why the coach cannot be booked or paid out; empty when both are possible. */
    public List<Reason> reasons() {
        if (canCharge() && canBePaidOut()) {
            return List.of();
        }
        if (stripeId == null) {
            return List.of(Reason.NO_ACCOUNT);
        }
        if (deauthorizedAt != null) {
            return List.of(Reason.ACCOUNT_DEAUTHORIZED);
        }
        List<Reason> reasons = new ArrayList<>(mirrored.reasons(verification == Verification.PENDING));
        if (outOfReach) {
            reasons.add(Reason.COUNTRY_OUT_OF_REACH);
        }
        if (refusal.stands()) {
            reasons.add(Reason.CHARGES_REFUSED);
        }
        return List.copyOf(reasons);
    }

    /** The reasons why no money can leave for the coach's bank; empty when it can. */
    public List<Reason> payoutReasons() {
        if (canBePaidOut()) {
            return List.of();
        }
        if (stripeId == null) {
            return List.of(Reason.ONBOARDING_INCOMPLETE);
        }
        return reasons().stream().filter(reason -> !CHARGES_ALONE.contains(reason)).toList();
    }

    /** The details that Stripe still requires. */
    public Requirements requirements() {
        return mirrored.requirements();
    }

    /** Whether money of this currency reaches the coach's bank without a conversion. */
    public boolean settles(String currency) {
        return mirrored.settles(currency);
    }

    /** Whether the coach has a bank account for this currency. */
    public boolean hasBankFor(String currency) {
        return mirrored.hasBankFor(currency);
    }

    /** The id of our row. */
    public UUID id() {
        return id;
    }

    /** The coach. */
    public UUID userId() {
        return userId;
    }

    /** {@code acct_…}; null until Stripe is known to have the account. */
    public @Nullable String stripeId() {
        return stripeId;
    }

    /** ISO 3166-1 alpha-2 code, upper case. */
    public String country() {
        return country;
    }

    /** ISO 4217 code, upper case; null before Stripe reports it. */
    public @Nullable String defaultCurrency() {
        return mirrored.defaultCurrency();
    }

    /** Whether the coach has submitted Stripe's form, which Stripe may still find incomplete. */
    public boolean detailsSubmitted() {
        return mirrored.detailsSubmitted();
    }

    /** Whether the coach disconnected the account. */
    public boolean deauthorized() {
        return deauthorizedAt != null;
    }

    @Nullable
    Instant deauthorizedAt() {
        return deauthorizedAt;
    }

    /** The coach's accounts before this one. Late payments to them are the coach's, but are not in this one. */
    public List<String> replacedAccounts() {
        return replaced;
    }

    /** Stripe's message when it refused a payment because of this account; null while no refusal stands. */
    @Nullable
    String chargeRefusal() {
        return refusal.words();
    }

    boolean payoutsManual() {
        return payoutsManual;
    }

    @Nullable
    BusinessType businessType() {
        return businessType;
    }

    int attempt() {
        return attempt;
    }

    /** The start of the time in which Stripe may have made the account without our knowledge. */
    Instant soughtFrom() {
        return soughtFrom;
    }

    /** Records that Stripe had made no account by then. */
    void soughtInVain(Instant at) {
        soughtFrom = at.isAfter(soughtFrom) ? at : soughtFrom;
    }
}
