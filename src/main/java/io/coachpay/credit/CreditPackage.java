package io.coachpay.credit;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Amount;
import io.coachpay.money.Credits;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** An amount of credits for sale. It changes for later buyers only: each purchase keeps what its buyer agreed to. */
@Entity
@Table(name = "credit_packages")
class CreditPackage extends PanacheEntityBase {

    @Id
    private UUID id;
    private String name;
    private @Nullable String description;
    @Embedded
    private Amount amount;
    @Column(name = "credit_amount")
    private BigDecimal credits;
    @Column(name = "is_active")
    private boolean active;
    @Column(name = "sort_order")
    private int sortOrder;
    @Column(name = "stripe_product_id")
    private @Nullable String product;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected CreditPackage() {
    }

    UUID id() {
        return id;
    }

    String name() {
        return name;
    }

    @Nullable
    String description() {
        return description;
    }

    /** What a buyer pays. */
    Money price() {
        return amount.money();
    }

    /** What a buyer gets. */
    Credits credits() {
        return Credits.of(credits);
    }

    /** Whether it is for sale. */
    boolean isActive() {
        return active;
    }

    int sortOrder() {
        return sortOrder;
    }

    /** {@code prod_…}; null until the first of it is sold. */
    @Nullable
    String product() {
        return product;
    }
}
