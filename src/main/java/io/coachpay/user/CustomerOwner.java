package io.coachpay.user;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** The owner of a customer, and of its payment methods: a person or a company. Exactly one of the two is set. */
public record CustomerOwner(@Nullable UUID userId, @Nullable UUID organizationId) {

    public CustomerOwner {
        if ((userId == null) == (organizationId == null)) {
            throw new IllegalArgumentException("A customer has one owner");
        }
    }

    /** A person. */
    public static CustomerOwner person(UUID userId) {
        return new CustomerOwner(userId, null);
    }

    @Override
    public String toString() {
        return userId != null ? "user " + userId : "organization " + organizationId;
    }
}
