package io.coachpay.coach;

import java.time.Instant;
import java.util.UUID;

/** A connected account without a database, for tests of what refers to one. */
public final class SomeAccount {

    private SomeAccount() {
    }

    /** A new account without an answer of Stripe's. */
    public static ConnectedAccount of(UUID coach) {
        return new ConnectedAccount(coach, "US", BusinessType.INDIVIDUAL, Instant.parse("2030-05-06T09:00:00Z"));
    }
}
