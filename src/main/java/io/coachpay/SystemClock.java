package io.coachpay;

import java.time.Clock;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

import io.quarkus.arc.DefaultBean;

/** The time everything goes by; development and tests put the sandbox's clock in its place. */
@ApplicationScoped
class SystemClock {

    @Produces
    @DefaultBean
    Clock clock() {
        return Clock.systemUTC();
    }
}
