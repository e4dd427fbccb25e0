package io.coachpay.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How the service and its database meet. */
@ConfigMapping(prefix = "coachpay.database")
interface DatabaseSettings {

    /** Connections that each of the two pools of an instance has at most. */
    @WithDefault("20")
    int connections();

    /** Whether a start migrates the schema, as its owner; otherwise it only looks whether that was done. */
    @WithDefault("true")
    boolean migrateAtStart();
}
