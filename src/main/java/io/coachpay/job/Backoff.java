package io.coachpay.job;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Growing pauses between retries: pause n is first × factor^(n − 1), at most the longest. With 1 s, factor 3 and at most 16 h:
 * 1 s, 3 s, 9 s, …
 */
public record Backoff(Duration first, int factor, Duration longest) {

    /** Pauses that double. */
    public static Backoff doubling(Duration first, Duration longest) {
        return new Backoff(first, 2, longest);
    }

    /** @param times failures so far; the first pause for less than one too */
    public Duration after(int times) {
        double pause = first.toMillis() * Math.pow(factor, Math.max(times - 1.0, 0));
        return pause < longest.toMillis() ? Duration.ofMillis((long) pause) : longest;
    }

    /** The same pause, give or take a tenth, so that work that failed together is not retried together. */
    public Duration after(int times, RandomGenerator random) {
        return Duration.ofMillis((long) (after(times).toMillis() * (0.9 + 0.2 * random.nextDouble())));
    }
}
