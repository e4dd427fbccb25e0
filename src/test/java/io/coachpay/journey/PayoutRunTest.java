package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;

/** Coaches are paid on their day, once, and to the cent. */
@ServiceTest
class PayoutRunTest {

    @Inject
    Jobs jobs;

    @Test
    void paysOnTheDueDayAndNotBefore() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        Marketplace.paidOut(carol, "weekly", "50.00");
        Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "100.00");
        jobs.runNow("payout-run");
        assertThat(Earnings.payouts(carol)).isEmpty();

        StripeSandbox.advance(Duration.ofDays(7));
        jobs.runNow("payout-run");

        Earnings.becomesSoon(carol, "100 pending standard run");
        assertThat(Earnings.items(carol)).containsExactly("100");
        Books.agreeFor(carol);
        StripeSandbox.advance(Duration.ofDays(3));
        Earnings.becomesSoon(carol, "100 paid standard run");
        assertThat(Earnings.accounts(carol, "USD")).isEqualTo("0 0 0 100");
        soon().untilAsserted(() -> Books.agreeFor(carol));
    }
}
