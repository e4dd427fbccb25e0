package io.coachpay.http;

import java.util.UUID;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

import io.coachpay.access.Access;

/** Allows each user so many requests of a kind a minute, and refuses the rest until later (429, with {@code Retry-After}). */
abstract class RateLimit implements ContainerRequestFilter {

    private final Access access;
    private final RateLimits limits;

    RateLimit(Access access, RateLimits limits) {
        this.access = access;
        this.limits = limits;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        long seconds = secondsToWait(limits, access.userId());
        if (seconds > 0) {
            throw new TooMany(seconds);
        }
    }

    /** Counts one request; 0 when it may proceed. */
    abstract long secondsToWait(RateLimits limits, UUID person);

    /** Limits requests that move money. */
    @Provider
    @MoneyMoving
    @Priority(Priorities.AUTHORIZATION + 1)
    static class OfMoney extends RateLimit {

        OfMoney(Access access, RateLimits limits) {
            super(access, limits);
        }

        @Override
        long secondsToWait(RateLimits limits, UUID person) {
            return limits.secondsToWaitForMoney(person);
        }
    }

    /** Limits requests that ask Stripe. */
    @Provider
    @AsksStripe
    @Priority(Priorities.AUTHORIZATION + 1)
    static class OfAsking extends RateLimit {

        OfAsking(Access access, RateLimits limits) {
            super(access, limits);
        }

        @Override
        long secondsToWait(RateLimits limits, UUID person) {
            return limits.secondsToWaitForStripe(person);
        }
    }

    private static final class TooMany extends Refused {
        TooMany(long seconds) {
            super("too-many-requests", 429, "Too many requests",
                    "Wait " + seconds + " seconds before the next request of this kind");
            with("retryAfter", seconds);
        }
    }
}
