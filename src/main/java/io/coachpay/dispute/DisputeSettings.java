package io.coachpay.dispute;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Who bears a dispute. */
@ConfigMapping(prefix = "coachpay.dispute")
interface DisputeSettings {

    /** Whether the coach's share of disputed money is taken back from the coach; otherwise the platform bears all of it. */
    @WithDefault("true")
    boolean recoverFromCoach();
}
