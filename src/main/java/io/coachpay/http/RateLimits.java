package io.coachpay.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.distributed.proxy.ProxyManager;

/** Counts requests, for all instances of the service together. */
@ApplicationScoped
class RateLimits {

    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final ProxyManager<String> buckets;
    private final BucketConfiguration limit;

    RateLimits(ProxyManager<String> buckets, HttpSettings settings) {
        this.buckets = buckets;
        this.limit = BucketConfiguration.builder()
                .addLimit(bandwidth -> bandwidth.capacity(settings.moneyMovingPerMinute())
                        .refillGreedy(settings.moneyMovingPerMinute(), PERIOD))
                .build();
    }

    /** Counts one request; 0 when it may go on, else how many seconds the next one has to wait. */
    long secondsToWait(String bucket) {
        ConsumptionProbe probe = buckets.builder().build(bucket, () -> limit).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? 0 : TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()) + 1;
    }
}
