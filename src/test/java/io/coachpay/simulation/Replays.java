package io.coachpay.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.coachpay.OwnerSql;

/**
 * Shows that order and number of events do not matter: all events of a story that is over are put back into the inbox,
 * shuffled, each with a copy that Stripe might have sent as another event, and nothing changes.
 */
final class Replays {

    /** One statement, so that no event is claimed before all of them are there. */
    private static final String AGAIN = """
            with story as (select ?::timestamptz as over, ?::timestamptz as began),
                 copied as (
              insert into stripe_events (id, event_id, account, endpoint, type, api_version, created, livemode, payload,
                                         received_at, next_attempt_at)
              select gen_random_uuid(), event_id || '_again', account, endpoint, type, api_version, created, livemode, payload,
                     received_at, over - abs(hashtext(event_id || over)) % 3600 * interval '1 second'
                from stripe_events, story where received_at >= began)
            update stripe_events set status = 'received', attempts = 0, processed_at = null, error = null,
                   next_attempt_at = over - abs(hashtext(over || event_id)) % 3600 * interval '1 second'
              from story where received_at >= began""";

    private static final int MOST_TURNS = 5;
    private static final Duration TURN = Duration.ofMinutes(10);

    private Replays() {
    }

    /** Rows that have changed, although they must not. */
    static List<String> broken(Stage stage) {
        Map<String, List<String>> before = StoryRows.of(stage.people());
        OwnerSql.run(AGAIN, stage.now().toString(), stage.began().toString());
        stage.quiet();
        stage.jobs().forEach(stage::run);
        stage.quiet();
        // Of two events of one second that are applied at once, one may have to look at Stripe again, a moment later.
        for (int turn = 0; turn < MOST_TURNS && !LedgerChecks.unhandled(stage.began()).isEmpty(); turn++) {
            stage.pass(TURN);
            stage.quiet();
        }
        return StoryRows.changes(before, StoryRows.of(stage.people())).stream().map(change -> "replayed, " + change).toList();
    }
}
