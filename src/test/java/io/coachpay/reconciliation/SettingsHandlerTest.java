package io.coachpay.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;

import jakarta.inject.Inject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.coachpay.ServiceTest;
import io.coachpay.Undone;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.SomeEvent;

/** Somebody gave a coach's payouts back to Stripe, which is found before they are made ours again. */
@ServiceTest
class SettingsHandlerTest {

    private static final String ACCOUNT = "acct_settingshandlertest";

    @Inject
    Undone undone;
    @Inject
    SettingsHandler handler;

    @Test
    void findsPayoutsThatWereGivenBackOnce() {
        undone.run(() -> {
            Instant now = undone.now();

            told(ACCOUNT, "daily", now);
            told(ACCOUNT, "weekly", now.plusSeconds(60));

            assertThat(undone.texts("select kind, cause, since = ?::timestamptz from reconciliation_findings where account = ?",
                    now, ACCOUNT)).containsExactly("payouts_given_back dashboard_action true");
        });
    }

    @Test
    void findsNothingWhereWeDecide() {
        undone.run(() -> {
            told(ACCOUNT, "manual", undone.now());

            assertThat(findings()).isEmpty();
        });
    }

    @Test
    void findsNothingAboutNobody() {
        undone.run(() -> {
            long before = all();

            told(null, "daily", undone.now());

            assertThat(all()).isEqualTo(before);
        });
    }

    private void told(@Nullable String account, String interval, Instant at) {
        handler.apply(
                SomeEvent.connect(account, "balance_settings.updated", at,
                        """
                                {"object": "balance_settings", "payments": {"payouts": {"schedule": {"interval": "%s"}}}}"""
                                .formatted(interval)),
                Fetched.nothing());
    }

    private List<String> findings() {
        return undone.texts("select kind from reconciliation_findings where account = ?", ACCOUNT);
    }

    private long all() {
        return Long.parseLong(
                undone.texts("select count(*) from reconciliation_findings where kind = 'payouts_given_back'").get(0));
    }
}
