package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;

/** Available funds are imported when Stripe reports them, and an hour later at most when it does not. */
@ServiceTest
class AvailabilityTest {

    @Inject
    Jobs jobs;

    private Person carol;
    private String account;

    @BeforeEach
    void importWhatThereIs() {
        carol = Marketplace.coach("carol", "100.00", "USD");
        account = Earnings.account(carol);
        Findings.importNow(account);
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void isImportedAsSoonAsStripeSaysThatFundsAreAvailable() {
        String before = importedUntil();

        Earnings.paid(carol);

        Earnings.availableSoon(carol, "USD", "100.00");
        assertThat(importedUntil()).isNotEqualTo(before);
        assertThat(OwnerSql.rows("""
                select 1 from stripe_events where type = 'balance.available' and account = ? and status = 'processed'""",
                account))
                .isNotEmpty();
        Books.closeFor(carol);
    }

    @Test
    void isImportedWithinTheHourWhenStripeSaysNothing() {
        StripeSandbox.faults("{\"webhooks\": [{\"match\": {\"type\": \"balance.available\"}, \"do\": \"drop\"}]}");
        Earnings.paid(carol);
        soon().untilAsserted(() -> assertThat(Earnings.accounts(carol, "USD")).isEqualTo("100 0 0 0"));

        StripeSandbox.advance(Duration.ofMinutes(61));
        jobs.runNow("balance-import");

        Earnings.availableSoon(carol, "USD", "100.00");
        Books.closeFor(carol);
    }

    private String importedUntil() {
        return String.valueOf(OwnerSql
                .rows("select listed_until from stripe_cursors where listing = 'balance_transactions' and account = ?", account)
                .get(0)
                .get("listed_until"));
    }
}
