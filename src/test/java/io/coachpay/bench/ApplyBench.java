package io.coachpay.bench;

import java.util.List;

/** Measures applying: a succeeded payment's event, from the first request until the last payment is in the books. */
final class ApplyBench {

    private static final int CLIENTS = 64;
    private static final List<Integer> OTHER_CLIENTS = List.of(8, 256);
    private static final int SOME_CLIENTS = 16;
    private static final int WRITERS = 8;
    /** Payments of each writer in a round of the yardstick with rules. */
    private static final int EACH = 400;
    private static final int COACHES = 1000;
    private static final int ROUNDS = 3;
    private static final int SECONDS = 3;
    /** A round lasts so long, so that the last look at what is applied costs it little. */
    private static final int ROUND_SECONDS = 4;
    private static final int LEAST = 1000;
    private static final int MOST = 5000;
    private static final int PACED_SECONDS = 6;

    /** Bookings that it takes at most: to compare, over all coaches, and of one. */
    static final int COMPARED = ROUNDS * (MOST + WRITERS * EACH);
    static final int SPREAD = COMPARED + (OTHER_CLIENTS.size() + 1) * MOST;
    static final int ONE_COACHS = ROUNDS * MOST;

    private final Site site;
    private final Yardstick yardstick;
    private final Yardstick withRules;
    private final Bookings bookings;
    private final int round;

    /** @param perSecond events that are applied, roughly */
    ApplyBench(Site site, Yardstick yardstick, Yardstick withRules, Bookings bookings, double perSecond) {
        this.site = site;
        this.yardstick = yardstick;
        this.withRules = withRules;
        this.bookings = bookings;
        round = (int) Math.max(LEAST, Math.min(MOST, perSecond * ROUND_SECONDS));
    }

    /** Returns how many events a second are applied, over all coaches. */
    double run() throws Exception {
        double perSecond = compare();
        for (int clients : OTHER_CLIENTS) {
            site.report().put("apply.clients" + clients + ".perSecond",
                    bookings.payments(site.service(), round, clients).call().perSecond());
        }
        lag(perSecond / 2);
        hot(perSecond);
        return perSecond;
    }

    /**
     * Over all coaches, in turns with the yardsticks and with what others would write; returns how many events a second are
     * applied.
     */
    double compare() throws Exception {
        site.report().put("apply.round.events", round);
        Rounds ours = site.ofService();
        Rounds theirs = site.ofDatabase();
        Rounds ruled = site.ofDatabase();
        Rounds naive = site.ofDatabase();
        try (NaiveBench other = new NaiveBench(site.server())) {
            for (int i = 0; i < ROUNDS; i++) {
                theirs.add(() -> yardstick.run("take-payment.sql", WRITERS, COACHES, SECONDS));
                ruled.add(bookings.payments(withRules, WRITERS, EACH));
                ours.add(bookings.payments(site.service(), round, CLIENTS));
                naive.add(other.payments());
            }
            other.requirePaid();
        }
        ours.report(site.report(), "apply");
        theirs.report(site.report(), "apply.yardstick");
        ruled.report(site.report(), "apply.rules");
        naive.report(site.report(), "naive");
        site.report().ratio("apply.ratio", ours, theirs);
        site.report().ratio("apply.ratio.rules", ours, ruled);
        site.report().ratio("apply.ratio.naive", ours, naive);
        site.report().ratio("apply.rules.ratio", ruled, theirs);
        return ours.perSecond();
    }

    private void hot(double spread) throws Exception {
        bookings.skipToHot();
        Rounds ours = site.ofService();
        Rounds theirs = site.ofDatabase();
        for (int i = 0; i < ROUNDS; i++) {
            theirs.add(() -> yardstick.run("take-payment.sql", WRITERS, 1, SECONDS));
            ours.add(bookings.payments(site.service(), round, CLIENTS));
        }
        ours.report(site.report(), "hot");
        theirs.report(site.report(), "hot.yardstick");
        site.report().ratio("hot.ratio", ours, theirs);
        site.report().put("hot.ratio.spread", ours.perSecond() / spread);
    }

    private void lag(double perSecond) throws Exception {
        int count = (int) Math.min(MOST, perSecond * PACED_SECONDS);
        Load.paced(site.service().port(), Deliveries.paid(bookings.take(count)), SOME_CLIENTS, perSecond, Load.LONGEST);
        bookings.awaitApplied();
        Double[] lag = bookings.lag(count);
        site.report().put("lag.p50.milliseconds", lag[0]);
        site.report().put("lag.p99.milliseconds", lag[1]);
    }
}
