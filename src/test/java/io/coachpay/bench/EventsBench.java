package io.coachpay.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

import io.coachpay.development.Postgres;
import io.coachpay.packaged.Issuer;
import io.coachpay.packaged.PackagedService;
import io.coachpay.sandbox.Options;
import io.coachpay.sandbox.Sandbox;

/** Measures start, memory, and how fast events are accepted and applied, on a database that has seen nothing else. */
final class EventsBench {

    private static final int IDLE_MILLIS = 3000;
    /** Stripe's limit is not what is measured. */
    private static final Map<String, String> NO_BUDGET = Map.of("COACHPAY_STRIPE_BACKGROUND_CALLS_PER_SECOND", "0");

    private final Path packaged;
    private final Path directory;
    private final Report report;

    EventsBench(Path packaged, Path directory, Report report) {
        this.packaged = packaged;
        this.directory = directory;
        this.report = report;
    }

    void run() throws Exception {
        Path data = directory.resolve("postgres");
        Bench.delete(data);
        prepare(data);
        try (Postgres server = Postgres.start(data, 0);
                Issuer issuer = new Issuer();
                Sandbox sandbox = Sandbox.start(Options.ofTests());
                StripeFront stripe = new StripeFront(sandbox.uri())) {
            report.machine(server);
            // The first start makes the schema, which a usual start does not.
            try (PackagedService service = start(server, issuer, stripe)) {
                report.put("start.first.seconds", service.startSeconds());
            }
            try (PackagedService service = start(server, issuer, stripe)) {
                report.put("start.seconds", service.startSeconds());
                Thread.sleep(IDLE_MILLIS);
                memory(service, "idle");
                measure(new Site(directory, report, server, Bench.postmaster(data), service), stripe, issuer);
                memory(service, "worked");
            }
        } finally {
            Bench.delete(data);
        }
    }

    private PackagedService start(Postgres server, Issuer issuer, StripeFront stripe) throws Exception {
        return PackagedService.start(packaged, Bench.log(directory), server, issuer.uri(), stripe.uri(), NO_BUDGET);
    }

    private void memory(PackagedService service, String when) throws IOException {
        service.residentMegabytes().ifPresent(megabytes -> report.put("memory." + when + ".megabytes", (double) megabytes));
    }

    private static void measure(Site site, StripeFront stripe, Issuer issuer) throws Exception {
        String payload = Deliveries.event("payment_intent.created", Booking.ANY);
        Yardstick yardstick = Yardstick.plain(site.server(), site.directory(), payload);
        Yardstick withRules = Yardstick.withRules(site.server(), site.directory(), payload);
        try (Bookings bookings = new Bookings(site.server(), WarmUp.BOOKINGS + ApplyBench.SPREAD, ApplyBench.ONE_COACHS)) {
            double perSecond = new WarmUp(site, bookings).run();
            new AcceptBench(site, yardstick).run();
            double applied = new ApplyBench(site, yardstick, withRules, bookings, perSecond).run();
            bookings.requirePaid();
            double mixed;
            try (MixBench mix = new MixBench(site, stripe, bookings)) {
                mixed = mix.run(applied);
            }
            Subscribed original = Subscribed.make(URI.create("http://127.0.0.1:" + site.service().port()), issuer,
                    stripe.sandbox());
            try (RenewalBench renewals = new RenewalBench(site, stripe, bookings, original)) {
                renewals.run(mixed);
            }
        }
    }

    /**
     * Lets the server record when database transactions commit, which gives the lag of events and takes effect at its next
     * start.
     */
    private static void prepare(Path data) throws SQLException {
        try (Postgres server = Postgres.start(data, 0);
                Connection administrator = DriverManager.getConnection(server.jdbcUrl(), "postgres", "");
                Statement statement = administrator.createStatement()) {
            statement.execute("alter system set track_commit_timestamp = on");
        }
    }
}
