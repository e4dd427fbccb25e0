package io.coachpay.payment;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.access.Rows;
import io.coachpay.job.Job;
import io.coachpay.job.Rounds;

/**
 * Forgets refused cards that no limit counts any more, setups that ended long ago, and with both where people came from, as for
 * payments.
 */
@ApplicationScoped
class CardRetentionJob implements Job {

    private static final Duration DECLINES_KEPT = Duration.ofDays(2);
    private static final Duration SETUPS_KEPT = Duration.ofDays(30);

    private static final String DECLINES = """
            delete from card_declines where id in (
              select id from card_declines where created_at < ? order by created_at limit ?)""";
    private static final String ADDRESSES = """
            delete from payment_addresses where id in (
              select id from payment_addresses where created_at < ? order by created_at limit ?)""";
    private static final String SETUPS = """
            delete from payment_method_setups where id in (
              select id from payment_method_setups where check_at is null and created_at < ? order by created_at limit ?)""";

    private final Rows rows;
    private final Clock clock;

    CardRetentionJob(@io.quarkus.agroal.DataSource("service") DataSource service, Clock clock) {
        this.rows = new Rows(service);
        this.clock = clock;
    }

    @Override
    public String name() {
        return "card-retention";
    }

    @Override
    public Schedule schedule() {
        return Schedules.daily(ZoneOffset.UTC, LocalTime.of(3, 50));
    }

    @Override
    public boolean needsStripe() {
        return false;
    }

    @Override
    public void run() {
        Instant now = clock.instant();
        Rounds.run(() -> rows.update(DECLINES, now.minus(DECLINES_KEPT), Rounds.AT_ONCE));
        Rounds.run(() -> rows.update(ADDRESSES, now.minus(DECLINES_KEPT), Rounds.AT_ONCE));
        Rounds.run(() -> rows.update(SETUPS, now.minus(SETUPS_KEPT), Rounds.AT_ONCE));
    }
}
