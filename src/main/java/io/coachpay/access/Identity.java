package io.coachpay.access;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * The identity that a database transaction runs as.
 *
 * @param role its database role
 * @param userId the person behind it; null for the service itself and for anonymous callers
 */
record Identity(Role role, @Nullable UUID userId) {

    static final Identity ANONYMOUS = new Identity(Role.USER, null);
}
