package io.coachpay.access;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Whether the database, rather than what was asked of it, is what failed: no connection could be had, or the one in use was
 * lost. Whoever asks again in a moment may well be answered.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL: error codes</a>
 */
public final class DatabaseAway {

    /** How the pool says that each of its connections was in use for too long; it gives no code. */
    private static final String EXHAUSTED = "acquisition timeout";

    private DatabaseAway() {
    }

    /** Whether that is behind what was thrown; a commit that failed tells of it beside its causes. */
    public static boolean isBehind(Throwable thrown) {
        return isBehind(thrown, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /** What is suppressed may have been caused by what suppresses it, so none is looked at twice. */
    private static boolean isBehind(Throwable thrown, Set<Throwable> seen) {
        for (Throwable cause = thrown; cause != null && seen.add(cause); cause = cause.getCause()) {
            if (cause instanceof SQLException failure && says(failure)
                    || Arrays.stream(cause.getSuppressed()).anyMatch(beside -> isBehind(beside, seen))) {
                return true;
            }
        }
        return false;
    }

    private static boolean says(SQLException failure) {
        String state = failure.getSQLState();
        if (state == null) {
            return String.valueOf(failure.getMessage()).contains(EXHAUSTED);
        }
        // No connection; shutting down, crashed or starting; out of connections, memory or disk.
        return state.startsWith("08") || state.startsWith("57P0") || state.startsWith("53");
    }
}
