package io.coachpay.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PortalAtStripeTest {

    private static final Instant NOON = Instant.parse("2030-05-06T12:00:00Z");

    /** Stripe takes one price of a product for each interval: that of the plan which is sold by now, whatever place it has. */
    @Test
    void offersTheNewestPlanOfAProductForEachInterval() {
        Plan older = plan(0, "USD 19.00", BillingInterval.MONTH, null);
        Plan newer = plan(9, "USD 21.00", BillingInterval.MONTH, older);
        Plan yearly = plan(5, "USD 190.00", BillingInterval.YEAR, older);
        Plan euros = plan(7, "EUR 19.00", BillingInterval.MONTH, older);

        assertThat(PortalAtStripe.offered(List.of(euros, yearly, newer, older))).containsExactly(yearly, euros, newer);
    }

    @Test
    void offersTheProductsThatAreFirstInTheList() {
        List<Plan> plans = new ArrayList<>(IntStream.range(0, 11)
                .mapToObj(place -> plan(20 - place, "USD 19.00", BillingInterval.MONTH, null)).toList());
        plans.add(plan(1, "USD 9.00", BillingInterval.MONTH, null));

        List<Plan> offered = PortalAtStripe.offered(plans);

        assertThat(offered).extracting(plan -> plan.terms().sortOrder()).containsExactly(1, 10, 11, 12, 13, 14, 15, 16, 17, 18);
    }

    private static Plan plan(int place, String amount, BillingInterval interval, @Nullable Plan replaced) {
        return Plan.on(new PlanTerms("Pro", null, 0, "pro", Benefits.NONE, true, place), Audience.USER, Money.parse(amount),
                interval, replaced, NOON);
    }
}
