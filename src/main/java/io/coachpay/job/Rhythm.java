package io.coachpay.job;

/**
 * Schedules the next look at an account that others may have changed: hourly after a recent movement, then daily, in the end
 * weekly. Events report movements at once, and an account at rest costs next to nothing.
 */
public final class Rhythm {

    private Rhythm() {
    }

    /**
     * The moment of the next look, in SQL.
     *
     * @param moved an expression for the last movement
     * @param now an expression for this moment
     */
    public static String next(String moved, String now) {
        return "(%2$s + case when %1$s > %2$s - interval '2 days' then interval '1 hour' when %1$s > %2$s - interval '30 days' then interval '1 day' else interval '7 days' end)"
                .formatted(moved, now);
    }
}
