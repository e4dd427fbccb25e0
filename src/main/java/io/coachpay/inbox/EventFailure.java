package io.coachpay.inbox;

import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;

/** Describes a failure for readers of the inbox: enough to find it, and nobody's secrets or data. */
final class EventFailure {

    private static final int LONGEST = 500;
    private static final int DEEPEST = 20;
    private static final Pattern CONFIDENTIAL = Pattern.compile("""
            (sk|rk|pk)_(live|test)_\\w+\
            |whsec_\\w+\
            |\\w+_secret_\\w+\
            |https?://\\S+\
            |[\\w.+-]+@[\\w-]+\\.[\\w.]+\
            |\\b\\d(?:[ -]?\\d){11,18}\\b""");
    /** Two database transactions conflicted; one of them may simply begin again. */
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

    private EventFailure() {
    }

    /** The failure and what caused it, in one line. */
    static String text(Throwable failure) {
        Throwable root = root(failure);
        String text = describe(failure);
        if (root != failure) {
            text += " ← " + describe(root);
        }
        return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    }

    /** The failure for the log: where it happened, and of its messages only those that {@link #text} shows. */
    static Throwable told(Throwable failure) {
        Throwable told = new Throwable(text(failure));
        told.setStackTrace(root(failure).getStackTrace());
        return told;
    }

    /** Whether the database rolled this database transaction back in favour of another. */
    static boolean isConflict(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof SQLException refused && CONFLICTS.contains(String.valueOf(refused.getSQLState()))) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; depth < DEEPEST; depth++) {
            Throwable cause = root.getCause();
            if (cause == null) {
                return root;
            }
            root = cause;
        }
        return root;
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage();
        if (message == null) {
            return failure.getClass().getSimpleName();
        }
        // PostgreSQL's second line would quote the row.
        String line = message.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", " ");
        return failure.getClass().getSimpleName() + ": " + CONFIDENTIAL.matcher(line).replaceAll("…");
    }
}
