package io.coachpay.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.coachpay.development.Postgres;
import io.coachpay.packaged.Issuer;
import io.coachpay.packaged.PackagedService;
import io.coachpay.sandbox.Options;
import io.coachpay.sandbox.Sandbox;

/**
 * Measures how fast events are accepted and applied where ten thousand, a hundred thousand and a million payments are there.
 */
final class GrowthBench {

    private static final List<Integer> PAYMENTS = List.of(10_000, 100_000, 1_000_000);

    private final Path packaged;
    private final Path directory;
    private final Report report;

    GrowthBench(Path packaged, Path directory, Report report) {
        this.packaged = packaged;
        this.directory = directory;
        this.report = report;
    }

    void run() throws Exception {
        double first = 0;
        for (int payments : PAYMENTS) {
            Report figures = report.under("growth." + payments);
            double perSecond = measure(payments, figures);
            first = first == 0 ? perSecond : first;
            figures.put("apply.ratio.first", perSecond / first);
        }
    }

    /** Returns how many events a second are applied. */
    private double measure(int payments, Report figures) throws Exception {
        Path data = directory.resolve("postgres-growth");
        HistoryBench history = new HistoryBench(packaged, directory, figures);
        Bench.delete(data);
        try (Issuer issuer = new Issuer(); Sandbox stripe = Sandbox.start(Options.ofTests())) {
            history.prepare(data, issuer, stripe);
            try (Postgres server = Postgres.start(data, 0)) {
                report.machine(server);
                long postmaster = Bench.postmaster(data);
                List<String> accounts = new Banks(stripe.uri())
                        .open(History.currencies(payments / HistoryBench.PAYMENTS_OF_A_COACH));
                history.fill(server, "history", payments, accounts, postmaster);
                try (PackagedService service = PackagedService.start(packaged, Bench.log(directory), server, issuer.uri(),
                        stripe.uri().toString(), Map.of("COACHPAY_STRIPE_BACKGROUND_CALLS_PER_SECOND", "0"))) {
                    return measure(new Site(directory, figures, server, postmaster, service));
                }
            }
        } finally {
            Bench.delete(data);
        }
    }

    private static double measure(Site site) throws Exception {
        String payload = Deliveries.event("payment_intent.created", Booking.ANY);
        Yardstick yardstick = Yardstick.plain(site.server(), site.directory(), payload);
        Yardstick withRules = Yardstick.withRules(site.server(), site.directory(), payload);
        try (Bookings bookings = new Bookings(site.server(), WarmUp.BOOKINGS + ApplyBench.COMPARED, 0)) {
            double perSecond = new WarmUp(site, bookings).run();
            new AcceptBench(site, yardstick).compare();
            double applied = new ApplyBench(site, yardstick, withRules, bookings, perSecond).compare();
            bookings.requirePaid();
            return applied;
        }
    }
}
