package io.coachpay.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.coachpay.stripe.StripeSubscription;

class SubscriptionTest {

    private static final Instant NOON = Instant.parse("2030-05-06T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final Instant NEXT = NOON.plusSeconds(30 * 24 * 3600);

    private final Plan plan = Plan.on(new PlanTerms("Pro", null, 14, "pro", Benefits.NONE, true, 0), Audience.USER,
            Money.parse("USD 19.00"), BillingInterval.MONTH, null, NOON);
    private final UUID alice = UUID.randomUUID();
    private final SubscriptionPage page = new SubscriptionPage(14, "https://a/ok", "https://a/no", NOON.plusSeconds(1860));
    private final Subscription row = Subscription.requested(alice, plan, "cus_1", "price_1", page, NOON);

    @Test
    void asksForAPage() {
        assertThat(row.status()).isEqualTo(SubscriptionStatus.REQUESTED);
        assertThat(row.id()).isNotNull();
        assertThat(row.userId()).isEqualTo(alice);
        assertThat(row.price().planId()).isEqualTo(plan.id());
        assertThat(row.customerId()).isEqualTo("cus_1");
        assertThat(row.price().id()).isEqualTo("price_1");
        assertThat(row.stripeId()).isNull();
        assertThat(row.isSurplus()).isFalse();
        assertThat(row.createdAt()).isEqualTo(NOON);
        assertThat(row.checkAt()).isEqualTo(NOON.plusSeconds(1860 + 300));
        assertThat(page.trialDays()).isEqualTo(14);
        assertThat(page.successUrl()).isEqualTo("https://a/ok");
        assertThat(page.cancelUrl()).isEqualTo("https://a/no");
        assertThat(page.attempt()).isEqualTo(1);
    }

    @Test
    void keepsTheFirstPageAndSpendsAnAttemptOnce() {
        page.link("cs_1");
        page.link("cs_2");
        page.nextAttempt(1);
        page.nextAttempt(1);

        assertThat(page.stripeId()).isEqualTo("cs_1");
        assertThat(page.attempt()).isEqualTo(2);
    }

    @Test
    void mirrorsStripes() {
        assertThat(row.mirror(stripes("trialing", null, false), plan, NOON, NOON)).isTrue();

        assertThat(row.status()).isEqualTo(SubscriptionStatus.TRIALING);
        assertThat(row.stripeId()).isEqualTo("sub_1");
        assertThat(row.term().periodStart()).isEqualTo(NOON);
        assertThat(row.term().periodEnd()).isEqualTo(NEXT);
        assertThat(row.term().trialEnd()).isEqualTo(NEXT);
        assertThat(row.term().endsAt()).isNull();
        assertThat(row.term().pendingPriceId()).isNull();
        assertThat(row.term().pendingExpiresAt()).isNull();
        assertThat(row.term().isCollectionPaused()).isFalse();
    }

    @Test
    void knowsNoPlanOfAnotherPrice() {
        row.mirror(stripes("active", null, false), null, NOON, NOON);

        assertThat(row.price().planId()).isNull();
        assertThat(row.price().id()).isEqualTo("price_9");
    }

    @Test
    void endsWhenPeopleInThePortalOrAnybodyElseDecided() {
        row.mirror(stripes("active", NEXT.minusSeconds(9), false), plan, NOON, NOON);
        assertThat(row.term().endsAt()).isEqualTo(NEXT.minusSeconds(9));
        assertThat(row.term().isCancelAtPeriodEnd()).isFalse();

        row.mirror(stripes("active", null, true), plan, NOON.plusSeconds(1), NOON);
        assertThat(row.term().endsAt()).isEqualTo(NEXT);
        assertThat(row.term().isCancelAtPeriodEnd()).isTrue();
    }

    @Test
    void changesNothingForWhatIsOlder() {
        row.mirror(stripes("active", null, false), plan, NOON, NOON);

        assertThat(row.mirror(stripes("incomplete", null, false), plan, NOON.minusSeconds(1), NOON)).isFalse();
        assertThat(row.status()).isEqualTo(SubscriptionStatus.ACTIVE);
        assertThat(row.term().isAsOldAs(NOON.plusMillis(300))).isTrue();
        assertThat(row.term().isAsOldAs(NOON.plusSeconds(1))).isFalse();
        assertThat(row.isUndecided(NOON)).isTrue();
        assertThat(row.term().isToldSince(NOON)).isFalse();
        assertThat(row.term().isToldSince(NOON.minusMillis(1))).isTrue();
        assertThat(row.mirror(stripes("past_due", null, false), plan, NOON.plusMillis(300), NOON)).isTrue();
        assertThat(row.status()).isEqualTo(SubscriptionStatus.PAST_DUE);
    }

    @Test
    void staysEnded() {
        row.mirror(stripes("canceled", null, false), plan, NOON, NOON);

        assertThat(row.mirror(stripes("active", null, false), plan, NOON.plusSeconds(9), NOON)).isFalse();
        assertThat(row.status()).isEqualTo(SubscriptionStatus.CANCELED);
        assertThat(row.status().isFinal()).isTrue();
        assertThat(row.isUndecided(NOON)).isFalse();
    }

    @Test
    void beginsWithoutAPage() {
        Subscription direct = Subscription.requested(alice, plan, "cus_1", "price_1", SubscriptionPage.direct(14, "pm_1"),
                NOON);
        assertThat(direct.page().isDirect()).isTrue();
        assertThat(direct.page().method()).isEqualTo("pm_1");
        assertThat(direct.page().trialDays()).isEqualTo(14);
        assertThat(direct.page().attempt()).isEqualTo(1);
        assertThat(direct.page().expiresAt()).isNull();
        assertThat(direct.checkAt()).isEqualTo(NOON.plusSeconds(300));
        assertThat(direct.isBegunWith(plan)).isTrue();
        assertThat(row.isBegunWith(plan)).as("it has a page").isFalse();

        direct.page().payWith("pm_2");
        assertThat(direct.page().method()).isEqualTo("pm_2");
        assertThat(direct.page().again().isDirect()).isTrue();
        assertThat(direct.page().again().method()).isNull();
        assertThat(direct.page().again().attempt()).isEqualTo(1);
        direct.mirror(stripes("incomplete", null), plan, NOON, NOON);
        assertThat(direct.isBegunWith(plan)).isTrue();
        assertThat(direct.term().latestInvoice()).isEqualTo("in_1");
        direct.mirror(stripes("active", null), plan, NOON.plusSeconds(1), NOON);
        assertThat(direct.isBegunWith(plan)).isFalse();
    }

    @Test
    void isOverUnlessStripeHasIt() {
        row.over(SubscriptionStatus.EXPIRED);
        assertThat(row.status()).isEqualTo(SubscriptionStatus.EXPIRED);
        assertThat(row.checkAt()).isNull();
        row.over(SubscriptionStatus.REFUSED);
        assertThat(row.status()).isEqualTo(SubscriptionStatus.EXPIRED);

        row.mirror(stripes("active", null, false), plan, NOON, NOON);
        row.over(SubscriptionStatus.EXPIRED);
        assertThat(row.status()).isEqualTo(SubscriptionStatus.ACTIVE);
    }

    @Test
    void givesWayUntilItsPageIsClosed() {
        row.giveWay(NOON);
        assertThat(row.status()).isEqualTo(SubscriptionStatus.EXPIRED);
        assertThat(row.checkAt()).isEqualTo(NOON);

        row.closed();
        assertThat(row.checkAt()).isNull();
    }

    @Test
    void isCancelledWhereItIsOneTooMany() {
        row.exceeds(NOON);
        row.mirror(stripes("active", null, false), plan, NOON, NOON);
        row.closed();
        assertThat(row.isSurplus()).isTrue();
        assertThat(row.checkAt()).isEqualTo(NOON);

        row.mirror(stripes("canceled", null, false), plan, NOON.plusSeconds(1), NOON);
        assertThat(row.checkAt()).isNull();
    }

    @Test
    void entitlesInATrialWhilePaidAndForAWhileAfterARefusal() {
        Instant weekAgo = NOON.minusSeconds(7 * 24 * 3600);
        assertThat(row.entitles(weekAgo)).isFalse();
        row.mirror(stripes("trialing", null, false), plan, NOON, NOON);
        assertThat(row.entitles(weekAgo)).isTrue();
        row.mirror(stripes("active", null, false), plan, NOON.plusSeconds(1), NOON);
        assertThat(row.entitles(weekAgo)).isTrue();

        row.mirror(stripes("past_due", null, false), plan, NOON.plusSeconds(2), NOON);
        row.mirror(stripes("past_due", null, false), plan, NOON.plusSeconds(9), NOON);
        assertThat(row.entitles(NOON.plusSeconds(2))).isTrue();
        assertThat(row.entitles(NOON.plusSeconds(3))).isFalse();
        row.mirror(stripes("active", null, false), plan, NOON.plusSeconds(10), NOON);
        row.mirror(stripes("past_due", null, false), plan, NOON.plusSeconds(11), NOON);
        assertThat(row.entitles(NOON.plusSeconds(11))).as("another refusal").isTrue();
        for (String status : List.of("unpaid", "paused", "incomplete", "canceled")) {
            row.mirror(stripes(status, null, false), plan, NOON.plusSeconds(12), NOON);
            assertThat(row.entitles(weekAgo)).as(status).isFalse();
        }
    }

    /** Stripe says so a little later, and its webhook later still. */
    @Test
    void entitlesNoMoreFromItsEndOn() {
        Duration week = Duration.ofDays(7);
        row.mirror(stripes("active", NEXT.minusSeconds(9), false), plan, NOON, NOON);
        assertThat(row.entitles(NEXT.minusSeconds(10), week)).isTrue();
        assertThat(row.entitles(NEXT.minusSeconds(9), week)).isFalse();
        row.mirror(stripes("active", null, true), plan, NOON.plusSeconds(1), NOON);
        assertThat(row.entitles(NEXT.minusNanos(1), week)).isTrue();
        assertThat(row.entitles(NEXT, week)).isFalse();
        row.mirror(stripes("active", null, false), plan, NOON.plusSeconds(2), NOON);
        assertThat(row.entitles(NEXT.plusSeconds(1), week)).as("is being renewed").isTrue();

        row.mirror(stripes("past_due", null, false), plan, NOON.plusSeconds(3), NOON);
        assertThat(row.entitles(NOON.plusSeconds(3).plus(week), week)).isTrue();
        assertThat(row.entitles(NOON.plusSeconds(3).plus(week).plusNanos(1), week)).isFalse();
    }

    @Test
    void hasARowForEachThatStripeMade() {
        row.mirror(stripes("active", null, false), plan, NOON, NOON);

        Subscription second = row.second(stripes("active", null, false), NOON.plusSeconds(5));

        assertThat(second.id()).isNotEqualTo(row.id());
        assertThat(second.userId()).isEqualTo(alice);
        assertThat(second.price().planId()).isEqualTo(plan.id());
        assertThat(second.stripeId()).isEqualTo("sub_1");
        assertThat(second.customerId()).isEqualTo("cus_1");
        assertThat(second.status().isAtStripe()).isFalse();
        assertThat(second.createdAt()).isEqualTo(NOON.plusSeconds(5));
        assertThat(second.page().stripeId()).isNull();
    }

    @Test
    void isMadeAnewFromStripesAfterItWasLost() {
        UUID id = UUID.randomUUID();

        Subscription lost = Subscription.lost(id, alice, plan, stripes("active", null), NOON);

        assertThat(lost.id()).isEqualTo(id);
        assertThat(lost.userId()).isEqualTo(alice);
        assertThat(lost.price().planId()).isEqualTo(plan.id());
        assertThat(lost.customerId()).isEqualTo("cus_1");
        assertThat(lost.price().id()).isEqualTo("price_9");
        assertThat(lost.stripeId()).isEqualTo("sub_1");
        assertThat(lost.status().isAtStripe()).isFalse();
        lost.mirror(stripes("active", null), plan, NOON, NOON);
        assertThat(lost.status()).isEqualTo(SubscriptionStatus.ACTIVE);
    }

    @Test
    void knowsStripesStates() {
        assertThat(SubscriptionStatus.stripes("incomplete_expired")).isEqualTo(SubscriptionStatus.INCOMPLETE_EXPIRED);
        assertThatThrownBy(() -> SubscriptionStatus.stripes("requested")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> SubscriptionStatus.stripes("dormant")).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("dormant");
        assertThat(SubscriptionStatus.LIVE).allMatch(SubscriptionStatus::isLive).noneMatch(SubscriptionStatus::isFinal);
        assertThat(SubscriptionStatus.CANCELED.isLive()).isFalse();
    }

    /** The method that Stripe's page leaves on it is to be cleared, until an end comes first. */
    @Test
    void isDueWhileItHasAMethodOfItsOwn() {
        row.mirror(stripes("active", "pm_1"), plan, NOON, NOON);
        assertThat(row.term().ownMethod()).isEqualTo("pm_1");
        assertThat(row.checkAt()).isEqualTo(NOON);

        row.mirror(stripes("active", null), plan, NOON.plusSeconds(1), NOON);
        assertThat(row.term().ownMethod()).isNull();
        assertThat(row.checkAt()).isAfter(NOON);

        row.mirror(stripes("canceled", "pm_1"), plan, NOON.plusSeconds(2), NOON);
        assertThat(row.term().ownMethod()).isNull();
        assertThat(row.checkAt()).isNull();
    }

    /** An event tells within a day, or Stripe is asked. */
    @Test
    void isReadADayAfterItsNextTurn() {
        Instant later = NEXT.plusSeconds(100);
        row.mirror(stripes("trialing", null, false), plan, NOON, NOON);
        assertThat(row.checkAt()).as("renewal").isEqualTo(NEXT.plus(DAY));
        row.mirror(stripes("active", NEXT.minusSeconds(9), false), plan, NOON.plusSeconds(1), NOON);
        assertThat(row.checkAt()).as("end").isEqualTo(NEXT.minusSeconds(9).plus(DAY));
        row.mirror(stripes("active", null, false), plan, NOON.plusSeconds(2), later);
        assertThat(row.checkAt()).as("nothing new").isEqualTo(later.plus(DAY));
        row.mirror(stripes("past_due", null, false), plan, NOON.plusSeconds(3), NOON);
        assertThat(row.checkAt()).as("waits for money").isEqualTo(NOON.plus(DAY));
        row.mirror(stripes("canceled", null, false), plan, NOON.plusSeconds(4), NOON);
        assertThat(row.checkAt()).isNull();
    }

    @Test
    void wantsOneChangeAtATime() {
        row.mirror(stripes("active", null), plan, NOON, NOON);

        PlanChange wanted = row.want("price_2", NOON, true, NOON.plusSeconds(5));
        assertThat(wanted.isTo("price_2", NOON)).isTrue();
        assertThat(wanted.isTo("price_3", NOON)).isFalse();
        assertThat(wanted.isTo("price_2", NEXT)).isFalse();
        assertThat(wanted.attempt()).isEqualTo(2);
        assertThat(wanted.isEndOfTrial()).isTrue();
        assertThat(new PlanChange("price_2", NOON, 2, null).isEndOfTrial()).isFalse();
        assertThat(row.page().attempt()).isEqualTo(2);
        assertThat(row.checkAt()).isEqualTo(NOON.plusSeconds(125));
        assertThat(row.want("price_3", NOON, false, NOON)).isEqualTo(wanted);

        row.price().nextAttempt(2);
        row.price().nextAttempt(2);
        assertThat(row.price().wanted()).isEqualTo(new PlanChange("price_2", NOON, 3, true));
        row.mirror(stripes("active", null), plan, NOON.plusSeconds(1), NOON);
        assertThat(row.checkAt()).isEqualTo(NOON.plusSeconds(125));
        row.changed(new PlanChange("price_3", NOON, 3, true), NOON);
        row.changed(new PlanChange("price_2", NEXT, 3, true), NOON);
        assertThat(row.price().wanted()).isEqualTo(new PlanChange("price_2", NOON, 3, true));
        row.changed(wanted, NOON);
        row.price().nextAttempt(3);
        assertThat(row.price().wanted()).isNull();
        assertThat(row.checkAt()).isAfter(NOON.plusSeconds(125));

        row.want("price_2", NOON, false, NOON);
        row.mirror(stripes("canceled", null), plan, NOON.plusSeconds(2), NOON);
        assertThat(row.price().wanted()).isNull();
        assertThat(row.checkAt()).isNull();
    }

    @Test
    void knowsSinceWhenItHasItsPrice() {
        assertThat(row.price().isNewerThan(NOON)).isFalse();

        row.mirror(stripes("active", null), plan, NOON.plusMillis(300), NOON);

        assertThat(row.price().isNewerThan(NOON.minusSeconds(1))).isTrue();
        assertThat(row.price().isNewerThan(NOON)).isTrue();
        assertThat(row.price().isNewerThan(NOON.plusSeconds(1))).isFalse();
        assertThat(row.productId()).isEqualTo(plan.productId());
    }

    @Test
    void clearsItsOwnMethodAfterAChange() {
        row.mirror(stripes("active", "pm_1"), plan, NOON, NOON);

        row.changed(row.want("price_2", NOON, false, NOON), NOON.plusSeconds(9));

        assertThat(row.checkAt()).isEqualTo(NOON.plusSeconds(9));
    }

    @Test
    void trustsAPreviewForTenMinutes() {
        assertThat(PlanChange.isValid(NOON, NOON)).isTrue();
        assertThat(PlanChange.isValid(NOON, NOON.plusSeconds(600))).isTrue();
        assertThat(PlanChange.isValid(NOON, NOON.plusSeconds(601))).isFalse();
        assertThat(PlanChange.isValid(NOON.plusSeconds(1), NOON)).isFalse();
        assertThat(PlanChange.validUntil(NOON)).isEqualTo(NOON.plusSeconds(600));
    }

    private static StripeSubscription stripes(String status, @Nullable Instant cancelAt, boolean atPeriodEnd) {
        return stripes(status, cancelAt, atPeriodEnd, null);
    }

    private static StripeSubscription stripes(String status, @Nullable String method) {
        return stripes(status, null, false, method);
    }

    private static StripeSubscription stripes(String status, @Nullable Instant cancelAt, boolean atPeriodEnd,
            @Nullable String method) {
        return new StripeSubscription("sub_1", status, "cus_1", "si_1", "price_9", method, NOON, NEXT, cancelAt, atPeriodEnd,
                null, null, null,
                status.equals("trialing") ? NOON : null, status.equals("trialing") ? NEXT : null, null, null, null, false,
                "in_1", Map.of(), NOON);
    }
}
