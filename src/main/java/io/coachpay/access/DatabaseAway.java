package io.coachpay.access;

import java.sql.SQLException;

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

    /** Whether that is behind what was thrown. */
    public static boolean isBehind(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException failure && says(failure)) {
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
