package io.coachpay.access;

import java.util.UUID;
import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;

import org.jspecify.annotations.Nullable;

import io.quarkus.arc.Arc;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.SecurityIdentity;

/**
 * The caller, and the identity that the next database transaction runs as.
 * <p>
 * A plain {@code @Transactional} verb runs as the caller. {@link #asService} and {@link #asAdmin} wrap the <em>begin</em> of a
 * new database transaction, so that a role never changes in the middle of one.
 */
@ApplicationScoped
public class Access {

    /** The identity's attribute that holds our id of the signed-in user. */
    public static final String USER_ID = "coachpay.user-id";
    /** The token role of administrators. */
    public static final String ADMIN = "admin";

    private static final ThreadLocal<@Nullable Identity> SWITCHED = new ThreadLocal<>();

    private final SecurityIdentity caller;

    Access(SecurityIdentity caller) {
        this.caller = caller;
    }

    /**
     * The signed-in user.
     *
     * @throws UnauthorizedException without one (401)
     */
    public UUID userId() {
        UUID userId = signedIn();
        if (userId == null) {
            throw new UnauthorizedException("Sign in first");
        }
        return userId;
    }

    /** Whether the caller's token carries the role of administrators. */
    public boolean isAdmin() {
        return Arc.container().requestContext().isActive() && caller.hasRole(ADMIN);
    }

    /** Runs the work in a new database transaction as the service. */
    public <T extends @Nullable Object> T asService(Supplier<T> work) {
        return inNewTransaction(new Identity(Role.SERVICE, null), work);
    }

    /** Runs the work in a new database transaction as the service. */
    public void runAsService(Runnable work) {
        asService(() -> {
            work.run();
            return null;
        });
    }

    /**
     * Runs the work in a new database transaction as an administrator.
     *
     * @throws ForbiddenException when the caller is not one (403)
     */
    public <T extends @Nullable Object> T asAdmin(Supplier<T> work) {
        UUID userId = userId();
        if (!isAdmin()) {
            throw new ForbiddenException("Only administrators may do this");
        }
        return inNewTransaction(new Identity(Role.ADMIN, userId), work);
    }

    /** The identity that a database transaction begun now would run as. */
    Identity current() {
        Identity switched = SWITCHED.get();
        if (switched != null) {
            return switched;
        }
        UUID userId = signedIn();
        return userId == null ? Identity.ANONYMOUS : new Identity(Role.USER, userId);
    }

    private @Nullable UUID signedIn() {
        if (!Arc.container().requestContext().isActive() || caller.isAnonymous()) {
            return null;
        }
        return caller.getAttribute(USER_ID);
    }

    private static <T extends @Nullable Object> T inNewTransaction(Identity identity, Supplier<T> work) {
        if (QuarkusTransaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
            throw new IllegalStateException("A database transaction is open already, and cannot change its identity");
        }
        Identity before = SWITCHED.get();
        SWITCHED.set(identity);
        try {
            return QuarkusTransaction.requiringNew().call(work::get);
        } finally {
            if (before == null) {
                SWITCHED.remove();
            } else {
                SWITCHED.set(before);
            }
        }
    }
}
