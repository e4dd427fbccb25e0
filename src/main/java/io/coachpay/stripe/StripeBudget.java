package io.coachpay.stripe;

import java.time.Duration;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import io.coachpay.job.Background;
import io.github.bucket4j.BlockingBucket;
import io.github.bucket4j.BlockingStrategy;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketExceptions.BucketExecutionException;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * Limits the calls of jobs and events, all instances of the service together. Calls that a person waits for take nothing from
 * the budget and never wait: the rest of Stripe's limit is theirs, see
 * <a href="https://docs.stripe.com/rate-limits">docs.stripe.com/rate-limits</a>.
 * <p>
 * Each call takes its token in the database, which costs a few milliseconds where Stripe takes hundreds. A stock of tokens on
 * each instance would save them, but let the instances together exceed the limit by their stocks. A call that finds no token
 * reserves the next one and waits for it, so no call is overtaken forever.
 */
@Singleton
class StripeBudget {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    /** A full bucket lets this part of a second's calls go at once, so that no second sees many more than the limit. */
    private static final int BURST = 4;

    private final @Nullable BlockingBucket bucket;
    private final BlockingStrategy waiting;
    private final MeterRegistry meters;

    @Inject
    StripeBudget(ProxyManager<String> buckets, StripeSettings settings, MeterRegistry meters) {
        this(buckets, "stripe", settings.backgroundCallsPerSecond(), BlockingStrategy.PARKING, meters);
    }

    StripeBudget(ProxyManager<String> buckets, String name, int perSecond, BlockingStrategy waiting, MeterRegistry meters) {
        // A bucket keeps the limit it was made with; under another name a changed setting begins with a new one.
        this.bucket = perSecond == 0 ? null
                : buckets.builder().build(name + ":" + perSecond, () -> limit(perSecond))
                        .asBlocking();
        this.waiting = waiting;
        this.meters = meters;
    }

    private static BucketConfiguration limit(int perSecond) {
        return BucketConfiguration.builder().addLimit(bandwidth -> bandwidth.capacity(Math.max(1, perSecond / BURST))
                .refillGreedy(1, Duration.ofSeconds(1).dividedBy(perSecond))).build();
    }

    /**
     * Waits until this thread may call Stripe.
     *
     * @throws StripeRefused.RateLimited if its turn would not come soon, or the budget cannot be read
     */
    void take(String operation) {
        if (bucket == null || !Background.isOn()) {
            return;
        }
        Timer.Sample sample = Timer.start(meters);
        boolean taken = false;
        try {
            taken = bucket.tryConsume(1, LONGEST_WAIT, waiting);
            if (!taken) {
                throw refused(operation, "The budget for background calls is spent");
            }
        } catch (BucketExecutionException unreadable) {
            throw refused(operation, "The budget for background calls cannot be read");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw refused(operation, "Interrupted while waiting for the budget");
        } finally {
            sample.stop(Timer.builder("coachpay.stripe.budget.wait").description("Background calls' wait for their turn")
                    .tag("outcome", taken ? "ok" : "refused").register(meters));
        }
    }

    private static StripeRefused.RateLimited refused(String operation, String why) {
        return new StripeRefused.RateLimited(new StripeRefused.Reason(operation, 0, null, null, why), LONGEST_WAIT);
    }
}
