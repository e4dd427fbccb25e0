package io.coachpay.credit;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.http.Paging;

/** The door to the packages that credits are sold in. */
@ApplicationScoped
class CreditPackages {

    private final Access access;
    private final ProductsAtStripe products;
    private final Clock clock;

    CreditPackages(Access access, ProductsAtStripe products, Clock clock) {
        this.access = access;
        this.products = products;
        this.clock = clock;
    }

    /** The packages for sale, in their order; those of that price alone if one is given. */
    @Transactional
    List<CreditPackage> forSale(@Nullable Money price) {
        return CreditPackage.forSale(price);
    }

    /** A page of all packages, for administrators. */
    List<CreditPackage> all(Paging paging) {
        return access.asAdmin(() -> CreditPackage.page(paging));
    }

    /** Offers another package. */
    CreditPackage create(PackageTerms terms) {
        return access.asAdmin(() -> written(CreditPackage.on(terms, clock.instant())));
    }

    /**
     * Changes a package for its next buyers, and its product's name at Stripe; Stripe may follow later.
     *
     * @param seen when the caller's copy was last changed; null changes whatever is there
     * @throws NotFound for an unknown package (404)
     * @throws PackageRefused.Changed when it was changed since (409)
     */
    CreditPackage change(UUID id, @Nullable Instant seen, UnaryOperator<PackageTerms> change) {
        boolean[] renamed = new boolean[1];
        CreditPackage changed = access.asAdmin(() -> {
            CreditPackage known = CreditPackage.locked(id);
            if (known == null) {
                throw new NotFound("credit package");
            }
            if (seen != null && !seen.equals(known.updatedAt())) {
                throw new PackageRefused.Changed();
            }
            renamed[0] = known.change(change.apply(known.terms()));
            return written(known);
        });
        if (renamed[0]) {
            products.push(id);
        }
        return changed;
    }

    /** The row as the database has it, with the time that it keeps. */
    private static CreditPackage written(CreditPackage row) {
        row.persistAndFlush();
        CreditPackage.getEntityManager().refresh(row);
        return row;
    }
}
