package io.coachpay.bench;

import java.io.IOException;
import java.util.List;

/** Measures acceptance: an event verified, stored, committed, answered. No handler takes it, so nothing follows. */
final class AcceptBench {

    private static final int CLIENTS = 64;
    private static final List<Integer> OTHER_CLIENTS = List.of(8, 256);
    private static final int SOME_CLIENTS = 16;
    private static final int ROUNDS = 3;
    private static final int SECONDS = 3;
    private static final int ACCEPTED = 10_000;
    private static final int ANSWERED = 6000;

    private final Site site;
    private final Yardstick yardstick;

    AcceptBench(Site site, Yardstick yardstick) {
        this.site = site;
        this.yardstick = yardstick;
    }

    void run() throws Exception {
        Report report = site.report();
        compare();
        for (int clients : OTHER_CLIENTS) {
            report.put("accept.clients" + clients + ".perSecond", accept(ACCEPTED, clients).rate().perSecond());
        }
        Load.Answers answers = accept(ANSWERED, SOME_CLIENTS);
        report.put("answer.p50.milliseconds", answers.percentile(0.5));
        report.put("answer.p99.milliseconds", answers.percentile(0.99));
    }

    /** In turns with the yardsticks. */
    void compare() throws Exception {
        Report report = site.report();
        Rounds ours = site.ofService();
        Rounds jsonb = site.ofDatabase();
        Rounds text = site.ofDatabase();
        for (int round = 0; round < ROUNDS; round++) {
            jsonb.add(() -> yardstick.run("insert-jsonb.sql", CLIENTS, 1, SECONDS));
            List<byte[]> requests = Deliveries.ofNoConcern(ACCEPTED);
            ours.add(() -> Load.closedLoop(site.service().port(), requests, CLIENTS, Load.LONGEST).rate());
            text.add(() -> yardstick.run("insert-text.sql", CLIENTS, 1, SECONDS));
        }
        ours.report(report, "accept");
        jsonb.report(report, "accept.yardstick.jsonb");
        text.report(report, "accept.yardstick.text");
        report.ratio("accept.ratio", ours, jsonb);
        report.ratio("accept.ratio.text", ours, text);
    }

    private Load.Answers accept(int count, int clients) throws IOException {
        return Load.closedLoop(site.service().port(), Deliveries.ofNoConcern(count), clients, Load.LONGEST);
    }
}
