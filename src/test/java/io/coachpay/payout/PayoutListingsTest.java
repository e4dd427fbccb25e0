package io.coachpay.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.access.Access;
import io.coachpay.journey.Marketplace;
import io.coachpay.payout.PayoutListings.Listing;

/** An account is listed less often the longer nothing has happened there, and also the more often its listing has failed. */
@ServiceTest
class PayoutListingsTest {

    /** Long after the sandbox's clock, so that no job comes in between. */
    private static final Instant NOW = Instant.parse("2100-01-01T00:00:00Z");

    @Inject
    Access access;
    @Inject
    PayoutListings listings;

    private String account;
    private UUID row;

    @BeforeEach
    void open() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        account = carol.gets("/v1/me/connected-account").extract().path("stripeAccountId");
        row = (UUID) OwnerSql.rows("select id from stripe_connected_accounts where stripe_account_id = ?", account).get(0)
                .get("id");
        OwnerSql.run("insert into stripe_cursors (id, listing, account) values (gen_random_uuid(), 'balance_transactions', ?)"
                + " on conflict do nothing", account);
        OwnerSql.run("delete from stripe_cursors where listing = 'payouts' and account = ?", account);
    }

    @Test
    void waitsLongerAfterEachListingThatDoesNotEnd() {
        assertThat(afterFailure(0)).isEqualTo(Duration.ofMinutes(5));
        assertThat(afterFailure(1)).isEqualTo(Duration.ofMinutes(10));
        assertThat(afterFailure(2)).isEqualTo(Duration.ofMinutes(20));
        assertThat(afterFailure(30)).isEqualTo(Duration.ofHours(6));

        assertThat(afterListing(Duration.ZERO)).isEqualTo(Duration.ofHours(1));
        assertThat(
                OwnerSql.rows("select failures from stripe_cursors where listing = 'payouts' and account = ?", account).get(0))
                .containsEntry("failures", 0);
    }

    @Test
    void listsTheLessOftenTheLongerNothingHasMoved() {
        afterFailure(0);

        assertThat(afterListing(Duration.ofDays(1))).isEqualTo(Duration.ofHours(1));
        assertThat(afterListing(Duration.ofDays(3))).isEqualTo(Duration.ofDays(1));
        assertThat(afterListing(Duration.ofDays(31))).isEqualTo(Duration.ofDays(7));
    }

    @Test
    void listsHourlyWhilePayoutIsUnderWay() {
        afterFailure(0);
        afterListing(Duration.ofDays(31));
        assertThat(isDue(NOW.plus(Duration.ofHours(2)))).isFalse();

        OwnerSql.run(
                """
                        insert into payouts (id, user_id, connected_account_id, amount, currency, status, initiated_by, requested_at,
                               stripe_payout_id, unallocated)
                        select gen_random_uuid(), user_id, id, 1, 'USD', 'pending', 'dashboard', now(), 'po_' || replace(id::text, '-', ''), 1
                          from stripe_connected_accounts where id = ?""",
                row);

        assertThat(isDue(NOW.plus(Duration.ofHours(2)))).isTrue();
        OwnerSql.run("update payouts set status = 'canceled' where connected_account_id = ?", row);
    }

    private boolean isDue(Instant now) {
        return access.asService(() -> listings.due(now, 100_000)).stream().anyMatch(due -> due.row().equals(row));
    }

    private Duration afterFailure(int before) {
        OwnerSql.run("update stripe_cursors set failures = ?, failure = 'No.', failed_since = now()"
                + " where listing = 'payouts' and account = ?", before, account);
        access.runAsService(() -> listings.begin(listing(), NOW));
        return pause();
    }

    private Duration afterListing(Duration sinceMoved) {
        OwnerSql.run("update stripe_cursors set moved_at = ?::timestamptz where account = ?", NOW.minus(sinceMoved).toString(),
                account);
        access.runAsService(() -> {
            listings.begin(listing(), NOW);
            listings.end(listing(), NOW);
        });
        return pause();
    }

    private Listing listing() {
        return new Listing(row, UUID.randomUUID(), account);
    }

    private Duration pause() {
        Instant next = ((java.sql.Timestamp) OwnerSql
                .rows("select next_at from stripe_cursors where listing = 'payouts' and account = ?", account).get(0)
                .get("next_at"))
                .toInstant();
        return Duration.between(NOW, next);
    }
}
