package io.coachpay.job;

/**
 * How often an account is looked at on which others may have done something. Where something has happened lately that is
 * hourly, later daily, and weekly in the end: events tell of it at once, and whoever sleeps costs next to nothing.
 */
public final class Rhythm {

    private Rhythm() {
    }

    /**
     * The moment of the next look, in SQL.
     *
     * @param moved an expression for when something last happened
     * @param now an expression for this moment
     */
    public static String next(String moved, String now) {
        return "(%2$s + case when %1$s > %2$s - interval '2 days' then interval '1 hour' when %1$s > %2$s - interval '30 days' then interval '1 day' else interval '7 days' end)"
                .formatted(moved, now);
    }
}
