package io.coachpay.http;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

import io.coachpay.access.Access;

/** Lets each user send so many requests that move money a minute, and refuses the rest until later. */
@Provider
@MoneyMoving
@Priority(Priorities.AUTHORIZATION + 1)
class RateLimit implements ContainerRequestFilter {

    private final Access access;
    private final RateLimits limits;

    RateLimit(Access access, RateLimits limits) {
        this.access = access;
        this.limits = limits;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        long seconds = limits.secondsToWait("money:" + access.userId());
        if (seconds > 0) {
            throw new TooMany(seconds);
        }
    }

    private static final class TooMany extends Refused {
        TooMany(long seconds) {
            super("too-many-requests", 429, "Too many requests",
                    "Wait " + seconds + " seconds before the next request that moves money");
            with("retryAfter", seconds);
        }
    }
}
