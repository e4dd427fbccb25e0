package io.coachpay.subscription;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
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
import io.coachpay.money.StripeCurrencies;

/** The door to the plans that people and companies subscribe to. */
@ApplicationScoped
class Plans {

    private final Access access;
    private final PlansAtStripe stripe;
    private final Clock clock;

    Plans(Access access, PlansAtStripe stripe, Clock clock) {
        this.access = access;
        this.stripe = stripe;
        this.clock = clock;
    }

    /** The plans for sale, in their order; those for that audience alone if one is given. */
    @Transactional
    List<Plan> forSale(@Nullable Audience audience) {
        return Plan.forSale(audience);
    }

    /** A page of all plans, for administrators. */
    List<Plan> all(Paging paging) {
        return access.asAdmin(() -> Plan.page(paging));
    }

    /**
     * Offers another plan. Of a plan that it replaces Stripe hears soon after.
     *
     * @param replaces the plan that it is sold instead of; null for none
     * @throws NotFound for an unknown plan to be replaced (404)
     * @throws PlanRefused.Replaced when that has been replaced already (409)
     * @throws PlanRefused.OtherAudience when that is for others (422)
     * @throws MoneyRefused.NotChargeable for an amount that Stripe does not charge (422)
     */
    Plan create(PlanTerms terms, Audience audience, Money amount, BillingInterval interval, @Nullable UUID replaces) {
        StripeCurrencies.of(amount.getCurrencyUnit()).requireChargeable(amount);
        return access.asAdmin(() -> {
            Plan replaced = replaces == null ? null : replaceable(replaces, audience);
            if (replaced != null) {
                replaced.retire();
            }
            return written(Plan.on(terms, audience, amount, interval, replaced, clock.instant()));
        });
    }

    /**
     * Changes a plan for its next subscribers, and its name and sale at Stripe; Stripe may follow later.
     *
     * @param seen when the caller's copy was last changed; null changes whatever is there
     * @throws NotFound for an unknown plan (404)
     * @throws PlanRefused.Changed when it was changed since (409)
     * @throws PlanRefused.Replaced when it would be for sale beside the plan that replaces it (409)
     */
    Plan change(UUID id, @Nullable Instant seen, UnaryOperator<PlanTerms> change) {
        List<UUID> changed = new ArrayList<>();
        Plan plan = access.asAdmin(() -> {
            Plan known = locked(id);
            if (seen != null && !seen.equals(known.updatedAt())) {
                throw new PlanRefused.Changed();
            }
            PlanTerms terms = change.apply(known.terms());
            if (terms.active() && !known.isActive() && Plan.isReplaced(id)) {
                throw new PlanRefused.Replaced();
            }
            if (known.change(terms)) {
                changed.add(id);
            }
            return written(known);
        });
        changed.forEach(stripe::push);
        return plan;
    }

    private static Plan replaceable(UUID id, Audience audience) {
        Plan replaced = locked(id);
        if (replaced.audience() != audience) {
            throw new PlanRefused.OtherAudience(replaced);
        }
        if (Plan.isReplaced(id)) {
            throw new PlanRefused.Replaced();
        }
        return replaced;
    }

    private static Plan locked(UUID id) {
        Plan known = Plan.locked(id);
        if (known == null) {
            throw new NotFound("plan");
        }
        return known;
    }

    /** The row as the database has it, with the time that it keeps. */
    private static Plan written(Plan row) {
        row.persistAndFlush();
        Plan.getEntityManager().refresh(row);
        return row;
    }
}
