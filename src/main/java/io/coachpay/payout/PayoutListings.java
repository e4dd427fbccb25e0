package io.coachpay.payout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;

/** Which accounts' payouts are to be listed, and from when on. All verbs join a transaction. */
@ApplicationScoped
class PayoutListings {

    private static final Duration AFTER_FAILURE = Duration.ofMinutes(5);
    private static final String DUE = """
            select a.id, a.user_id, a.stripe_account_id, l.listed_until
              from stripe_connected_accounts a
              left join payout_listings l on l.connected_account_id = a.id
             where a.stripe_account_id is not null and a.deauthorized_at is null and coalesce(l.next_at <= ?1, true)
             order by l.next_at nulls first, a.id""";
    private static final String BEGIN = """
            insert into payout_listings (id, connected_account_id, next_at) values (?1, ?2, ?3)
            on conflict (connected_account_id) do update set next_at = excluded.next_at""";
    private static final String END = """
            update payout_listings set listed_until = ?2, next_at = ?3 where connected_account_id = ?1""";

    private final EntityManager entities;
    private final PayoutSettings settings;

    PayoutListings(EntityManager entities, PayoutSettings settings) {
        this.entities = entities;
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
        List<?> rows = query(DUE, now).setMaxResults(most).getResultList();
        return rows.stream().map(row -> (Object[]) row)
                .map(row -> new Listing((UUID) row[0], (UUID) row[1], (String) row[2], (Instant) row[3])).toList();
    }

    /** A listing that does not end is begun again soon. */
    void begin(Listing listing, Instant now) {
        query(BEGIN, Ids.next(), listing.row(), now.plus(AFTER_FAILURE)).executeUpdate();
    }

    /** Everything was seen that was there at the beginning. */
    void end(Listing listing, Instant begun) {
        query(END, listing.row(), begun, begun.plus(settings.listingInterval())).executeUpdate();
    }

    /** From when on payouts are listed: those before have ended one way or the other, and were seen. */
    Instant since(Listing listing) {
        return listing.listedUntil() == null ? Instant.EPOCH : listing.listedUntil().minus(settings.listingReach());
    }

    private Query query(String sql, Object... parameters) {
        Query query = entities.createNativeQuery(sql);
        for (int i = 0; i < parameters.length; i++) {
            query.setParameter(i + 1, parameters[i]);
        }
        return query;
    }
}
