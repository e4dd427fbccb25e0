package io.coachpay.payout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.job.AccountSource;
import io.coachpay.job.Backoff;
import io.coachpay.job.Cursor;
import io.coachpay.job.Cursors;
import io.coachpay.job.StripeList;

/** Schedules the listing of each account's payouts. All verbs join a database transaction. */
@ApplicationScoped
public class PayoutListings {

    private static final Backoff AFTER_FAILURE = Backoff.doubling(Duration.ofMinutes(5), Duration.ofHours(6));

    /** A listing counts as failed until it has ended. */
    private static final String UNENDED = "The listing has not ended";
    private static final String ACCOUNTS = """
            select a.stripe_account_id as account, a.id, a.user_id, open.connected_account_id is not null as under_way,
                   ?::timestamptz as earlier
              from stripe_connected_accounts a
              left join (select distinct connected_account_id from payouts where status in ('requested', 'pending', 'in_transit'))
                   as open on open.connected_account_id = a.id
             where a.stripe_account_id is not null and a.deauthorized_at is null""";
    /** An account with a payout under way is listed again until that has arrived. */
    private static final String STIRRED = "a.under_way and c.listed_until <= a.earlier";

    private final Cursors cursors;
    private final Cursors imports;
    private final AccountSource accounts;
    private final PayoutSettings settings;

    PayoutListings(DataSource database, AccountSource accounts, PayoutSettings settings) {
        this.cursors = new Cursors(database, StripeList.PAYOUTS);
        this.imports = new Cursors(database, StripeList.BALANCE_TRANSACTIONS);
        this.accounts = accounts;
        this.settings = settings;
    }

    /**
     * An account whose payouts are listed.
     *
     * @param row our row of the account
     * @param stripeId {@code acct_…}
     */
    record Listing(UUID row, UUID coach, String stripeId) {
    }

    /** The state of listings, of all accounts that Stripe still reports on. */
    public Cursors.Lateness lateness() {
        return cursors.lateness(accounts.query());
    }

    /** Returns accounts that are due, so many at most. */
    List<Listing> due(Instant now, int most) {
        return cursors.due(ACCOUNTS, STIRRED, row -> new Listing(row.getObject("id", UUID.class),
                row.getObject("user_id", UUID.class), row.getString("account")), now, most,
                now.minus(settings.listingInterval()));
    }

    /**
     * Begins a listing; one that does not end is begun again, later each time.
     *
     * @return null if the account was replaced
     */
    @Nullable
    Cursor begin(Listing listing, Instant now) {
        Cursor cursor = cursors.begin(listing.stripeId(), now);
        if (cursor != null) {
            cursors.fail(listing.stripeId(), UNENDED, true, now, now.plus(AFTER_FAILURE.after(cursor.failures() + 1)));
        }
        return cursor;
    }

    /** Ends a listing that has seen all payouts up to its beginning. An account moves when its balance does. */
    void end(Listing listing, Instant begun) {
        Cursor balance = imports.find(listing.stripeId());
        cursors.end(listing.stripeId(), balance == null ? null : balance.movedAt(), null,
                begun.plus(settings.listingInterval()), begun);
    }

    /** The time from which payouts are listed: earlier ones have ended one way or the other, and were seen. */
    Instant since(Cursor cursor) {
        return cursor.listedUntil() == null ? Instant.EPOCH : cursor.listedUntil().minus(settings.listingReach());
    }
}
