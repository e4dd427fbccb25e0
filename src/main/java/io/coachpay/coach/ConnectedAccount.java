package io.coachpay.coach;

import java.time.Instant;
import java.util.ArrayList;
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
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.stripe.StripeAccount;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import io.quarkus.panache.common.Parameters;

/**
 * A coach's account at Stripe, mirrored: the row is there before the account is, and stale news never replaces newer.
 *
 * @see <a href="https://docs.stripe.com/api/accounts/object">Stripe: the account object</a>
 */
@Entity
@Table(name = "stripe_connected_accounts")
@DynamicUpdate
public class ConnectedAccount extends PanacheEntityBase {

    @Id
    private UUID id;
    @Column(name = "user_id", updatable = false)
    private UUID userId;
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
    private AccountConnection connection;
    @Embedded
    private AccountMirror mirrored;
    @Column(name = "out_of_reach")
    private boolean outOfReach;
    @Embedded
    private ChargeRefusal refusal;

    @SuppressWarnings("NullAway.Init")
    protected ConnectedAccount() {
    }

    ConnectedAccount(UUID userId, String country, BusinessType businessType, Instant now) {
        this.id = Ids.next();
        this.userId = userId;
        this.country = country;
        this.businessType = businessType;
        this.connection = AccountConnection.none(now);
        this.mirrored = AccountMirror.unknown();
        this.refusal = ChargeRefusal.none();
    }

    /** Finds the user's row; null before the first need. */
    public static @Nullable ConnectedAccount ofUser(UUID userId) {
        return find("userId = :user", Parameters.with("user", userId)).firstResult();
    }

    /** Finds and locks the row with this id. */
    static @Nullable ConnectedAccount byId(UUID id) {
        return findById(id, LockModeType.PESSIMISTIC_WRITE);
    }

    /** Finds and locks the row of {@code acct_…}. */
    static @Nullable ConnectedAccount byStripeId(String stripeId) {
        return find("connection.stripeId = :id", Parameters.with("id", stripeId)).withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResult();
    }

    /** Keeps the id of the account that Stripe made; the first one counts. */
    void made(String account) {
        if (connection.made(account)) {
            verification = null;
        }
    }

    /** Records that Stripe refused the parameters of that attempt and made no account. */
    void refused(int atAttempt) {
        if (stripeId() == null && connection.attempt() == atAttempt) {
            verification = Verification.REFUSED;
        }
    }

    /** Whether Stripe refused its country and kind of business, or it makes room for another, so that both may change. */
    boolean isRefused() {
        return verification == Verification.REFUSED;
    }

    /** Changes country and kind of business after a refusal, which takes another key; otherwise nothing. */
    void restate(String newCountry, BusinessType newType) {
        if (!isRefused() || stripeId() != null) {
            return;
        }
        country = newCountry;
        businessType = newType;
        verification = null;
        connection.nextAttempt(connection.attempt());
    }

    /**
     * Mirrors what Stripe said at that second, unless that is stale or the coach has disconnected.
     *
     * @param now by our clock
     */
    void mirror(StripeAccount stripes, Instant at, Instant now) {
        if (mirrored.isNewerThan(at) || deauthorized()) {
            return;
        }
        mirrored = AccountMirror.of(stripes, at, now);
        country = stripes.country() == null ? country : stripes.country();
        verification = Verification.of(stripes.requirements());
    }

    /** Sets whether payments of the platform reach the account's country. */
    void isReached(boolean reached) {
        outOfReach = !reached;
    }

    /** Ends the refusal if Stripe last said that the account can be charged. */
    void allowCharges() {
        if (mirrored.canBeCharged()) {
            refusal.forgive();
        }
    }

    /** Replaces a disconnected account by a new one. The old id is kept. */
    void beginAnother(Instant now) {
        connection.beginAnother(now);
        mirrored = AccountMirror.unknown();
        refusal = ChargeRefusal.none();
        // As after a refusal, country and kind of business may change.
        verification = Verification.REFUSED;
    }

    /** Whether payments can go to this coach. */
    public boolean canCharge() {
        return stripeId() != null && mirrored.canBeCharged() && !deauthorized() && !outOfReach && !refusal.stands();
    }

    /** Whether money can leave for this coach's bank. */
    public boolean canBePaidOut() {
        return stripeId() != null && mirrored.payoutsEnabled() && !deauthorized();
    }

    /** The reasons why the coach cannot be booked or paid out; empty when both are possible. */
    public List<Reason> reasons() {
        if (canCharge() && canBePaidOut()) {
            return List.of();
        }
        if (stripeId() == null) {
            return List.of(Reason.NO_ACCOUNT);
        }
        if (deauthorized()) {
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
        if (stripeId() == null) {
            return List.of(Reason.ONBOARDING_INCOMPLETE);
        }
        return reasons().stream().filter(Reason::preventsPayouts).toList();
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
        return connection.stripeId();
    }

    /** ISO 3166-1 alpha-2 code, upper case. */
    public String country() {
        return country;
    }

    @Nullable
    BusinessType businessType() {
        return businessType;
    }

    /** Whether the coach disconnected the account. */
    public boolean deauthorized() {
        return connection.deauthorizedAt() != null;
    }

    /** The coach's accounts before this one. Late payments to them are the coach's, but are not in this one. */
    public List<String> replacedAccounts() {
        return connection.replaced();
    }

    /** The account that it is and was, the attempt, and who decides on its payouts. */
    AccountConnection connection() {
        return connection;
    }

    /** Stripe's latest state of it. */
    AccountMirror mirrored() {
        return mirrored;
    }

    /** Stripe's refusals of payments because of it. */
    ChargeRefusal refusal() {
        return refusal;
    }
}
