package io.coachpay.bench;

import java.nio.file.Path;

import io.coachpay.development.Postgres;
import io.coachpay.packaged.PackagedService;

/**
 * Everything that runs while it is measured.
 *
 * @param directory for scripts and results
 * @param postmaster the process of the server
 */
record Site(Path directory, Report report, Postgres server, long postmaster, PackagedService service) {

    /** Rounds of work that the service does. */
    Rounds ofService() {
        return new Rounds(new Use(service.pid(), postmaster));
    }

    /** Rounds of work that reaches PostgreSQL without the service. */
    Rounds ofDatabase() {
        return new Rounds(new Use(postmaster));
    }
}
