package io.coachpay;

import java.time.Clock;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

import io.quarkus.arc.DefaultBean;

/** The service's time; development and tests replace it by the sandbox's clock. */
@ApplicationScoped
class SystemClock {

    @Produces
    @DefaultBean
    Clock clock() {
        return Clock.systemUTC();
    }
}
