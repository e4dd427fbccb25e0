package io.coachpay.coach;

import java.time.Duration;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The platform's side of Stripe Connect. */
@ConfigMapping(prefix = "coachpay.connect")
interface ConnectSettings {

    /** The country of the platform's own Stripe account, two letters. */
    @WithDefault("US")
    String platformCountry();

    /** The key that signs return addresses; if absent, it is derived from Stripe's secret key. */
    Optional<String> stateKey();

    /**
     * The page of the client to which Stripe sends a coach whose onboarding link was used up or had expired. The client knows
     * the coach, and asks for another link.
     */
    String refreshUrl();

    /** The time in which a browser that left for Stripe is still known when it comes back. */
    @WithDefault("1H")
    Duration stateLasts();
}
