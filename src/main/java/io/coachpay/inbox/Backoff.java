package io.coachpay.inbox;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a failed event is left alone: each pause is three times the one before, up to a longest one, give or take a tenth,
 * so that what failed together is not tried together.
 */
record Backoff(Duration first, Duration longest) {

    private static final int FACTOR = 3;

    /** @param attempt the number of the attempt that failed, from 1 */
    Duration after(int attempt, RandomGenerator random) {
        double pause = first.toMillis() * Math.pow(FACTOR, attempt - 1.0);
        double jitter = 0.9 + 0.2 * random.nextDouble();
        return Duration.ofMillis((long) (Math.min(pause, longest.toMillis()) * jitter));
    }
}
