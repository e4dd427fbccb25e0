package io.coachpay.inbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;
import io.coachpay.access.Rows.Column;

/**
 * Claims events in the database, so that any number of workers share the inbox.
 * <p>
 * A claim is a lease: the event is not due again before the lease has run out, and no database transaction stays open while
 * objects are fetched. When a lease runs out although its worker lives, the event is claimed again with the next attempt's
 * number. So the database transaction that applies an event begins by finishing it <em>under the number it was claimed
 * with</em>: of two workers only one finds that row, and it keeps the row locked until all is committed.
 */
@ApplicationScoped
class EventClaims {

    private static final String CLAIM = """
            with due as (
              select id from stripe_events where status in ('received', 'failed') and fetches = ? and next_attempt_at <= ?
               order by next_attempt_at limit ? for update skip locked)
            update stripe_events e set attempts = e.attempts + 1, next_attempt_at = ? from due where e.id = due.id
            returning e.id, e.event_id, e.account, e.endpoint, e.type, e.api_version, e.created, e.livemode, e.payload,
                      e.received_at, e.attempts, e.fetches, e.next_attempt_at""";
    /**
     * Names the states that are over, not those that are still open: the index of due events is built on the latter, and the
     * planner would walk through all due events there instead of going straight to the row.
     */
    private static final String MINE = " where id = ? and attempts = ? and status not in ('processed', 'ignored', 'dead')";
    private static final String FINISH = "update stripe_events set status = ?, processed_at = ?, error = ?" + MINE;
    private static final String FAIL = "update stripe_events set status = ?, next_attempt_at = ?, error = ?" + MINE;
    private static final String RELEASE = "update stripe_events set attempts = attempts - 1, next_attempt_at = ?" + MINE;
    private static final String HAND_ON = "update stripe_events set fetches = true, attempts = attempts - 1, next_attempt_at = ?"
            + MINE;
    /** In the order of their ids, as every statement that locks several events. */
    private static final String FINISH_TOGETHER = """
            with mine as (
              select e.id from stripe_events e join unnest(?::uuid[], ?::int4[]) as claim (id, attempt)
                  on e.id = claim.id and e.attempts = claim.attempt
               where e.status not in ('processed', 'ignored', 'dead') order by e.id for no key update of e)
            update stripe_events e set status = 'processed', processed_at = ?, error = null from mine where e.id = mine.id
            returning e.id""";
    private static final String LOCKS = "select set_config('lock_timeout', ?, true)";
    /** Stops counting when it is clear that there are too many: the metric is read when there is most to do. */
    private static final String BACKLOG = """
            select count(*) as waiting, min(received_at) as oldest
              from (select received_at from stripe_events where status in ('received', 'failed') and fetches = ?
                     order by next_attempt_at limit 10000) as longest_due""";
    private static final String DEAD = "select count(*) as dead from stripe_events where status = 'dead'";

    private final Rows ofTransaction;
    private final Rows ofService;
    private final Clock clock;

    EventClaims(DataSource database, @io.quarkus.agroal.DataSource("service") DataSource service, Clock clock) {
        this.ofTransaction = new Rows(database);
        this.ofService = new Rows(service);
        this.clock = clock;
    }

    /** Claims due events of a lane, the longest due first, and skips those that others are about to claim. */
    List<Claimed> take(Lane lane, int atMost, Duration lease) {
        Instant now = clock.instant();
        return ofService.query(CLAIM, Claimed::read, lane == Lane.FETCHING, now, atMost, now.plus(lease));
    }

    /** Whether the lease has run out, so that others may have the event by now. */
    boolean isOver(Claimed claimed) {
        return !clock.instant().isBefore(claimed.until());
    }

    /**
     * Marks the event as processed within the database transaction that applies it.
     *
     * @return false when the claim is void, and nothing may be applied
     */
    boolean finish(Claimed claimed) {
        return ofTransaction.update(FINISH, "processed", clock.instant(), null, claimed.id(), claimed.attempt()) == 1;
    }

    /** Bounds how long this database transaction waits for each row that another one has locked. */
    void waitForLocks(Duration atMost) {
        ofTransaction.query(LOCKS, row -> 1, String.valueOf(atMost.toMillis()));
    }

    /**
     * Marks events as processed within the database transaction that applies them together.
     *
     * @return those whose claim is not void; the others may not be applied
     */
    Set<UUID> finish(List<Claimed> claimed) {
        return Set.copyOf(ofTransaction.query(FINISH_TOGETHER, row -> row.getObject("id", UUID.class),
                new Column("uuid", claimed.stream().map(Claimed::id).toList()),
                new Column("int4", claimed.stream().map(Claimed::attempt).toList()), clock.instant()));
    }

    /** Marks an event that no handler takes. */
    void ignore(Claimed claimed, @Nullable String because) {
        ofService.update(FINISH, "ignored", clock.instant(), because, claimed.id(), claimed.attempt());
    }

    /** Records a failure; the event is due again after the pause. */
    void retry(Claimed claimed, Duration pause, String error) {
        ofService.update(FAIL, "failed", clock.instant().plus(pause), error, claimed.id(), claimed.attempt());
    }

    /** Records the last failure; the event stays dead until an administrator replays it. */
    void giveUp(Claimed claimed, String error) {
        ofService.update(FAIL, "dead", clock.instant(), error, claimed.id(), claimed.attempt());
    }

    /** Hands an event to the fetching lane, due at once and as if it had not been tried. */
    void handOn(Claimed claimed) {
        ofService.update(HAND_ON, clock.instant(), claimed.id(), claimed.attempt());
    }

    /** Gives an event back untried. */
    void release(Claimed claimed) {
        putOff(claimed, Duration.ZERO);
    }

    /** Gives an event back after the pause, as if it had not been tried. */
    void putOff(Claimed claimed, Duration pause) {
        ofService.update(RELEASE, clock.instant().plus(pause), claimed.id(), claimed.attempt());
    }

    /** The backlog of a lane. */
    Backlog backlog(Lane lane) {
        return ofService.query(BACKLOG, row -> {
            Instant oldest = Rows.instantOrNull(row, "oldest");
            return new Backlog(row.getLong("waiting"),
                    oldest == null ? Duration.ZERO : Duration.between(oldest, clock.instant()));
        }, lane == Lane.FETCHING).get(0);
    }

    /** The number of dead events. */
    long dead() {
        return ofService.query(DEAD, row -> row.getLong("dead")).get(0);
    }

    /**
     * The backlog of a lane.
     *
     * @param waiting events that are not finished, 10,000 where they are more
     * @param oldest the age of the oldest of them
     */
    record Backlog(long waiting, Duration oldest) {
    }
}
