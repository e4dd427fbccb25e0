package io.coachpay.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the database. */
@ConfigMapping(prefix = "coachpay.database")
interface DatabaseSettings {

    /** Connections that each of the two pools of an instance has at most. */
    @WithDefault("20")
    int connections();

    /** Whether a start migrates the schema, as its owner; otherwise it only checks that the schema is up to date. */
    @WithDefault("true")
    boolean migrateAtStart();
}
