package io.coachpay.simulation;

import java.time.Duration;
import java.util.List;

import io.vertx.core.json.JsonObject;

/** The end of a story: nothing goes wrong any more, time passes, and jobs do what they are there for, until nothing changes. */
final class Settling {

    /**
     * Holds end, then failed events have their turn, then funds become available; then some days for what follows from that.
     */
    private static final List<Duration> PASSES = List.of(Duration.ofMinutes(45), Duration.ofHours(7), Duration.ofDays(3));
    private static final Duration ANOTHER_DAY = Duration.ofHours(25);
    private static final int MOST_ROUNDS = 20;

    private Settling() {
    }

    /**
     * Lets the story come to rest.
     *
     * @param faults what goes on being wrong; nothing unless a defect is being looked for
     * @throws IllegalStateException when it does not
     */
    static void settle(Stage stage, JsonObject faults) {
        stage.faults(faults);
        String before = "";
        for (int round = 0; round < MOST_ROUNDS; round++) {
            stage.pass(round < PASSES.size() ? PASSES.get(round) : ANOTHER_DAY);
            stage.quiet();
            stage.jobs().forEach(stage::run);
            stage.quiet();
            String now = round < PASSES.size() - 1 ? "" : StoryRows.digest(stage.people());
            if (round >= PASSES.size() && now.equals(before) && LedgerChecks.unhandled(stage.began()).isEmpty()) {
                return;
            }
            before = now;
        }
        throw new IllegalStateException("It does not come to rest: " + LedgerChecks.unhandled(stage.began()));
    }
}
