package io.coachpay.job;

import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How recurring work is run. */
@ConfigMapping(prefix = "coachpay.job")
public interface JobSettings {

    /** How often is looked for jobs that are due. */
    @WithDefault("1S")
    Duration pollingInterval();

    /** How often those jobs run that somebody waits for: what has been asked for and is not at Stripe yet. */
    @WithDefault("1S")
    Duration quickInterval();

    /** How often a running job says that it is alive; after six times in silence another instance takes it over. */
    @WithDefault("20S")
    Duration heartbeatInterval();

    /** How long the end of the service waits for running jobs. */
    @WithDefault("10S")
    Duration shutdownWait();
}
