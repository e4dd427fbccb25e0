package io.coachpay.credit;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;

import org.hibernate.annotations.DynamicUpdate;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Amount;
import io.coachpay.access.Ids;
import io.coachpay.http.NotFound;
import io.coachpay.http.Paging;
import io.coachpay.money.Credits;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import io.quarkus.panache.common.Parameters;
import io.quarkus.panache.common.Sort;

/** An amount of credits for sale. It changes for later buyers only: each purchase keeps what its buyer agreed to. */
@Entity
@Table(name = "credit_packages")
@DynamicUpdate
class CreditPackage extends PanacheEntityBase {

    /** More than a person would choose from. */
    private static final int SHOWN_AT_MOST = 100;

    private static final String TAKE = """
            update credit_packages set push_tried_at = clock_timestamp()
             where id in (select id from credit_packages where product_status = 'pending'
                           order by push_tried_at nulls first, id limit :most for update skip locked)
            returning id""";

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
    @Embedded
    private PackageProduct product;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;
    /** Kept by the database, for what administrators change alone. */
    @Column(name = "updated_at", insertable = false, updatable = false)
    private Instant updatedAt;

    @SuppressWarnings("NullAway.Init")
    protected CreditPackage() {
    }

    /** A package on these terms, not yet stored. */
    static CreditPackage on(PackageTerms terms, Instant now) {
        CreditPackage made = new CreditPackage();
        made.id = Ids.next();
        made.product = PackageProduct.none();
        made.createdAt = now;
        made.apply(terms);
        return made;
    }

    /** Those for sale, at that price if one is given: in their order, a hundred at most. */
    static List<CreditPackage> forSale(@Nullable Money price) {
        Sort order = Sort.by("sortOrder").and("id");
        return (price == null ? find("active = true", order)
                : find("active = true and amount.amount = :price and amount.currency = :currency", order,
                        Parameters.with("price", price.getAmount()).and("currency", price.getCurrencyUnit().getCode())))
                .page(0, SHOWN_AT_MOST).list();
    }

    /** A page of all, and one more. */
    static List<CreditPackage> page(Paging paging) {
        return find("id < ?1 order by id desc", paging.before()).page(0, paging.limit() + 1).list();
    }

    /** Finds the package; null if there is none that the role of the database transaction sees. */
    static @Nullable CreditPackage byId(UUID id) {
        return findById(id);
    }

    /** @throws NotFound for a package that is not for sale */
    static CreditPackage onSale(UUID id) {
        return CreditPackage.<CreditPackage> findByIdOptional(id).filter(CreditPackage::isActive)
                .orElseThrow(() -> new NotFound("package"));
    }

    static @Nullable CreditPackage locked(UUID id) {
        return findById(id, LockModeType.PESSIMISTIC_WRITE);
    }

    /** Reads a package that was found again, and locks it. */
    static void lock(CreditPackage known) {
        getEntityManager().refresh(known, LockModeType.PESSIMISTIC_WRITE);
    }

    /**
     * Takes packages with a name that Stripe does not have, longest not tried first. Each of them is due again after the
     * others, also after a failure.
     */
    static List<UUID> takeUnpushed(int atMost) {
        return getEntityManager().createNativeQuery(TAKE, UUID.class).setParameter("most", atMost).getResultStream()
                .map(UUID.class::cast).toList();
    }

    /** The terms for the next buyer. */
    PackageTerms terms() {
        return new PackageTerms(name, description, price(), credits(), active, sortOrder);
    }

    /** Sells on other terms from now on, and answers whether Stripe has to hear of another name. */
    boolean change(PackageTerms to) {
        boolean renamed = !Objects.equals(name, to.name());
        apply(to);
        return renamed && product.renamed();
    }

    private void apply(PackageTerms terms) {
        name = terms.name();
        description = terms.description();
        // Equal figures stay as the database wrote them: only what changes is written.
        amount = amount != null && price().isEqual(terms.price()) ? amount : Amount.of(terms.price());
        credits = credits != null && credits().compareTo(terms.credits()) == 0 ? credits : terms.credits().amount();
        active = terms.active();
        sortOrder = terms.sortOrder();
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

    /** The price that a buyer pays. */
    Money price() {
        return amount.money();
    }

    /** The credits that a buyer gets. */
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

    /** Its product at Stripe, which is made when the first of it is sold. */
    PackageProduct product() {
        return product;
    }

    Instant createdAt() {
        return createdAt;
    }

    /** When an administrator last changed it. */
    Instant updatedAt() {
        return updatedAt;
    }
}
