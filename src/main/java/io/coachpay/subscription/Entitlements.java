package io.coachpay.subscription;

import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

/** Tells what people's plans give them now. Bookings and purchases ask in their own database transactions. */
@ApplicationScoped
public class Entitlements {

    private final SubscriptionSettings settings;
    private final Clock clock;

    Entitlements(SubscriptionSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * The benefits of a person's plan; none without a subscription that entitles to them. Reads by one statement, locks
     * nothing.
     */
    @Transactional(TxType.MANDATORY)
    public Benefits benefitsOf(UUID userId) {
        return planOf(userId).map(plan -> plan.terms().benefits()).orElse(Benefits.NONE);
    }

    /** The plan of a person's subscription, while that entitles to tier and benefits. */
    @Transactional(TxType.MANDATORY)
    Optional<Plan> planOf(UUID userId) {
        return SubscriptionQueries.entitlingPlan(userId, clock.instant(), settings.grace());
    }
}
