package io.coachpay.payout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.access.Rows;
import io.coachpay.job.Backoff;
import io.coachpay.job.Rhythm;

/** Schedules the listing of each account's payouts. All verbs join a database transaction. */
@ApplicationScoped
public class PayoutListings {

    private static final Backoff AFTER_FAILURE = Backoff.doubling(Duration.ofMinutes(5), Duration.ofHours(6));

    /** An account with a payout under way is listed again until that has arrived. */
    private static final String DUE = """
            with open as materialized (
              select distinct connected_account_id from payouts where status in ('requested', 'pending', 'in_transit'))
            select a.id, a.user_id, a.stripe_account_id, l.listed_until, coalesce(l.failures, 0) as failures
              from (select ?::timestamptz as now) as given cross join stripe_connected_accounts a
              left join payout_listings l on l.connected_account_id = a.id
              left join open on open.connected_account_id = a.id
             where a.stripe_account_id is not null and a.deauthorized_at is null
               and (coalesce(l.next_at <= given.now, true)
                    or l.failures = 0 and l.listed_until <= ? and open.connected_account_id is not null)
             order by l.next_at nulls first, a.id limit ?""";
    private static final String BEGIN = """
            insert into payout_listings (id, connected_account_id, next_at, failures) values (?, ?, ?, 1)
            on conflict (connected_account_id) do update set next_at = excluded.next_at, failures = payout_listings.failures + 1""";
    private static final String END = """
            update payout_listings l
               set listed_until = given.begun, failures = 0, next_at = greatest(given.begun + interval '1 second' * ?, %s)
              from (select ?::timestamptz as begun, ?::uuid as account) as given
              join stripe_connected_accounts a on a.id = given.account
              left join balance_imports i on i.account = a.stripe_account_id
             where l.connected_account_id = given.account"""
            .formatted(Rhythm.next("coalesce(i.moved_at, given.begun)", "given.begun"));

    private static final String FIGURES = """
            select min(coalesce(l.listed_until, l.created_at)) as oldest, min(l.next_at) as due
              from payout_listings l join stripe_connected_accounts c on c.id = l.connected_account_id
             where c.stripe_account_id is not null and c.deauthorized_at is null""";

    private final Rows rows;
    private final PayoutSettings settings;

    PayoutListings(DataSource database, PayoutSettings settings) {
        this.rows = new Rows(database);
        this.settings = settings;
    }

    /**
     * An account whose payouts are listed.
     *
     * @param row our row of the account
     * @param stripeId {@code acct_…}
     * @param listedUntil null before the first listing has ended
     * @param failures listings in a row that have not ended
     */
    record Listing(UUID row, UUID coach, String stripeId, @Nullable Instant listedUntil, int failures) {
    }

    /**
     * The state of listings, of all accounts that Stripe still reports on.
     *
     * @param oldest the mark that is farthest behind; null without any
     * @param due the due time of the account that has waited longest, or is due first; null without any
     */
    public record Figures(@Nullable Instant oldest, @Nullable Instant due) {

        public static final Figures NONE = new Figures(null, null);
    }

    public Figures figures() {
        return rows.query(FIGURES,
                row -> new Figures(Rows.instantOrNull(row, "oldest"), Rows.instantOrNull(row, "due"))).get(0);
    }

    /** Returns accounts that are due, so many at most. */
    List<Listing> due(Instant now, int most) {
        return rows.query(DUE, row -> new Listing(row.getObject("id", UUID.class), row.getObject("user_id", UUID.class),
                row.getString("stripe_account_id"), Rows.instantOrNull(row, "listed_until"), row.getInt("failures")),
                now, now.minus(settings.listingInterval()), most);
    }

    /** Begins a listing; one that does not end is begun again, later each time. */
    void begin(Listing listing, Instant now) {
        rows.update(BEGIN, Ids.next(), listing.row(), now.plus(AFTER_FAILURE.after(listing.failures() + 1)));
    }

    /** Ends a listing that has seen all payouts up to its beginning. */
    void end(Listing listing, Instant begun) {
        rows.update(END, settings.listingInterval().toSeconds(), begun, listing.row());
    }

    /** The time from which payouts are listed: earlier ones have ended one way or the other, and were seen. */
    Instant since(Listing listing) {
        return listing.listedUntil() == null ? Instant.EPOCH : listing.listedUntil().minus(settings.listingReach());
    }
}
