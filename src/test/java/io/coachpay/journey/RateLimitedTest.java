package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;

/** Stripe says how long to wait before the next call, and the service waits that long. */
@ServiceTest
class RateLimitedTest {

    private static final Duration AN_HOUR = Duration.ofHours(1);
    private static final Duration AS_GOOD_AS_AT_ONCE = Duration.ofSeconds(20);

    @Inject
    Jobs jobs;

    private Sale sale;

    @BeforeEach
    void sell() {
        sale = Sale.usual();
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void asksForARefundAgainWhenStripeSays() {
        limited("POST", "/v1/refunds", 20);

        String refund = sale.refundRest().statusCode(201).extract().path("id");

        assertThat(secondsUntil("select check_at as at from refunds where id = ?::uuid", refund)).isBetween(1.0, 21.0);
        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofSeconds(21));
        sale.isSoon("refunded", "125.00");
        sale.isSettledSoon();
        sale.agrees();
    }

    @Test
    void takesBackWhatARefundLeftWhenStripeSays() {
        limited("POST", "/v1/transfers/*", 20);

        sale.refundInDashboard(12500);

        soon().until(() -> StripeSandbox.request().get("/sandbox/faults").jsonPath().getInt("requests[0].applied") > 0);
        soon().atMost(AS_GOOD_AS_AT_ONCE).until(() -> secondsUntil("""
                select check_at as at from transfer_steps where transaction_id = ?::uuid and kind = 'reversal'""",
                sale.payment.toString()) < 21);
        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofSeconds(21));
        sale.isSettledSoon();
        sale.agrees();
    }

    @Test
    void importsAnAccountAgainWhenStripeSays() {
        limited("GET", "/v1/balance_transactions*", 40);
        OwnerSql.run(
                "update stripe_cursors set requested_at = ?::timestamptz where listing = 'balance_transactions' and account = ?",
                StripeSandbox.now().toString(),
                sale.account());

        soon().until(() -> {
            jobs.runNow("balance-import");
            return !OwnerSql
                    .rows("select 1 from stripe_cursors where listing = 'balance_transactions' and account = ? and failure = 'rate_limited'",
                            sale.account())
                    .isEmpty();
        });

        assertThat(
                secondsUntil("select next_at as at from stripe_cursors where listing = 'balance_transactions' and account = ?",
                        sale.account()))
                .isBetween(11.0, 41.0);
        StripeSandbox.noFaults();
        StripeSandbox.advance(AN_HOUR);
        sale.agrees();
    }

    private static void limited(String method, String path, int seconds) {
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "%s", "path": "%s"}, "do": "429", "retryAfter": %d}]}"""
                .formatted(method, path, seconds));
    }

    private static double secondsUntil(String sql, String of) {
        Map<String, Object> row = OwnerSql
                .rows("select extract(epoch from at - ?::timestamptz) as seconds from (" + sql + ") as due",
                        StripeSandbox.now().toString(), of)
                .get(0);
        return ((Number) row.get("seconds")).doubleValue();
    }
}
