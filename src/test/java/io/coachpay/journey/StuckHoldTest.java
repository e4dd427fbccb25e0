package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;

/** Holds whose payment Stripe does not end: they do not delay others, and become findings. */
@ServiceTest
class StuckHoldTest {

    @Inject
    Jobs jobs;

    private Person carol;
    private Person alice;

    @BeforeEach
    void meet() {
        carol = Marketplace.coach("carol", "100.00", "USD");
        alice = Person.called("alice");
    }

    @AfterEach
    void release() {
        StripeSandbox.noFaults();
        OwnerSql.run("update transactions set status = 'canceled' where status = 'pending' and coach_id = ?::uuid", carol.id());
        OwnerSql.run("update sessions set status = 'cancelled' where status = 'pending_payment' and coach_id = ?::uuid",
                carol.id());
    }

    @Test
    void keepsNoOtherFromExpiring() {
        String ordinary = booked(alice, Marketplace.coach("dora", "100.00", "USD"), freeTime(), 60);
        holdsThatStripeDoesNotKnow(200, StripeSandbox.now());

        StripeSandbox.advance(Duration.ofMinutes(31));
        jobs.runNow("hold-expiry");
        jobs.runNow("hold-expiry");

        alice.gets("/v1/sessions/" + ordinary).body("status", equalTo("expired"));
    }

    @Test
    void isAFindingAfterADay() {
        holdsThatStripeDoesNotKnow(1, StripeSandbox.now());
        String session = Books.texts("select id from sessions where coach_id = '" + carol.id() + "'").get(0);
        StripeSandbox.advance(Duration.ofHours(23));
        jobs.runNow("hold-expiry");
        Findings.reconcile();
        assertThat(stuck(session)).isZero();

        StripeSandbox.advance(Duration.ofHours(2));
        jobs.runNow("hold-expiry");
        Findings.reconcile();

        assertThat(stuck(session)).isOne();
        Map<String, Object> finding = OwnerSql.rows("select * from reconciliation_findings where subject = ?", session).get(0);
        assertThat(finding.get("amount").toString()).startsWith("100.00");
        assertThat(finding.get("details")).isEqualTo("its payment is pending");
        assertThat(finding.get("stripe_id").toString()).startsWith("pi_gone");
        release();
        soon().untilAsserted(() -> {
            Findings.reconcile();
            assertThat(stuck(session)).isZero();
        });
    }

    private static long stuck(String session) {
        return OwnerSql.rows("""
                select 1 from reconciliation_findings where kind = 'stuck_hold' and subject = ? and resolved_at is null""",
                session).size();
    }

    /** As after a change of the account at Stripe: payments that it does not know. */
    private void holdsThatStripeDoesNotKnow(int many, Instant since) {
        // More than one mentee may hold.
        OwnerSql.run("alter table sessions disable trigger open_holds");
        OwnerSql.run("""
                insert into sessions (id, mentee_id, coach_id, starts_at, ends_at, price_amount, currency, platform_fee_amount,
                                      coach_payout_amount, created_at, hold_expires_at, hourly_rate, platform_fee_percentage)
                select gen_random_uuid(), ?::uuid, ?::uuid, timestamptz '2100-01-01' + n * interval '1 hour',
                       timestamptz '2100-01-01' + (n + 1) * interval '1 hour', 100, 'USD', 20, 80,
                       ?::timestamptz - interval '30 minutes', ?::timestamptz, 100, 20
                  from generate_series(1, ?::int) as n""", alice.id(), carol.id(), since.toString(), since.toString(),
                Integer.toString(many));
        OwnerSql.run("alter table sessions enable trigger open_holds");
        OwnerSql.run(
                """
                        insert into transactions (id, type, status, method, amount, currency, platform_fee, coach_payout, payer_id, coach_id,
                                                  session_id, destination_account, expires_at, stripe_payment_intent_id, stripe_customer_id,
                                                  description)
                        select gen_random_uuid(), 'session_payment', 'pending', 'payment_intent', 100, 'USD', 20, 80, mentee_id, coach_id, id,
                               'acct_gone', hold_expires_at, 'pi_gone' || replace(id::text, '-', ''), 'cus_gone', 'Coaching session'
                          from sessions where coach_id = ?::uuid""",
                carol.id());
    }
}
