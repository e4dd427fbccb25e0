package io.coachpay.http;

import java.time.Duration;

import javax.sql.DataSource;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;

/** Keeps rate limits in the database, for all instances of the service together. They follow the wall clock. */
class Buckets {

    /** The longest time that a full bucket is kept. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    @Produces
    @Singleton
    ProxyManager<String> buckets(@io.quarkus.agroal.DataSource("service") DataSource database) {
        return Bucket4jPostgreSQL.selectForUpdateBasedBuilder(database)
                .table("rate_limit_buckets")
                .idColumn("id")
                .stateColumn("state")
                .expiresAtColumn("expires_at")
                .primaryKeyMapper(PrimaryKeyMapper.STRING)
                .expirationAfterWrite(ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT))
                .build();
    }
}
