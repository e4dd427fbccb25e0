package io.coachpay.job;

import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of recurring work. */
@ConfigMapping(prefix = "coachpay.job")
public interface JobSettings {

    /** The pause between looks for due jobs. */
    @WithDefault("1S")
    Duration pollingInterval();

    /** The pause between runs of jobs that somebody waits for: requests that have not reached Stripe yet. */
    @WithDefault("1S")
    Duration quickInterval();

    /** The pause between signs of life of a running job; after six missed ones another instance takes it over. */
    @WithDefault("20S")
    Duration heartbeatInterval();

    /** The time that a shutdown waits for running jobs. */
    @WithDefault("10S")
    Duration shutdownWait();
}
