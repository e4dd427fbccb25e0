package io.coachpay.access;

import java.util.function.Supplier;

import jakarta.enterprise.inject.Vetoed;

import org.jspecify.annotations.Nullable;

import io.quarkus.security.identity.SecurityIdentity;

/** Access whose work as the service joins the database transaction that a test has open, and sees the test's rows. */
@Vetoed
public class JoiningAccess extends Access {

    public JoiningAccess(SecurityIdentity caller) {
        super(caller);
    }

    @Override
    public <T extends @Nullable Object> T asService(Supplier<T> work) {
        return work.get();
    }
}
