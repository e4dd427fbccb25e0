package io.coachpay.credit;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.job.OneByOne;
import io.coachpay.stripe.Creation;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeProduct;
import io.coachpay.stripe.StripeProducts;
import io.coachpay.stripe.StripeRefused;

/**
 * Makes a package a product at Stripe when the first of it is sold, and sends its latest name. No database transaction is open
 * while Stripe is called.
 * <p>
 * Packages are ours, and Stripe's products a copy for its page and reports. So {@code product.updated} has no handler: a name
 * that somebody enters in Stripe's dashboard changes no package, and stays there until the package is renamed.
 *
 * @see <a href="https://docs.stripe.com/api/products">Stripe: products</a>
 */
@ApplicationScoped
class ProductsAtStripe {

    private static final Logger LOG = Logger.getLogger(ProductsAtStripe.class);
    private static final int PUSHED_AT_MOST = 100;

    private final Access access;
    private final StripeProducts stripe;
    private final IdempotentCalls once;
    private final Clock clock;
    private final boolean used;
    private final Creation<CreditPackage, StripeProduct> creation;

    @Inject
    ProductsAtStripe(Access access, StripeProducts stripe, IdempotentCalls once, Clock clock, CreditSettings settings) {
        this(access, stripe, once, clock, settings.products());
    }

    /** @param used whether packages are sold as products */
    ProductsAtStripe(Access access, StripeProducts stripe, IdempotentCalls once, Clock clock, boolean used) {
        this.access = access;
        this.stripe = stripe;
        this.once = once;
        this.clock = clock;
        this.used = used;
        this.creation = new Creation<>("package", "create-product", this::begun, this::find,
                (row, key) -> Optional.of(stripe.create(row.id(), row.name(), key)), this::note,
                (id, after) -> change(id, row -> row.product().nextAttempt(after)));
    }

    /**
     * The package's product, {@code prod_…}, made on first need: exactly one, even by concurrent calls. Calls Stripe on first
     * need, so no database transaction may be open.
     *
     * @throws NotFound for a package that is not for sale (404)
     * @throws StripeRefused when Stripe refuses or is away; the next need resumes
     */
    String ensure(UUID packageId) {
        return once.ensure(creation, packageId).stripeId();
    }

    /**
     * The product that a page sells the package as, made on first need; empty where packages are no products
     * ({@code coachpay.credit.products}).
     *
     * @throws NotFound for a package that is not for sale (404)
     * @throws StripeRefused when Stripe refuses or is away; the next need resumes
     */
    Optional<String> toSell(UUID packageId) {
        if (used) {
            return Optional.of(ensure(packageId));
        }
        access.asService(() -> CreditPackage.onSale(packageId));
        return Optional.empty();
    }

    /**
     * Records that Stripe does not know the product any more: the next need makes another. It may belong to another Stripe
     * account, or to a time before a backup.
     */
    void gone(UUID packageId, String product) {
        change(packageId, row -> row.product().gone(product, clock.instant()));
    }

    /** Sends the package's latest name, if Stripe does not have it. If Stripe is away, that only postpones it. */
    void push(UUID packageId) {
        CreditPackage untold = access.asService(() -> CreditPackage.byId(packageId));
        String product = untold == null ? null : untold.product().stripeId();
        if (untold == null || product == null || !untold.product().isUntold()) {
            return;
        }
        int attempt = untold.product().attempt();
        try {
            stripe.rename(product, untold.name(), IdempotentCalls.key("package", packageId, "rename-product", attempt));
            change(packageId, row -> row.product().told(attempt, true));
        } catch (StripeRefused refused) {
            LOG.warnf("Stripe does not have the name of package %s: %s", packageId, refused.getMessage());
            putOff(refused, packageId, product, attempt);
        }
    }

    /** Sends the latest names that Stripe does not have, of a bounded number of packages. */
    void pushAll() {
        List<UUID> untold = access.asService(() -> CreditPackage.takeUnpushed(PUSHED_AT_MOST));
        OneByOne.forEachIsolated(untold, this::push);
    }

    private void putOff(StripeRefused refused, UUID id, String product, int attempt) {
        if (refused instanceof StripeRefused.ResourceMissing) {
            gone(id, product);
        } else if (refused instanceof StripeRefused.InvalidRequest) {
            change(id, row -> row.product().told(attempt, false));
        } else if (refused instanceof StripeRefused.KeyReused || refused instanceof StripeAway away && away.storedAnswer()) {
            change(id, row -> row.product().nextAttempt(attempt));
        }
    }

    private void change(UUID id, Consumer<CreditPackage> verb) {
        access.runAsService(() -> verb.accept(known(id)));
    }

    private static CreditPackage known(UUID id) {
        return Objects.requireNonNull(CreditPackage.locked(id), "A package is never deleted");
    }

    // ---- creation of a product at Stripe

    /** Locks the row only before there is a product: sales do not queue for it. */
    private StripeBacked<CreditPackage> begun(UUID id) {
        return access.asService(() -> {
            CreditPackage row = CreditPackage.onSale(id);
            if (row.product().stripeId() == null) {
                CreditPackage.lock(row);
            }
            PackageProduct product = row.product();
            return new StripeBacked<>(row, id, product.stripeId(), product.attempt(), product.sought(clock.instant()));
        });
    }

    private Optional<StripeProduct> find(CreditPackage row) {
        Instant asked = clock.instant();
        Instant since = Objects.requireNonNull(row.product().soughtFrom(), "It was begun");
        Optional<StripeProduct> found = stripe.find(row.id(), since).stream().findFirst();
        if (found.isEmpty()) {
            change(row.id(), known -> known.product().soughtInVain(asked));
        }
        return found;
    }

    private @Nullable String note(CreditPackage row, StripeProduct made, Instant asked) {
        return access.asService(() -> {
            CreditPackage known = known(row.id());
            known.product().made(made.id(), known.name().equals(made.name()));
            return known.product().stripeId();
        });
    }
}
