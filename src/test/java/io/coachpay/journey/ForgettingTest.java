package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.access.Ids;
import io.coachpay.job.Jobs;

/** Data are kept for so long and no longer; and a finding reports what was missed for good, or may be. */
@ServiceTest
class ForgettingTest {

    @Inject
    Jobs jobs;

    @Test
    void emptiesTheEvidenceLongAfterADisputesEnd() {
        String old = answered();
        String young = answered();
        ended(old, Duration.ofDays(181));
        ended(young, Duration.ofDays(179));

        jobs.runNow("evidence-retention");

        assertThat(evidence(old)).isEqualTo("{}");
        assertThat(evidence(young)).contains("We met.");
    }

    @Test
    void deletesOldLinesOfThePaymentsLog() {
        Sale sale = Sale.usual();
        long before = lines(sale.payment);
        Instant longAgo = StripeSandbox.now().minus(Duration.ofDays(801));
        OwnerSql.run(
                """
                        insert into payment_logs (id, transaction_id, event, created_at) values (?, ?, 'created', now() - interval '801 days')""",
                Ids.first(longAgo), sale.payment);

        jobs.runNow("payment-log-retention");

        assertThat(lines(sale.payment)).isEqualTo(before);
        assertThat(before).isPositive();
    }

    @Test
    void saysThatAnEventWasLost() {
        String account = Earnings.account(Marketplace.coach("carol", "100.00", "USD"));
        String event = "evt_" + UUID.randomUUID().toString().replace("-", "");
        OwnerSql.run("""
                insert into stripe_events (id, event_id, account, endpoint, type, created, livemode, payload, status, error)
                values (?, ?, ?, 'connect', 'payout.paid', now(), false, null, 'dead', 'Something')""", Ids.next(), event,
                account);

        Findings.reconcile();

        assertThat(Findings.open(account, "lost_event")).containsEntry("stripeId", event)
                .containsEntry("details", "payout.paid, Something");
    }

    @Test
    void saysThatAnAccountsEventsCannotBeListed() {
        String account = Earnings.account(Marketplace.coach("carol", "100.00", "USD"));
        jobs.runNow("event-backfill");
        OwnerSql.run(
                """
                        update stripe_cursors set failures = 5, failure = 'No.', failed_since = now(), next_at = now() + interval '10 years'
                         where listing = 'events' and account = ?""",
                account);

        Findings.reconcile();

        assertThat(Findings.open(account, "listing_failed")).containsEntry("details", "No., tried 5 times");
        OwnerSql.run("update stripe_cursors set failures = 0, failure = null, failed_since = null, next_at = null"
                + " where listing = 'events' and account = ?", account);
    }

    @Test
    void listsAnAccountAgainWhenItsBooksMove() {
        Sale sale = Sale.usual();
        String account = sale.account();
        Marketplace.hearsOfAll();
        OwnerSql.run("""
                update stripe_cursors set next_at = ?::timestamptz, listed_until = ?::timestamptz
                 where listing = 'events' and account = ?""",
                StripeSandbox.now().plus(Duration.ofDays(7)).toString(),
                StripeSandbox.now().minus(Duration.ofHours(2)).toString(),
                account);
        Instant before = listedUntil(account);
        jobs.runNow("event-backfill");
        assertThat(listedUntil(account)).as("it rests").isEqualTo(before);

        sale.refunded("25.00");
        soon().until(() -> sale.entries().containsKey("coach_pending"));

        soon().untilAsserted(() -> {
            jobs.runNow("event-backfill");
            assertThat(listedUntil(account)).isAfter(before);
        });
    }

    private static Instant listedUntil(String account) {
        return Instant.parse(OwnerSql.rows(
                "select to_char(listed_until at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') as at from stripe_cursors where listing = 'events' and account = ?",
                account).get(0).get("at").toString());
    }

    private static String answered() {
        Sale sale = Sale.usual();
        String dispute = sale.disputed(12500);
        String id = OwnerSql.rows("select id::text from disputes where stripe_dispute_id = ?", dispute).get(0).get("id")
                .toString();
        sale.carol.puts("/v1/disputes/" + id + "/evidence", Map.of("uncategorized_text", "We met.")).statusCode(200)
                .body("evidence.uncategorized_text", equalTo("We met."));
        sale.decided(dispute, "lost");
        return dispute;
    }

    private static void ended(String dispute, Duration ago) {
        OwnerSql.run("update disputes set closed_at = ?::timestamptz where stripe_dispute_id = ?",
                StripeSandbox.now().minus(ago).toString(), dispute);
    }

    private static String evidence(String dispute) {
        return OwnerSql.rows("select evidence::text from disputes where stripe_dispute_id = ?", dispute).get(0).get("evidence")
                .toString();
    }

    private static long lines(UUID payment) {
        return (long) OwnerSql.rows("select count(*) as lines from payment_logs where transaction_id = ?", payment).get(0)
                .get("lines");
    }
}
