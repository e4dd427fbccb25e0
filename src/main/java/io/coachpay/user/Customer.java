package io.coachpay.user;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;

import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import io.quarkus.panache.common.Page;
import io.quarkus.panache.common.Parameters;
import io.quarkus.panache.common.Sort;

/**
 * Who a person is at Stripe. The row is there before the customer is, so that a process that dies between the two leaves
 * something to go on from.
 *
 * <p>
 * {@code attempt} is part of the idempotency key, and each attempt always says the same: whatever is to be sent changes only
 * together with it.
 */
@Entity
@Table(name = "stripe_customers")
@DynamicUpdate
class Customer extends PanacheEntityBase {

    private static final String INSERT = """
            insert into stripe_customers (id, user_id, customer_email, customer_name, created_at)
            values (:id, :user, :email, :name, :now) on conflict (user_id) do nothing""";

    @Id
    private UUID id;
    @Column(name = "user_id", updatable = false)
    private @Nullable UUID userId;
    @Column(name = "stripe_customer_id")
    private @Nullable String stripeId;
    @Column(name = "customer_email")
    private @Nullable String email;
    @Column(name = "customer_name")
    private @Nullable String name;
    @Column(name = "default_payment_method")
    private @Nullable String defaultPaymentMethod;
    @Enumerated(EnumType.STRING)
    @Column(name = "sync_status")
    private SyncStatus syncStatus;
    @Column(name = "synced_at")
    private @Nullable Instant syncedAt;
    private int attempt;
    @Column(name = "stripe_as_of")
    private @Nullable Instant asOf;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected Customer() {
    }

    /**
     * The person's row, made now if there is none; whoever comes second finds the first one's. A customer that is gone at
     * Stripe is begun again.
     */
    static Customer begun(User user, Instant now) {
        Customer known = find("userId = :user", Parameters.with("user", user.id())).firstResult();
        if (known == null) {
            known = inserted(user, now);
        }
        if (known.syncStatus == SyncStatus.MISSING) {
            getEntityManager().refresh(known, LockModeType.PESSIMISTIC_WRITE);
            known.renew(user, now);
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

    /** The person's row, locked against others who would change it; null before the first need. */
    static @Nullable Customer ofUser(UUID userId) {
        return find("userId = :user", Parameters.with("user", userId)).withLock(LockModeType.PESSIMISTIC_WRITE).firstResult();
    }

    static @Nullable Customer byId(UUID id) {
        return findById(id, LockModeType.PESSIMISTIC_WRITE);
    }

    static @Nullable Customer byStripeId(String stripeId) {
        return find("stripeId = :id", Parameters.with("id", stripeId)).withLock(LockModeType.PESSIMISTIC_WRITE).firstResult();
    }

    /** Customers of whom Stripe has not heard the latest, oldest first. */
    static List<Customer> unpushed(int atMost) {
        return find("syncStatus = :status and stripeId is not null and userId is not null", Sort.by("id"),
                Parameters.with("status", SyncStatus.PENDING)).page(Page.ofSize(atMost)).list();
    }

    /** Stripe has the customer; the first to say so is believed. */
    void made(String customer, Instant at) {
        if (stripeId != null || asOf != null && at.isBefore(asOf)) {
            return;
        }
        stripeId = customer;
        synced(at);
    }

    /** The person changed: Stripe has to hear of it. Before there is a customer nothing is to be told. */
    boolean tell(@Nullable String newEmail, @Nullable String newName) {
        if (stripeId == null || syncStatus == SyncStatus.MISSING) {
            return false;
        }
        if (Objects.equals(email, newEmail) && Objects.equals(name, newName)) {
            return false;
        }
        email = newEmail;
        name = newName;
        attempt++;
        syncStatus = SyncStatus.PENDING;
        return true;
    }

    /** Stripe took what was sent at that attempt; if more has changed since, that is still to be sent. */
    void told(int atAttempt, Instant at) {
        if (attempt == atAttempt && syncStatus == SyncStatus.PENDING) {
            synced(at);
        }
    }

    /** Stripe does not want what was sent at that attempt. */
    void refused(int atAttempt) {
        if (attempt == atAttempt) {
            syncStatus = SyncStatus.FAILED;
        }
    }

    /** The answer to that attempt is spoiled: Stripe would repeat it for ever. */
    void nextAttempt(int after) {
        if (attempt == after) {
            attempt++;
        }
    }

    /** What Stripe says now, unless ours is newer or we have heard something newer. */
    boolean mirror(@Nullable String theirEmail, @Nullable String theirName, @Nullable String theirDefault, Instant at) {
        if (syncStatus == SyncStatus.MISSING || asOf != null && at.isBefore(asOf)) {
            return false;
        }
        asOf = at;
        defaultPaymentMethod = theirDefault;
        if (syncStatus == SyncStatus.PENDING) {
            return false;
        }
        email = theirEmail;
        name = theirName;
        syncStatus = SyncStatus.SYNCED;
        syncedAt = at;
        return true;
    }

    /** Gone at Stripe, and gone for good: Stripe never gives an id twice. */
    void missing() {
        syncStatus = SyncStatus.MISSING;
        defaultPaymentMethod = null;
    }

    /** Begins again for another customer in place of the one that is gone. */
    private void renew(User user, Instant now) {
        if (syncStatus != SyncStatus.MISSING) {
            return;
        }
        stripeId = null;
        email = user.email();
        name = user.name();
        // What Stripe said of the one that is gone is not said of the next.
        asOf = now.truncatedTo(ChronoUnit.SECONDS);
        attempt++;
        syncStatus = SyncStatus.PENDING;
    }

    /** Events tell no order within a second. */
    boolean isAsOldAs(Instant at) {
        return at.equals(asOf) && syncStatus != SyncStatus.MISSING;
    }

    private void synced(Instant at) {
        syncStatus = SyncStatus.SYNCED;
        syncedAt = at;
        asOf = at;
    }

    UUID id() {
        return id;
    }

    @Nullable
    UUID userId() {
        return userId;
    }

    @Nullable
    String stripeId() {
        return stripeId;
    }

    @Nullable
    String email() {
        return email;
    }

    @Nullable
    String name() {
        return name;
    }

    SyncStatus syncStatus() {
        return syncStatus;
    }

    int attempt() {
        return attempt;
    }

    Instant createdAt() {
        return createdAt;
    }
}
