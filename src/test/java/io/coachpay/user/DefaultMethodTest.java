package io.coachpay.user;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DefaultMethodTest {

    private final DefaultMethod method = new DefaultMethod();

    @Test
    void keepsTheLatestWish() {
        method.want("pm_1");
        method.want("pm_2");
        method.taken("pm_1");

        assertThat(method.wanted()).isEqualTo("pm_2");

        method.taken("pm_2");

        assertThat(method.wanted()).isNull();
    }

    @Test
    void countsAnotherKeyForEachWishAndTheSameForARepeatedOne() {
        method.want("pm_1");
        int first = method.attempt();
        method.want("pm_1");
        assertThat(method.attempt()).isEqualTo(first);

        method.want("pm_2");
        assertThat(method.attempt()).isEqualTo(first + 1);
        method.nextAttempt(first);
        assertThat(method.attempt()).isEqualTo(first + 1);
        method.nextAttempt(first + 1);
        assertThat(method.attempt()).isEqualTo(first + 2);
    }

    @Test
    void givesWayToADefaultAndToAWish() {
        method.mirror("pm_1");
        method.wantIfNone("pm_2");
        assertThat(method.wanted()).isNull();

        method.mirror(null);
        method.want("pm_3");
        method.wantIfNone("pm_2");
        assertThat(method.wanted()).isEqualTo("pm_3");
        assertThat(method.isIfNone()).isFalse();
    }

    @Test
    void becomesThePersonsWishWhenThePersonWantsTheSame() {
        method.wantIfNone("pm_1");
        assertThat(method.isIfNone()).isTrue();

        method.want("pm_1");

        assertThat(method.isIfNone()).isFalse();
    }

    @Test
    void dropsAWishThatStripeDoesNotTake() {
        method.want("pm_1");
        int refused = method.attempt();

        method.drop("pm_2");
        assertThat(method.wanted()).isEqualTo("pm_1");
        method.drop("pm_1");

        assertThat(method.wanted()).isNull();
        assertThat(method.attempt()).isEqualTo(refused + 1);
    }

    @Test
    void givesWayOnlyWithAWishThatIsNotThePersons() {
        method.want("pm_1");
        method.giveWay();
        assertThat(method.wanted()).isEqualTo("pm_1");

        method.drop("pm_1");
        method.wantIfNone("pm_2");
        method.giveWay();
        assertThat(method.wanted()).isNull();
    }

    @Test
    void forgetsAllWhenTheCustomerIsGone() {
        method.mirror("pm_1");
        method.wantIfNone("pm_2");
        method.want("pm_2");

        method.clear();

        assertThat(method.known()).isNull();
        assertThat(method.wanted()).isNull();
    }
}
