package io.coachpay.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.ServiceTest;
import io.coachpay.access.Ids;
import io.coachpay.access.Rows;
import io.coachpay.job.Jobs;

@ServiceTest
class EventRetentionJobTest {

    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared(?: hit=(\\d+))?(?: read=(\\d+))?");

    /** An account of this test's alone. */
    private final String account = "acct_" + UUID.randomUUID().toString().replace("-", "");

    @Inject
    @io.quarkus.agroal.DataSource("service")
    DataSource service;
    @Inject
    Clock clock;
    @Inject
    StoredEvents stored;
    @Inject
    Jobs jobs;

    @AfterEach
    void deleteWhatIsNoTests() {
        OwnerSql.run("delete from stripe_events where account = ?", account);
    }

    @Test
    void emptiesPayloadsOnlyLongAfterTheirEventsWereFinished() {
        Delivery old = Delivery.of(Notes.CREATED);
        Delivery young = Delivery.of(Notes.CREATED);
        Delivery failing = Delivery.of(Notes.CHILD, ",\"parent\":\"nobody\",\"metadata\":{\"coachpay_id\":\"1\"}");
        for (Delivery event : new Delivery[] { old, young, failing }) {
            event.post();
        }
        stored.awaitStatus(old.eventId(), "processed");
        stored.awaitStatus(young.eventId(), "processed");
        stored.awaitStatus(failing.eventId(), "failed");
        stored.age(old.eventId(), Duration.ofDays(91));
        stored.age(young.eventId(), Duration.ofDays(89));
        stored.age(failing.eventId(), Duration.ofDays(91));

        jobs.runNow(EventRetentionJob.NAME);

        assertThat(stored.get(old.eventId()).payload()).isNull();
        assertThat(stored.get(young.eventId()).payload()).isNotNull();
        assertThat(stored.get(failing.eventId()).payload()).isNotNull();
    }

    @Test
    void emptiesWhatWasGivenUpLongAgo() {
        insert(1, "dead", "'{}'", Duration.ofDays(89));
        insert(1, "dead", "'{}'", Duration.ofDays(91));

        jobs.runNow(EventRetentionJob.NAME);

        assertThat(count("status = 'dead' and payload is not null")).isEqualTo(1);
        assertThat(count("status = 'dead' and payload is null")).isEqualTo(1);
    }

    @Test
    void goesOnUntilNothingIsLeftToEmptyOrDelete() {
        insert(2500, "processed", "'{}'", Duration.ofDays(91));
        insert(2500, "ignored", "null", Duration.ofDays(401));
        insert(1, "failed", "'{}'", Duration.ofDays(401));
        insert(1, "processed", "null", Duration.ofDays(399));

        jobs.runNow(EventRetentionJob.NAME);

        assertThat(count("status = 'processed' and payload is null")).isEqualTo(2501);
        assertThat(count("status = 'ignored'")).isZero();
        assertThat(count("status = 'failed' and payload is not null")).as("what is not finished stays").isEqualTo(1);
    }

    @Test
    void looksAtLittleWhereThereIsNothingToDo() {
        insert(30_000, "processed", "null", Duration.ofDays(120));
        OwnerSql.run("analyze stripe_events");
        jobs.runNow(EventRetentionJob.NAME);
        Instant now = clock.instant();

        assertThat(buffers(EventRetentionJob.EMPTY, now.minus(Duration.ofDays(90)))).isLessThan(50);
        assertThat(buffers(EventRetentionJob.FORGET, Ids.first(now.minus(Duration.ofDays(400))))).isLessThan(50);
    }

    /** Pages of the database that one round touches. */
    private int buffers(String round, Object until) {
        StringBuilder plan = new StringBuilder();
        new Rows(service).query("explain (analyze, buffers, costs off, timing off, summary off) " + round,
                row -> plan.append(row.getString(1)).append('\n'), until, 1000);
        Matcher first = BUFFERS.matcher(plan);
        assertThat(first.find()).as(plan.toString()).isTrue();
        return number(first.group(1)) + number(first.group(2));
    }

    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private long count(String which) {
        return new Rows(service).query("select count(*) from stripe_events where account = ? and " + which,
                row -> row.getLong(1), account).get(0);
    }

    /**
     * Inserts events that came that long ago, and ended at once. The database decides by its own clock which may be deleted.
     */
    private void insert(int count, String status, String payload, Duration ago) {
        Instant at = clock.instant().minus(ago);
        String first = Ids.first(at).toString();
        OwnerSql.run(
                """
                        insert into stripe_events (id, event_id, account, endpoint, type, created, livemode, payload, received_at, status,
                               next_attempt_at, processed_at)
                        select overlay(?::text placing lpad(to_hex(n), 12, '0') from 25)::uuid, 'evt_' || md5(random()::text || n), ?,
                               'connect', 'test.old', t.at, false, %1$s, now() - make_interval(days => ?), '%2$s',
                               case '%2$s' when 'failed' then now() + interval '10 years' else t.at end,
                               case when '%2$s' in ('processed', 'ignored') then t.at end
                          from generate_series(1, ?) n, (select ?::timestamptz as at) t"""
                        .formatted(payload, status),
                first, account,
                (int) ago.toDays(), count, at.toString());
    }
}
