package io.coachpay.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

import io.coachpay.access.Access;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;

/** So many requests that move money a minute for each user, counted in the database for all instances together. */
@Provider
@MoneyMoving
@Priority(Priorities.AUTHORIZATION + 1)
class RateLimit implements ContainerRequestFilter {

    private final Access access;
    private final ProxyManager<String> buckets;
    private final BucketConfiguration limit;

    RateLimit(Access access, @io.quarkus.agroal.DataSource("service") DataSource database, HttpSettings settings) {
        this.access = access;
        this.buckets = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(database)
                .table("rate_limit_buckets")
                .idColumn("id")
                .stateColumn("state")
                .expiresAtColumn("expires_at")
                .primaryKeyMapper(PrimaryKeyMapper.STRING)
                .expirationAfterWrite(ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofMinutes(1)))
                .build();
        this.limit = BucketConfiguration.builder()
                .addLimit(bandwidth -> bandwidth.capacity(settings.moneyMovingPerMinute())
                        .refillGreedy(settings.moneyMovingPerMinute(), Duration.ofMinutes(1)))
                .build();
    }

    @Override
    public void filter(ContainerRequestContext request) {
        ConsumptionProbe probe = buckets.builder().build("money:" + access.userId(), () -> limit)
                .tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            throw new TooMany(TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()) + 1);
        }
    }

    private static final class TooMany extends Refused {
        TooMany(long seconds) {
            super("too-many-requests", 429, "Too many requests",
                    "Wait " + seconds + " seconds before the next request that moves money");
            with("retryAfter", seconds);
        }
    }
}
