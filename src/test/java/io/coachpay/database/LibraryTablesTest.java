package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;

/** Tables whose shape a library decides: each library finds what it wants, with the service's rights. */
class LibraryTablesTest {

    @Test
    void holdsJobs() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        var job = Tasks.oneTime("try-" + UUID.randomUUID()).execute((instance, context) -> done.countDown());
        Scheduler scheduler = Scheduler.create(service(), job).pollUsingLockAndFetch(0.5, 2)
                .pollingInterval(Duration.ofMillis(50)).enablePriority().build();
        scheduler.start();
        try {
            scheduler.schedule(job.instance("once"), Instant.EPOCH);

            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            scheduler.stop();
        }
    }

    @Test
    void holdsRateLimits() {
        var limits = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(service())
                .table("rate_limit_buckets").idColumn("id").stateColumn("state").expiresAtColumn("expires_at")
                .primaryKeyMapper(PrimaryKeyMapper.STRING)
                .expirationAfterWrite(ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ZERO)).build();
        var two = BucketConfiguration.builder()
                .addLimit(Bandwidth.builder().capacity(2).refillIntervally(2, Duration.ofHours(1)).build()).build();
        var bucket = limits.builder().build("user-" + UUID.randomUUID(), () -> two);

        assertThat(bucket.tryConsume(2)).isTrue();
        assertThat(bucket.tryConsume(1)).isFalse();
        limits.removeExpired(10);
    }

    private static DataSource service() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(Database.server().jdbcUrl());
        source.setUser(Database.server().application().user());
        source.setPassword(Database.server().application().password());
        source.setOptions("-c role=app_service");
        return source;
    }
}
