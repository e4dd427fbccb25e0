package io.coachpay.subscription;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.stripe.Creation;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripePortal;
import io.coachpay.stripe.StripePortalConfiguration;
import io.coachpay.stripe.StripeRefused;

/**
 * Opens Stripe's billing portal, under a configuration that offers the plans for sale and nothing else. No database transaction
 * is open while Stripe is called.
 *
 * @see <a href="https://docs.stripe.com/customer-management/integrate-customer-portal">Stripe: the customer portal</a>
 */
@ApplicationScoped
class PortalAtStripe {

    /** Stripe's limit for a configuration. */
    private static final int PRODUCTS = 10;

    private final Access access;
    private final PlansAtStripe plans;
    private final StripePortal stripe;
    private final IdempotentCalls once;
    private final Clock clock;
    private final Creation<PortalConfiguration, StripePortalConfiguration> creation;

    PortalAtStripe(Access access, PlansAtStripe plans, StripePortal stripe, IdempotentCalls once, Clock clock) {
        this.access = access;
        this.plans = plans;
        this.stripe = stripe;
        this.once = once;
        this.clock = clock;
        this.creation = new Creation<>("portal", "create", this::row, row -> stripe.find(row.id()).stream().findFirst(),
                (row, key) -> Optional.of(stripe.configure(row.id(), row.prices(), key)), this::note,
                (id, after) -> change(id, row -> row.nextAttempt(after)));
    }

    /**
     * Opens a visit, and returns its address.
     *
     * @param flow the one act that the visit is for, in Stripe's words; null for all
     * @param subscription the one that the act is about, {@code sub_…}
     */
    String open(String customer, String returnUrl, @Nullable String flow, @Nullable String subscription) {
        UUID row = configuration();
        String configuration = once.ensure(creation, row).stripeId();
        try {
            return stripe.open(customer, configuration, returnUrl, flow, subscription);
        } catch (StripeRefused.ResourceMissing | StripeRefused.InvalidRequest refused) {
            if (!blamesConfiguration(refused)) {
                throw refused;
            }
            // Somebody took it out of use at Stripe.
            change(row, PortalConfiguration::gone);
            return stripe.open(customer, once.ensure(creation, configuration()).stripeId(), returnUrl, flow, subscription);
        }
    }

    private static boolean blamesConfiguration(StripeRefused refused) {
        return "configuration".equals(refused instanceof StripeRefused.ResourceMissing missing ? missing.parameter()
                : refused instanceof StripeRefused.InvalidRequest invalid ? invalid.parameter() : null);
    }

    /** The row of the configuration that offers what is for sale now. */
    private UUID configuration() {
        List<UUID> offered = access.asService(() -> offered().stream().map(Plan::id).toList());
        offered.forEach(plans::ensure);
        return access.asService(() -> {
            Map<String, List<String>> prices = new LinkedHashMap<>();
            for (Plan plan : offered()) {
                String product = plan.price().productId();
                String price = plan.price().stripeId();
                if (product != null && price != null) {
                    prices.computeIfAbsent(product, any -> new ArrayList<>()).add(price);
                }
            }
            return PortalConfiguration.begun(Audience.USER, PortalConfiguration.offer(prices), clock.instant()).id();
        });
    }

    private static List<Plan> offered() {
        return offered(Plan.forSaleNewestFirst(Audience.USER));
    }

    /**
     * The plans for sale, as far as a configuration takes them: of a product one for each interval and currency, the newest;
     * of the products those that are first in the list.
     *
     * @param plans the newest first
     */
    static List<Plan> offered(List<Plan> plans) {
        Map<String, Plan> newest = new LinkedHashMap<>();
        plans.forEach(plan -> newest.putIfAbsent(
                plan.productId() + plan.interval().column() + plan.amount().getCurrencyUnit(), plan));
        List<Plan> listed = newest.values().stream().sorted(Comparator.comparingInt(plan -> plan.terms().sortOrder())).toList();
        Set<UUID> products = listed.stream().map(Plan::productId).distinct().limit(PRODUCTS).collect(Collectors.toSet());
        return listed.stream().filter(plan -> products.contains(plan.productId())).toList();
    }

    private StripeBacked<PortalConfiguration> row(UUID id) {
        PortalConfiguration row = access.asService(() -> known(id));
        return new StripeBacked<>(row, id, row.stripeId(), row.attempt(), row.createdAt());
    }

    private @Nullable String note(PortalConfiguration row, StripePortalConfiguration made, Instant asked) {
        change(row.id(), known -> known.link(made.id()));
        return made.id();
    }

    private void change(UUID id, Consumer<PortalConfiguration> verb) {
        access.runAsService(() -> verb.accept(known(id)));
    }

    private static PortalConfiguration known(UUID id) {
        return Objects.requireNonNull(PortalConfiguration.locked(id), "A configuration is never deleted");
    }
}
