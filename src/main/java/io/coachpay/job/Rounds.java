package io.coachpay.job;

import java.util.function.IntSupplier;

/** Works on more rows than one statement should touch: in rounds, each a statement and a commit of its own. */
public final class Rounds {

    /** Rows that one round touches at most. */
    public static final int AT_ONCE = 1000;

    private Rounds() {
    }

    /**
     * Runs rounds until one finds less than it could take. The rows it looks for must not grow meanwhile: those older than the
     * beginning of the run do not.
     *
     * @param round touches {@link #AT_ONCE} rows at most, and answers how many
     * @return the number of rows in all
     */
    public static long run(IntSupplier round) {
        long all = 0;
        int some;
        do {
            some = round.getAsInt();
            all += some;
        } while (some >= AT_ONCE);
        return all;
    }
}
