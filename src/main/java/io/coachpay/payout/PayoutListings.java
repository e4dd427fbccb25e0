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

/** Which accounts' payouts are to be listed, and from when on. All verbs join a transaction. */
@ApplicationScoped
class PayoutListings {

    private static final Duration AFTER_FAILURE = Duration.ofMinutes(5);
    private static final String DUE = """
            select a.id, a.user_id, a.stripe_account_id, l.listed_until
              from stripe_connected_accounts a
              left join payout_listings l on l.connected_account_id = a.id
             where a.stripe_account_id is not null and a.deauthorized_at is null and coalesce(l.next_at <= ?, true)
             order by l.next_at nulls first, a.id limit ?""";
    private static final String BEGIN = """
            insert into payout_listings (id, connected_account_id, next_at) values (?, ?, ?)
            on conflict (connected_account_id) do update set next_at = excluded.next_at""";
    private static final String END = """
            update payout_listings set listed_until = ?, next_at = ? where connected_account_id = ?""";

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
     */
    record Listing(UUID row, UUID coach, String stripeId, @Nullable Instant listedUntil) {
    }

    /** Accounts whose time has come, so many at most. */
    List<Listing> due(Instant now, int most) {
        return rows.query(DUE, row -> new Listing(row.getObject("id", UUID.class), row.getObject("user_id", UUID.class),
                row.getString("stripe_account_id"), Rows.instantOrNull(row, "listed_until")), now, most);
    }

    /** A listing that does not end is begun again soon. */
    void begin(Listing listing, Instant now) {
        rows.update(BEGIN, Ids.next(), listing.row(), now.plus(AFTER_FAILURE));
    }

    /** Everything was seen that was there at the beginning. */
    void end(Listing listing, Instant begun) {
        rows.update(END, begun, begun.plus(settings.listingInterval()), listing.row());
    }

    /** From when on payouts are listed: those before have ended one way or the other, and were seen. */
    Instant since(Listing listing) {
        return listing.listedUntil() == null ? Instant.EPOCH : listing.listedUntil().minus(settings.listingReach());
    }
}
