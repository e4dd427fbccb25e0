package io.coachpay.access;

import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Names the constraint of the database that a statement violated. */
public final class Constraints {

    private Constraints() {
    }

    /** Whether the exception was caused by a violation of this constraint, by its name in the schema. */
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
