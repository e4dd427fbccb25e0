package io.coachpay.inbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;

/**
 * Who works on which event, in the database, so that any number of workers share the inbox.
 * <p>
 * A claim is a lease: the event is not due again before the lease has run out, and no transaction stays open while objects
 * are fetched. Should it run out although its worker lives, the event is claimed again with the next attempt's number. So the
 * transaction that applies an event begins by finishing it <em>under the number it was claimed with</em>: of two workers only
 * one finds that row, and it keeps the row locked until all is committed.
 */
@ApplicationScoped
class Claims {

    private static final String CLAIM = """
            with due as (
              select id from stripe_events where status in ('received', 'failed') and next_attempt_at <= ?
               order by next_attempt_at limit ? for update skip locked)
            update stripe_events e set attempts = e.attempts + 1, next_attempt_at = ? from due where e.id = due.id
            returning e.id, e.event_id, e.account, e.endpoint, e.type, e.api_version, e.created, e.livemode, e.payload,
                      e.received_at, e.attempts""";
    /**
     * Says which states are over rather than which are not: the latter is what the index of due events is made of, and the
     * planner would walk through all that is due there instead of going straight to the row.
     */
    private static final String MINE = " where id = ? and attempts = ? and status not in ('processed', 'ignored', 'dead')";
    private static final String FINISH = "update stripe_events set status = ?, processed_at = ?, error = ?" + MINE;
    private static final String FAIL = "update stripe_events set status = ?, next_attempt_at = ?, error = ?" + MINE;
    private static final String RELEASE = "update stripe_events set attempts = attempts - 1, next_attempt_at = ?" + MINE;
    private static final String BACKLOG = """
            select (select min(received_at) from stripe_events where status in ('received', 'failed')) as oldest,
                   (select count(*) from stripe_events where status = 'dead') as dead""";

    private final Rows ofTransaction;
    private final Rows ofService;
    private final Clock clock;

    Claims(DataSource database, @io.quarkus.agroal.DataSource("service") DataSource service, Clock clock) {
        this.ofTransaction = new Rows(database);
        this.ofService = new Rows(service);
        this.clock = clock;
    }

    /** Claims what is due, the longest due first, leaving out what others are about to claim. */
    List<Claimed> take(int atMost, Duration lease) {
        Instant now = clock.instant();
        return ofService.query(CLAIM, Claimed::read, now, atMost, now.plus(lease));
    }

    /**
     * Marks the event as processed within the transaction that applies it.
     *
     * @return false when the claim is void, and nothing may be applied
     */
    boolean finish(Claimed claimed) {
        return ofTransaction.update(FINISH, "processed", clock.instant(), null, claimed.id(), claimed.attempt()) == 1;
    }

    /** Nobody takes it. */
    void ignore(Claimed claimed, @Nullable String because) {
        ofService.update(FINISH, "ignored", clock.instant(), because, claimed.id(), claimed.attempt());
    }

    /** It failed, and is due again after the pause. */
    void retry(Claimed claimed, Duration pause, String error) {
        ofService.update(FAIL, "failed", clock.instant().plus(pause), error, claimed.id(), claimed.attempt());
    }

    /** It failed for the last time, until an administrator replays it. */
    void giveUp(Claimed claimed, String error) {
        ofService.update(FAIL, "dead", clock.instant(), error, claimed.id(), claimed.attempt());
    }

    /** Gives an event back untried. */
    void release(Claimed claimed) {
        putOff(claimed, Duration.ZERO);
    }

    /** Gives an event back after the pause, as if it had not been tried. */
    void putOff(Claimed claimed, Duration pause) {
        ofService.update(RELEASE, clock.instant().plus(pause), claimed.id(), claimed.attempt());
    }

    /** What waits. */
    Backlog backlog() {
        return ofService.query(BACKLOG, row -> {
            Instant oldest = Rows.instantOrNull(row, "oldest");
            return new Backlog(oldest == null ? Duration.ZERO : Duration.between(oldest, clock.instant()), row.getLong("dead"));
        }).get(0);
    }

    /**
     * What waits.
     *
     * @param oldest the age of the oldest unfinished event
     * @param dead how many were given up
     */
    record Backlog(Duration oldest, long dead) {
    }
}
