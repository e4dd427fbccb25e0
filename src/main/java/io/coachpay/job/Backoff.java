package io.coachpay.job;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long what went wrong is left alone: each pause is so many times the one before, up to a longest one. */
public record Backoff(Duration first, int factor, Duration longest) {

    /** Twice the one before. */
    public static Backoff doubling(Duration first, Duration longest) {
        return new Backoff(first, 2, longest);
    }

    /** @param times how often it has gone wrong; the first pause for less than once too */
    public Duration after(int times) {
        double pause = first.toMillis() * Math.pow(factor, Math.max(times - 1.0, 0));
        return pause < longest.toMillis() ? Duration.ofMillis((long) pause) : longest;
    }

    /** The same, give or take a tenth, so that what failed together is not tried together. */
    public Duration after(int times, RandomGenerator random) {
        return Duration.ofMillis((long) (after(times).toMillis() * (0.9 + 0.2 * random.nextDouble())));
    }
}
