package io.coachpay.user;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;

import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.http.Reference;
import io.coachpay.stripe.StripeCustomer;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import io.quarkus.panache.common.Parameters;

/**
 * A user's customer at Stripe. The row is there before the customer is, so that another worker can resume after a crash between
 * the two.
 */
@Entity
@Table(name = "stripe_customers")
@DynamicUpdate
class Customer extends PanacheEntityBase {

    private static final String INSERT = """
            insert into stripe_customers (id, user_id, customer_email, customer_name, created_at, sought_from)
            values (:id, :user, :email, :name, :now, :now) on conflict (user_id) do nothing""";

    @Id
    private UUID id;
    @Column(name = "user_id", updatable = false)
    private @Nullable UUID userId;
    @Column(name = "organization_id", updatable = false)
    private @Nullable UUID organizationId;
    @Column(name = "stripe_customer_id")
    private @Nullable String stripeId;
    @Embedded
    private CustomerDetails details;
    @Embedded
    private DefaultMethod defaultMethod;
    @Embedded
    private BillingMirror billing;
    @Column(name = "stripe_as_of")
    private @Nullable Instant asOf;
    @Column(name = "stripe_told_at")
    private @Nullable Instant toldAt;
    @Column(name = "sought_from")
    private Instant soughtFrom;

    @SuppressWarnings("NullAway.Init")
    protected Customer() {
    }

    /**
     * Finds the user's row or inserts it; of two callers at once the second finds the first one's. A customer that is gone at
     * Stripe is begun again.
     */
    static Customer begun(User user, Instant now) {
        Customer known = find("userId = :user", Parameters.with("user", user.id())).firstResult();
        if (known == null) {
            known = inserted(user, now);
        }
        if (known.mustBeginAgain()) {
            getEntityManager().refresh(known, LockModeType.PESSIMISTIC_WRITE);
            known.beginAgain(user, now);
        }
        return known;
    }

    private static Customer inserted(User user, Instant now) {
        getEntityManager().createNativeQuery(INSERT).setParameter("id", Ids.next()).setParameter("user", user.id())
                .setParameter("email", user.email()).setParameter("name", user.name())
                .setParameter("now", now)
                .executeUpdate();
        return Objects.requireNonNull(ofUser(user.id()), "A row was inserted or was there before");
    }

    /** Finds and locks the user's row; null before the first need. */
    static @Nullable Customer ofUser(UUID userId) {
        return find("userId = :user", Parameters.with("user", userId)).withLock(LockModeType.PESSIMISTIC_WRITE).firstResult();
    }

    /** Finds and locks the owner's row; null before the first need. */
    static @Nullable Customer of(CustomerOwner owner) {
        return owner.userId() != null ? ofUser(owner.userId())
                : find("organizationId", owner.organizationId()).withLock(LockModeType.PESSIMISTIC_WRITE).firstResult();
    }

    /** Finds the row by the user's id or Stripe's, without a lock; null if there is no row. */
    static @Nullable Customer seen(Reference reference) {
        return reference.find(user -> find("userId", user), stripes -> find("stripeId", stripes)).firstResult();
    }

    static @Nullable Customer byId(UUID id) {
        return findById(id, LockModeType.PESSIMISTIC_WRITE);
    }

    static @Nullable Customer byStripeId(String stripeId) {
        return find("stripeId = :id", Parameters.with("id", stripeId)).withLock(LockModeType.PESSIMISTIC_WRITE).firstResult();
    }

    /** Keeps the id of the customer that Stripe made; the first one counts. */
    void made(String customer, Instant at) {
        if (stripeId != null || asOf != null && at.isBefore(asOf)) {
            return;
        }
        stripeId = customer;
        asOf = at;
        details.synced(at);
    }

    /**
     * Records a change of the user for Stripe, except for what Stripe has refused. While the customer is being made nothing is
     * changed, as a call may be under way; the worker that makes it sends the rest.
     */
    boolean tell(@Nullable String newEmail, @Nullable String newName) {
        return stripeId != null && !isMissing() && details.change(newEmail, newName);
    }

    /**
     * Records that Stripe took what was sent at that attempt; later changes are still to be sent.
     *
     * @param stripes the customer at Stripe
     * @param sentAt the second in which it was sent
     */
    void told(int atAttempt, StripeCustomer stripes, Instant sentAt, Instant now) {
        if (details.accepted(atAttempt, stripes, sentAt)) {
            asOf = sentAt;
            toldAt = now;
        }
    }

    /**
     * Mirrors what Stripe says, unless that is stale or a change of ours is under way.
     *
     * @param now by our clock
     */
    boolean mirror(StripeCustomer stripes, Instant at, Instant now) {
        if (isMissing() || asOf != null && at.isBefore(asOf)) {
            return false;
        }
        asOf = at;
        toldAt = now;
        defaultMethod.mirror(stripes.defaultPaymentMethodId());
        billing.mirror(stripes);
        if (details.syncStatus() == SyncStatus.PENDING) {
            return false;
        }
        details.mirror(stripes.email(), stripes.name(), at);
        return true;
    }

    /** Marks it as deleted at Stripe, for good: Stripe never gives an id twice. */
    void missing() {
        details.missing();
        defaultMethod.clear();
        billing.clear();
    }

    /** Whether the customer is gone, or Stripe refused to make it, so that another call with what holds now is needed. */
    private boolean mustBeginAgain() {
        return isMissing() || details.syncStatus() == SyncStatus.FAILED && stripeId == null;
    }

    private void beginAgain(User user, Instant now) {
        if (!mustBeginAgain()) {
            return;
        }
        stripeId = null;
        soughtFrom = now;
        // News of the deleted customer is not about the next one.
        asOf = now.truncatedTo(ChronoUnit.SECONDS);
        toldAt = null;
        details.restart(user.email(), user.name());
    }

    /** Whether news is of the same second as the latest; events have no order within a second. */
    boolean isAsOldAs(Instant at) {
        return at.equals(asOf) && !isMissing();
    }

    /**
     * Whether something was mirrored, or sent to Stripe, after a request, so that its answer may be stale.
     *
     * @param sentAt by our clock
     */
    boolean isToldSince(Instant sentAt) {
        return toldAt != null && toldAt.isAfter(sentAt);
    }

    /** Whether it is gone at Stripe. */
    boolean isMissing() {
        return details.syncStatus() == SyncStatus.MISSING;
    }

    UUID id() {
        return id;
    }

    @Nullable
    UUID userId() {
        return userId;
    }

    CustomerOwner owner() {
        return new CustomerOwner(userId, organizationId);
    }

    DefaultMethod defaultMethod() {
        return defaultMethod;
    }

    BillingMirror billing() {
        return billing;
    }

    @Nullable
    String stripeId() {
        return stripeId;
    }

    /** Address and name as sent to Stripe. */
    CustomerDetails details() {
        return details;
    }

    /** The start of the time in which Stripe may have made the customer without our knowledge. */
    Instant soughtFrom() {
        return soughtFrom;
    }

    /** Records that Stripe had made no customer by then. */
    void soughtInVain(Instant at) {
        soughtFrom = at.isAfter(soughtFrom) ? at : soughtFrom;
    }
}
