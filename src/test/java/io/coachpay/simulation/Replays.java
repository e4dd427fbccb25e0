package io.coachpay.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.coachpay.OwnerSql;

/**
 * Order and number of events do not matter: all events of a story that is over are put back into the inbox, shuffled, each with
 * a copy that Stripe might have sent as another event, and nothing changes.
 */
final class Replays {

    private static final String AGAIN = """
            update stripe_events set status = 'received', attempts = 0, processed_at = null, error = null,
                   next_attempt_at = ?::timestamptz - abs(hashtext(event_id || ?)) % 3600 * interval '1 second'
             where received_at >= ?::timestamptz""";
    private static final String COPIES = """
            insert into stripe_events (id, event_id, account, endpoint, type, api_version, created, livemode, payload, received_at,
                                       next_attempt_at)
            select gen_random_uuid(), event_id || '_again', account, endpoint, type, api_version, created, livemode, payload,
                   received_at, next_attempt_at - abs(hashtext(event_id || 'again')) % 3600 * interval '1 second'
              from stripe_events where received_at >= ?::timestamptz""";

    private Replays() {
    }

    /** What has changed, although it must not. */
    static List<String> broken(Stage stage) {
        Map<String, List<String>> before = StoryRows.lines(stage.people());
        String began = stage.began().toString();
        OwnerSql.run(AGAIN, stage.now().toString(), stage.people(), began);
        OwnerSql.run(COPIES, began);
        stage.quiet();
        stage.jobs().forEach(stage::run);
        stage.quiet();
        Map<String, List<String>> after = StoryRows.lines(stage.people());
        List<String> broken = new ArrayList<>();
        before.forEach((table, lines) -> {
            List<String> now = after.getOrDefault(table, List.of());
            lines.stream().filter(line -> !now.contains(line))
                    .forEach(line -> broken.add("a replay changed " + table + ", was " + line));
            now.stream().filter(line -> !lines.contains(line))
                    .forEach(line -> broken.add("a replay changed " + table + ", is " + line));
        });
        return broken;
    }
}
