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
import io.coachpay.stripe.StripeRefused;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import io.quarkus.panache.common.Page;
import io.quarkus.panache.common.Parameters;

/**
 * A coach's account at Stripe. The row is there before the account is; what Stripe says of the account is mirrored, and what
 * it said earlier never replaces what it said later.
 *
 * <p>
 * {@code attempt} is part of every idempotency key, and each attempt always says the same.
 *
 * @see <a href="https://docs.stripe.com/api/accounts/object">Stripe: the account object</a>
 */
@Entity
@Table(name = "stripe_connected_accounts")
@DynamicUpdate
public class ConnectedAccount extends PanacheEntityBase {

    /** What keeps payments away, but nothing that is there. */
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

    /** The user's row, made now if there is none. After Stripe refused what was said, something else may be said. */
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

    /** The user's row; null before the first need. */
    public static @Nullable ConnectedAccount ofUser(UUID userId) {
        return find("userId = :user", Parameters.with("user", userId)).firstResult();
    }

    /** The row of the coach who has {@code acct_…}, or had it before; null for an account that is not ours. */
    public static @Nullable ConnectedAccount ofStripeId(String stripeId) {
        List<?> rows = getEntityManager().createNativeQuery(OF_STRIPE_ID, ConnectedAccount.class).setParameter("id", stripeId)
                .getResultList();
        return rows.isEmpty() ? null : (ConnectedAccount) rows.get(0);
    }

    /** The row with this id, locked against others who would change it. */
    static ConnectedAccount known(UUID id) {
        return Objects.requireNonNull(byId(id), "The row of an account does not go away");
    }

    static @Nullable ConnectedAccount byId(UUID id) {
        return findById(id, LockModeType.PESSIMISTIC_WRITE);
    }

    /** The row of {@code acct_…}, locked against others who would change it. */
    static @Nullable ConnectedAccount byStripeId(String stripeId) {
        return find("stripeId = :id", Parameters.with("id", stripeId)).withLock(LockModeType.PESSIMISTIC_WRITE).firstResult();
    }

    /**
     * Accounts whose payouts Stripe may still decide on, and has not refused just now, longest not tried first. Each has its
     * next turn after the others, come of this one what may.
     */
    static List<ConnectedAccount> takeWithoutManualPayouts(Instant now, int atMost) {
        List<UUID> taken = getEntityManager().createNativeQuery(TAKE_NOT_MANUAL, UUID.class).setParameter("now", now)
                .setParameter("most", atMost).getResultStream().map(UUID.class::cast).toList();
        return taken.isEmpty() ? List.of() : list("id in ?1", taken);
    }

    /** Accounts whose payments Stripe refused and whose pause is over, the longest overdue first. */
    static List<UUID> chargesToCheck(Instant now, int atMost) {
        return find("select id from ConnectedAccount where refusal.checkAt <= :now and stripeId is not null"
                + " and deauthorizedAt is null order by refusal.checkAt", Parameters.with("now", now)).project(UUID.class)
                .page(Page.ofSize(atMost)).list();
    }

    /** Says of each account whether payments of a platform in this country reach it, where that is not known yet. */
    static void compareReach(String platform) {
        List<String> countries = find("select distinct country from ConnectedAccount").project(String.class).list();
        for (String country : countries) {
            update("outOfReach = :out where country = :country and outOfReach <> :out",
                    Parameters.with("out", !Reach.reaches(platform, country)).and("country", country));
        }
    }

    /** Stripe has the account; the first to say so is believed. */
    void made(String account) {
        if (stripeId == null) {
            stripeId = account;
            verification = null;
        }
    }

    /** Stripe does not take what was said at that attempt; nothing was made. */
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

    /** The answer to that attempt is spoiled: Stripe would repeat it for ever. */
    void nextAttempt(int after) {
        if (attempt == after) {
            attempt++;
        }
    }

    /**
     * Takes over what Stripe said at that second, unless it said something later, or the coach has disconnected.
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

    /** Whether payments of the platform reach the account's country. */
    void isReached(boolean reached) {
        outOfReach = !reached;
    }

    /** Stripe refused a payment because of this account. */
    void refuseCharge(StripeRefused refused, Instant at) {
        refusal.add(refused, at);
    }

    void checkChargesNext(Instant at) {
        if (refusal.stands()) {
            refusal.checkNext(at);
        }
    }

    /** What Stripe said of it last is believed again, if that was that it can be charged. */
    void allowCharges() {
        if (mirrored.canBeCharged()) {
            refusal.forgive();
        }
    }

    /** The coach disconnected the account: nothing can be charged for it or paid out any more. */
    void deauthorize(Instant at) {
        if (deauthorizedAt == null && (reconnectedAt == null || at.isAfter(reconnectedAt))) {
            deauthorizedAt = at;
        }
    }

    /** At that second Stripe let the platform read the account again. Who decides on its payouts then has to be told anew. */
    void reconnect(Instant at) {
        if (deauthorizedAt == null || at.isBefore(deauthorizedAt)) {
            return;
        }
        deauthorizedAt = null;
        reconnectedAt = at;
        payoutsManual = false;
        attempt++;
    }

    /** Whether something is left in the disconnected account, in our books. */
    boolean hasMoneyLeft() {
        return (Boolean) getEntityManager().createNativeQuery(MONEY_LEFT, Boolean.class).setParameter("user", userId)
                .getSingleResult();
    }

    /** The account stays disconnected: its id is kept, and another one may be begun, which begins as any other. */
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
        // What was refused of no account may be said again: country and kind of business too.
        verification = Verification.REFUSED;
        asOf = null;
        toldAt = null;
        payoutsManual = false;
        payoutsAskedNext = null;
        soughtFrom = now;
        attempt++;
    }

    /** Whether this is an account that a coach had before the present one. */
    static boolean isReplaced(String stripeId) {
        return (Boolean) getEntityManager().createNativeQuery(IS_REPLACED, Boolean.class).setParameter("id", stripeId)
                .getSingleResult();
    }

    /** Stripe said something of the account after its coach had disconnected it, or within the same second. */
    boolean isHeardAgain(Instant at) {
        return deauthorizedAt != null && !at.isBefore(deauthorizedAt);
    }

    /** Stripe was told at that attempt that payouts are ours to decide. */
    void payoutsAreOurs(int atAttempt) {
        if (attempt == atAttempt) {
            payoutsManual = true;
            payoutsAskedNext = null;
        }
    }

    /** Stripe refused that: others have their turn before it is asked again. */
    void payoutsRefused(Instant again) {
        payoutsAskedNext = again;
    }

    /** Somebody gave payouts back to Stripe: it has to be told again, under another key. */
    void payoutsAreStripes() {
        if (payoutsManual) {
            payoutsManual = false;
            attempt++;
        }
    }

    boolean isNewerThan(Instant at) {
        return asOf != null && at.isBefore(asOf);
    }

    /** Events tell no order within a second. */
    boolean isAsOldAs(Instant at) {
        return at.equals(asOf) && deauthorizedAt == null;
    }

    /**
     * Whether something of that second or a later one was taken over after a request had been sent, so that its answer may be
     * the older one.
     *
     * @param sentAt by our clock
     * @param at the second that the answer counts as of
     */
    boolean isToldSince(Instant sentAt, Instant at) {
        return toldAt != null && toldAt.isAfter(sentAt) && asOf != null && !asOf.isBefore(at);
    }

    /** Whether Stripe lets payments go to this coach. */
    public boolean canCharge() {
        return stripeId != null && mirrored.canBeCharged() && deauthorizedAt == null && !outOfReach && !refusal.stands();
    }

    /** Whether Stripe lets money leave for this coach's bank. */
    public boolean canBePaidOut() {
        return stripeId != null && mirrored.payoutsEnabled() && deauthorizedAt == null;
    }

    /** Why the coach cannot be booked or paid out; empty when both can be done. */
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

    /** Why no money can leave for the coach's bank; empty when it can. */
    public List<Reason> payoutReasons() {
        if (canBePaidOut()) {
            return List.of();
        }
        if (stripeId == null) {
            return List.of(Reason.ONBOARDING_INCOMPLETE);
        }
        return reasons().stream().filter(reason -> !CHARGES_ALONE.contains(reason)).toList();
    }

    /** What Stripe still wants to know. */
    public Requirements requirements() {
        return mirrored.requirements();
    }

    /** Whether Stripe would not have to convert money of this currency on its way to the coach's bank. */
    public boolean settles(String currency) {
        return mirrored.settles(currency);
    }

    /** Whether money of this currency can leave for a bank of the coach's. */
    public boolean hasBankFor(String currency) {
        return mirrored.hasBankFor(currency);
    }

    /** Our row's. */
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

    /** Two letters, upper case. */
    public String country() {
        return country;
    }

    /** Upper-case code; null before Stripe says. */
    public @Nullable String defaultCurrency() {
        return mirrored.defaultCurrency();
    }

    /** Whether the coach went through Stripe's form, which does not mean that Stripe is content. */
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

    /** Accounts that the coach had before this one; what came late to them is the coach's, but not in this one. */
    public List<String> replacedAccounts() {
        return replaced;
    }

    /** Stripe's words when it refused a payment because of this account; null while none is refused. */
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

    /** Since when Stripe may have made the account without our knowing. */
    Instant soughtFrom() {
        return soughtFrom;
    }

    /** Stripe had made none by then. */
    void soughtInVain(Instant at) {
        soughtFrom = at.isAfter(soughtFrom) ? at : soughtFrom;
    }
}
