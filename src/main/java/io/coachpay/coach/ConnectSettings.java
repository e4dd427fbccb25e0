package io.coachpay.coach;

import java.time.Duration;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How coaches come back from Stripe's onboarding. */
@ConfigMapping(prefix = "coachpay.connect")
interface ConnectSettings {

    /** What the addresses to come back to are signed with; without one it follows from Stripe's secret key. */
    Optional<String> stateKey();

    /** How long after leaving for Stripe a browser is still known when it comes back. */
    @WithDefault("1H")
    Duration stateLasts();

    /** The country of the platform's own Stripe account, two letters; charges for coaches elsewhere settle in theirs. */
    @WithDefault("US")
    String platformCountry();
}
