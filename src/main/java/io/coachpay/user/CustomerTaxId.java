package io.coachpay.user;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.stripe.StripeTaxId;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** A number under which a customer pays taxes. A removed one is forgotten, but its row stays against late news. */
@Entity
@Table(name = "customer_tax_ids")
@DynamicUpdate
class CustomerTaxId extends PanacheEntityBase {

    private static final String PENDING = "pending";

    @Id
    private UUID id;
    @Column(name = "customer_id", updatable = false)
    private UUID customerId;
    @Column(name = "stripe_tax_id", updatable = false)
    private String stripeId;
    @Column(updatable = false)
    private String type;
    private @Nullable String value;
    private String verification;
    @Column(name = "stripe_as_of")
    private Instant asOf;
    @Column(name = "removed_at")
    private @Nullable Instant removedAt;

    @SuppressWarnings("NullAway.Init")
    protected CustomerTaxId() {
    }

    CustomerTaxId(UUID customerId, StripeTaxId stripes, Instant at) {
        this.id = Ids.next();
        this.customerId = customerId;
        this.stripeId = stripes.id();
        this.type = stripes.type();
        this.value = stripes.value();
        this.verification = stripes.verification();
        this.asOf = at.truncatedTo(ChronoUnit.SECONDS);
    }

    static Optional<CustomerTaxId> byStripeId(String stripeId) {
        return find("stripeId", stripeId).firstResultOptional();
    }

    /** Those that a customer has, oldest first. */
    static List<CustomerTaxId> ofCustomer(UUID customerId) {
        return list("customerId = ?1 and removedAt is null order by id", customerId);
    }

    /** Mirrors what Stripe says, unless that is stale. An authority's answer is newer than the wait for it of that second. */
    void mirror(StripeTaxId stripes, Instant at) {
        Instant second = at.truncatedTo(ChronoUnit.SECONDS);
        boolean stale = second.isBefore(asOf) || second.equals(asOf) && stripes.verification().equals(PENDING);
        if (removedAt == null && !stale) {
            verification = stripes.verification();
            asOf = second;
        }
    }

    /** Forgets it, for good: Stripe never gives an id twice. */
    void remove(Instant at) {
        if (removedAt == null) {
            removedAt = at;
            value = null;
        }
    }

    String type() {
        return type;
    }

    /** The number; null once it is removed. */
    @Nullable
    String value() {
        return value;
    }

    /** Stripe's word for what its authority says. */
    String verification() {
        return verification;
    }

    @Override
    public String toString() {
        return "CustomerTaxId[" + stripeId + "]";
    }
}
