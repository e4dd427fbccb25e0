package io.coachpay.dispute;

import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Who bears a dispute, and how long what was said about it is kept. */
@ConfigMapping(prefix = "coachpay.dispute")
interface DisputeSettings {

    /** Whether the coach's share of disputed money is taken back from the coach; otherwise the platform bears all of it. */
    @WithDefault("true")
    boolean recoverFromCoach();

    /** How long evidence is kept after the dispute has ended. */
    @WithDefault("180D")
    Duration evidenceKept();
}
