package io.coachpay.database;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.SQLException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.postgresql.util.PSQLException;

/** A refusal by the database: by the name of a constraint, or because the right is missing. */
final class Refusal {

    static final String MISSING_RIGHT = "42501";
    static final String DUPLICATE = "23505";
    static final String MISSING_PARENT = "23503";

    private Refusal() {
    }

    /** The name of the constraint that refused. */
    static String constraint(ThrowingCallable attempt) {
        PSQLException refusal = catchThrowableOfType(PSQLException.class, attempt);
        if (refusal == null || refusal.getServerErrorMessage() == null) {
            return "allowed";
        }
        String constraint = refusal.getServerErrorMessage().getConstraint();
        return constraint == null ? String.valueOf(refusal.getMessage()) : constraint;
    }

    /** The SQLSTATE of the refusal. */
    static String state(ThrowingCallable attempt) {
        SQLException refusal = catchThrowableOfType(SQLException.class, attempt);
        return refusal == null ? "allowed" : String.valueOf(refusal.getSQLState());
    }
}
