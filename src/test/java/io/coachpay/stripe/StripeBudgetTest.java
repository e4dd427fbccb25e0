package io.coachpay.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

import io.coachpay.ServiceTest;
import io.coachpay.job.Background;
import io.github.bucket4j.BlockingStrategy;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** One call a second, so slow that it does not matter how long the tests take; nobody waits, the waits are recorded. */
@ServiceTest
class StripeBudgetTest {

    @Inject
    ProxyManager<String> buckets;

    private final String name = "test-" + UUID.randomUUID();
    private final List<Duration> waits = new ArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void letsBackgroundCallsWaitForTheirTurnOnAllInstances() {
        StripeBudget one = instance(1);
        StripeBudget other = instance(1);

        Background.run(() -> take(one, 20));
        Background.run(() -> take(other, 1));

        assertThat(waits).hasSizeBetween(10, 20);
        assertThat(waits.get(waits.size() - 1)).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(20));
        assertThat(timed("ok")).isEqualTo(21);
    }

    @Test
    void refusesAtOnceWhenTheTurnWouldNotComeSoon() {
        StripeBudget budget = instance(1);

        StripeRefused.RateLimited refused = catchThrowableOfType(StripeRefused.RateLimited.class,
                () -> Background.run(() -> take(budget, 100)));

        assertThat(refused).hasMessageContaining("refunds.create").hasMessageContaining("spent");
        assertThat(refused.pause()).isPositive();
        assertThat(waits).allSatisfy(wait -> assertThat(wait).isLessThanOrEqualTo(Duration.ofSeconds(30)));
        assertThat(timed("refused")).isEqualTo(1);
    }

    @Test
    void neverLetsAPersonWait() {
        StripeBudget budget = instance(1);
        assertThatThrownBy(() -> Background.run(() -> take(budget, 100))).isInstanceOf(StripeRefused.RateLimited.class);
        waits.clear();

        take(budget, 100);

        assertThat(waits).isEmpty();
        Background.run(() -> assertThatThrownBy(() -> take(budget, 100)).isInstanceOf(StripeRefused.RateLimited.class));
    }

    @Test
    void isLiftedByZero() {
        Background.run(() -> take(instance(0), 100));

        assertThat(waits).isEmpty();
    }

    @Test
    void refusesWhoIsInterruptedInTheQueue() {
        StripeBudget budget = new StripeBudget(buckets, name, 1, nanos -> {
            throw new InterruptedException();
        }, meters);

        Background.run(() -> assertThatThrownBy(() -> take(budget, 100)).isInstanceOf(StripeRefused.RateLimited.class)
                .hasMessageContaining("Interrupted"));

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void refusesWhileTheDatabaseIsAway() {
        PGSimpleDataSource away = new PGSimpleDataSource();
        away.setServerNames(new String[] { "127.0.0.1" });
        away.setPortNumbers(new int[] { 1 });
        ProxyManager<String> unreadable = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(away)
                .primaryKeyMapper(PrimaryKeyMapper.STRING).build();
        StripeBudget budget = new StripeBudget(unreadable, name, 1, BlockingStrategy.PARKING, meters);

        Background.run(() -> assertThatThrownBy(() -> take(budget, 1)).isInstanceOf(StripeRefused.RateLimited.class)
                .hasMessageContaining("cannot be read"));
    }

    private StripeBudget instance(int perSecond) {
        return new StripeBudget(buckets, name, perSecond, nanos -> waits.add(Duration.ofNanos(nanos)), meters);
    }

    private static void take(StripeBudget budget, int times) {
        for (int i = 0; i < times; i++) {
            budget.take("refunds.create");
        }
    }

    private long timed(String outcome) {
        return meters.get("coachpay.stripe.budget.wait").tag("outcome", outcome).timer().count();
    }
}
