package io.coachpay.coach;

import java.time.Duration;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The platform's side of Stripe Connect. */
@ConfigMapping(prefix = "coachpay.connect")
interface ConnectSettings {

    /** Where the platform's own Stripe account is, two letters. */
    @WithDefault("US")
    String platformCountry();

    /** What the addresses to come back to are signed with; without one it follows from Stripe's secret key. */
    Optional<String> stateKey();

    /**
     * Where Stripe sends a coach whose onboarding link was used up or had expired: where the client, which knows the coach,
     * asks for another.
     */
    String refreshUrl();

    /** How long after leaving for Stripe a browser is still known when it comes back. */
    @WithDefault("1H")
    Duration stateLasts();
}
