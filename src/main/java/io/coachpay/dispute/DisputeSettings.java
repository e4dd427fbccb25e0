package io.coachpay.dispute;

import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of disputes. */
@ConfigMapping(prefix = "coachpay.dispute")
interface DisputeSettings {

    /** Whether the coach's share of disputed money is taken back from the coach; otherwise the platform bears all of it. */
    @WithDefault("true")
    boolean recoverFromCoach();

    /** The time that evidence is kept after its dispute has ended. */
    @WithDefault("180D")
    Duration evidenceKept();
}
