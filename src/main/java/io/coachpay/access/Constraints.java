package io.coachpay.access;

import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Which rule of the database a statement broke. */
public final class Constraints {

    private Constraints() {
    }

    /** Whether what was thrown says that this constraint, by its name in the schema, was broken. */
    public static boolean violated(Throwable thrown, String constraint) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof PSQLException refused) {
                ServerErrorMessage message = refused.getServerErrorMessage();
                return message != null && constraint.equals(message.getConstraint());
            }
        }
        return false;
    }
}
