package io.coachpay.job;

import java.util.function.IntSupplier;

/** Work on so many rows that no statement should touch all of them: in rounds, each a statement and a commit of its own. */
public final class Rounds {

    /** How many rows one round touches at most. */
    public static final int AT_ONCE = 1000;

    private Rounds() {
    }

    /**
     * Goes on until a round finds less than it could take. What it looks for must not grow meanwhile, such as what is older
     * than the beginning of the run: then that is the end.
     *
     * @param round touches {@link #AT_ONCE} rows at most, and answers how many
     * @return how many rows in all
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
