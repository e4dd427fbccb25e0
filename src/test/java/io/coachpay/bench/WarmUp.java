package io.coachpay.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Work that is not measured, until the service's compilers have little left to do: before that, an event takes twice as long,
 * and the compilers take the rest of the machine.
 */
final class WarmUp {

    private static final int EVENTS = 3000;
    private static final int CLIENTS = 64;
    private static final int MOST_ROUNDS = 15;
    /** No further round begins after it. */
    private static final Duration LONGEST = Duration.ofSeconds(80);
    /** The compilers' part of the service's processor time below which it counts as warm. */
    private static final double WARM = 0.05;

    /** Bookings that it takes at most. */
    static final int BOOKINGS = MOST_ROUNDS * EVENTS;

    private final Site site;
    private final Bookings bookings;

    WarmUp(Site site, Bookings bookings) {
        this.site = site;
        this.bookings = bookings;
    }

    /** Returns how many events a second were applied in the last round. */
    double run() throws Exception {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        int rounds = 0;
        double share = 1;
        double perSecond = 0;
        while (share > WARM && rounds < MOST_ROUNDS && System.nanoTime() < deadline) {
            Use use = new Use(site.service().pid(), site.postmaster());
            List<byte[]> others = Deliveries.ofNoConcern(EVENTS);
            Callable<Rate> payments = bookings.payments(site.service(), EVENTS, CLIENTS);
            use.begin();
            Load.closedLoop(site.service().port(), others, CLIENTS, Load.LONGEST);
            perSecond = payments.call().perSecond();
            use.end(2 * EVENTS);
            share = use.compilerShare();
            bookings.analyze();
            rounds++;
        }
        site.report().put("warm.events", 2.0 * rounds * EVENTS);
        site.report().put("warm.compiler.share", share);
        return perSecond;
    }
}
