package io.coachpay.access;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Tells failures of the database from failures of a statement: no connection could be had, or the one in use was lost. The same
 * request may succeed a moment later.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL: error codes</a>
 */
public final class DatabaseAway {

    /** The pool's message when all its connections were in use for too long; it gives no code. */
    private static final String EXHAUSTED = "acquisition timeout";

    private DatabaseAway() {
    }

    /**
     * Whether the exception was caused by the database being away; a failed commit has that among its suppressed exceptions.
     */
    public static boolean isBehind(Throwable thrown) {
        return isBehind(thrown, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /** A suppressed exception may be caused by the one that suppresses it, so each is looked at once. */
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
