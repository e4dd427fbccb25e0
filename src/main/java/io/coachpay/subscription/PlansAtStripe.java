package io.coachpay.subscription;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.job.OneByOne;
import io.coachpay.stripe.Creation;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripePrice;
import io.coachpay.stripe.StripePrices;
import io.coachpay.stripe.StripeProducts;
import io.coachpay.stripe.StripeRefused;

/**
 * Makes a plan a price at Stripe when the first subscribes to it, with a product that plans which replace each other share, and
 * sends its latest name and whether it is for sale. No database transaction is open while Stripe is called.
 *
 * @see <a href="https://docs.stripe.com/products-prices/how-products-and-prices-work">Stripe: products and prices</a>
 */
@ApplicationScoped
class PlansAtStripe {

    private static final Logger LOG = Logger.getLogger(PlansAtStripe.class);
    private static final String NOUN = "plan";
    private static final int PUSHED_AT_MOST = 100;

    private final Access access;
    private final StripePrices prices;
    private final StripeProducts products;
    private final IdempotentCalls once;
    private final Clock clock;
    private final Creation<Plan, StripePrice> creation;

    PlansAtStripe(Access access, StripePrices prices, StripeProducts products, IdempotentCalls once, Clock clock) {
        this.access = access;
        this.prices = prices;
        this.products = products;
        this.once = once;
        this.clock = clock;
        this.creation = new Creation<>(NOUN, "create-price", this::begun, this::find, this::create, this::note,
                (id, after) -> change(id, row -> row.price().nextAttempt(after)));
    }

    /**
     * The plan's price, {@code price_…}, made on first need: exactly one, even by concurrent calls. Calls Stripe on first need,
     * so no database transaction may be open.
     *
     * @throws NotFound for an unknown plan (404)
     * @throws StripeRefused when Stripe refuses or is away; the next need resumes
     */
    String ensure(UUID planId) {
        Plan plan = read(planId);
        if (plan.price().stripeId() == null && plan.replaces() != null) {
            ensure(plan.replaces());
        }
        return once.ensure(creation, planId).stripeId();
    }

    /**
     * Records that Stripe does not know the price any more: the next need makes another. It may belong to another Stripe
     * account, or to a time before a backup.
     */
    void gone(UUID planId, String price) {
        change(planId, row -> row.price().gone(price, clock.instant()));
    }

    /** Sends the plan as it is now, if Stripe does not have it so. If Stripe is away, that only postpones it. */
    void push(UUID planId) {
        Plan untold = read(planId);
        String price = untold.price().stripeId();
        String product = untold.price().productId();
        if (price == null || product == null || !untold.price().isUntold()) {
            return;
        }
        int attempt = untold.price().attempt();
        try {
            name(untold, product, attempt);
            prices.offer(price, untold.isActive(), IdempotentCalls.key(NOUN, planId, "offer-price", attempt));
            Instant answered = clock.instant();
            change(planId, row -> row.price().told(attempt, true, answered));
        } catch (StripeRefused refused) {
            LOG.warnf("Stripe does not have plan %s as it is: %s", planId, refused.getMessage());
            putOff(refused, planId, price, attempt);
        }
    }

    /** Sends plans that Stripe does not have as they are, a bounded number of them. */
    void pushAll() {
        List<UUID> untold = access.asService(() -> Plan.takeUnpushed(PUSHED_AT_MOST));
        OneByOne.forEachIsolated(untold, this::push);
    }

    /** The last plan of a line gives the product its name. */
    private void name(Plan plan, String product, int attempt) {
        if (access.asService(() -> Plan.isReplaced(plan.id()))) {
            return;
        }
        String key = IdempotentCalls.key(NOUN, plan.id(), "name-product", attempt);
        if (plan.isActive()) {
            products.offer(product, plan.name(), key);
        } else {
            products.rename(product, plan.name(), key);
        }
    }

    private void putOff(StripeRefused refused, UUID id, String price, int attempt) {
        if (refused instanceof StripeRefused.ResourceMissing) {
            gone(id, price);
        } else if (refused instanceof StripeRefused.InvalidRequest) {
            change(id, row -> row.price().told(attempt, false, clock.instant()));
        } else if (refused instanceof StripeRefused.KeyReused || refused instanceof StripeAway away && away.storedAnswer()) {
            change(id, row -> row.price().nextAttempt(attempt));
        }
    }

    private Plan read(UUID id) {
        return access.asService(() -> {
            Plan row = Plan.byId(id);
            if (row == null) {
                throw new NotFound("plan");
            }
            return row;
        });
    }

    private void change(UUID id, Consumer<Plan> verb) {
        access.runAsService(() -> verb.accept(known(id)));
    }

    private static Plan known(UUID id) {
        return Objects.requireNonNull(Plan.locked(id), "A plan is never deleted");
    }

    // ---- creation of a price at Stripe

    /** Locks the row only before there is a price: subscribers do not queue for it. */
    private StripeBacked<Plan> begun(UUID id) {
        return access.asService(() -> {
            Plan row = Objects.requireNonNull(Plan.byId(id), "A plan is never deleted");
            if (row.price().stripeId() == null) {
                Plan.lock(row);
            }
            PlanPrice price = row.price();
            return new StripeBacked<>(row, id, price.stripeId(), price.attempt(), price.sought(clock.instant()));
        });
    }

    private Optional<StripePrice> find(Plan row) {
        Instant asked = clock.instant();
        Instant since = Objects.requireNonNull(row.price().soughtFrom(), "It was begun");
        Optional<StripePrice> found = prices.find(row.id(), since).stream().findFirst();
        if (found.isEmpty()) {
            change(row.id(), known -> known.price().soughtInVain(asked));
        }
        return found;
    }

    private Optional<StripePrice> create(Plan row, String key) {
        Plan replaced = row.replaces() == null ? null : read(row.replaces());
        String product = replaced == null ? null : replaced.price().productId();
        try {
            return Optional.of(prices.create(row.id(), row.amount(), row.interval().column(), product, row.name(), key));
        } catch (StripeRefused.ResourceMissing missing) {
            String price = replaced == null ? null : replaced.price().stripeId();
            if (price == null) {
                throw missing;
            }
            gone(Objects.requireNonNull(row.replaces()), price);
            change(row.id(), known -> known.price().nextAttempt(row.price().attempt()));
            throw missing;
        }
    }

    private @Nullable String note(Plan row, StripePrice made, Instant asked) {
        return access.asService(() -> {
            Plan known = known(row.id());
            known.price().made(made.id(), Objects.requireNonNull(made.productId(), "A price is of a product"));
            return known.price().stripeId();
        });
    }
}
