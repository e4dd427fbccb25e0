package io.coachpay.http;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.distributed.proxy.ProxyManager;

/** Counts each person's requests, for all instances of the service together. */
@ApplicationScoped
public class RateLimits {

    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final ProxyManager<String> buckets;
    private final BucketConfiguration money;
    private final BucketConfiguration stripe;

    RateLimits(ProxyManager<String> buckets, HttpSettings settings) {
        this.buckets = buckets;
        this.money = perMinute(settings.moneyMovingPerMinute());
        this.stripe = perMinute(settings.askingStripePerMinute());
    }

    private static BucketConfiguration perMinute(int requests) {
        return BucketConfiguration.builder()
                .addLimit(bandwidth -> bandwidth.capacity(requests).refillGreedy(requests, PERIOD)).build();
    }

    /**
     * Counts a visit to a page that asks Stripe. When it must not, the page shows the last known state. Such a page needs no
     * sign-in, so the visit counts for the person that the page is about, in a bucket apart from that person's own requests.
     */
    public boolean mayAskStripe(UUID person) {
        return secondsToWait("page:" + person, stripe) == 0;
    }

    /** Counts one request that asks Stripe; 0 when it may proceed, else the seconds that the next one has to wait. */
    long secondsToWaitForStripe(UUID person) {
        return secondsToWait("stripe:" + person, stripe);
    }

    /** Counts one request that moves money; 0 when it may proceed, else the seconds that the next one has to wait. */
    long secondsToWaitForMoney(UUID person) {
        return secondsToWait("money:" + person, money);
    }

    private long secondsToWait(String bucket, BucketConfiguration limit) {
        ConsumptionProbe probe = buckets.builder().build(bucket, () -> limit).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? 0 : TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()) + 1;
    }
}
