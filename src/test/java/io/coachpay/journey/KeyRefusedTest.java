package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import jakarta.inject.Inject;

import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.coachpay.Management;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;
import io.coachpay.stripe.StripeAway;

/**
 * Stripe refuses our key for a while: that is a fact about us, and about no refund, transfer, payout, mark or event. All due
 * work is done once the key works again.
 */
@ServiceTest
class KeyRefusedTest {

    private static final Logger LOG = Logger.getLogger(KeyRefusedTest.class);

    /** Requests stay due: no webhook arrives. */
    private static final String DEAF = """
            {"requests": [{"match": {"method": "POST", "path": "/v1/refunds"}, "do": "refuse"},
                          {"match": {"method": "POST", "path": "/v1/transfers*"}, "do": "refuse"},
                          {"match": {"method": "POST", "path": "/v1/payouts"}, "do": "refuse"},
                          {"match": {"method": "POST", "path": "/v1/customers/*"}, "do": "refuse"},
                          {"match": {"method": "POST", "path": "/v1/balance_settings"}, "do": "refuse"},
                          {"match": {"method": "POST", "path": "/v1/payment_intents"}, "do": "refuse"}]}""";

    private static final List<String> JOBS = List.of("refund-check", "transfer-steps", "payout-check", "payout-sync",
            "balance-import", "customer-sync", "manual-payouts", "payment-check", "hold-expiry", "dispute-check",
            "dispute-listing", "event-backfill", "transfer-sync", "product-sync", "plan-sync", "subscription-check");

    @Inject
    Jobs jobs;

    private final List<Person> coaches = new ArrayList<>();
    private Sale refunded;
    private Sale disputed;
    private Person paidOut;
    private Person mentee;
    private String unpaid;

    /** The ways in which Stripe refuses the key. */
    private enum Trouble {
        ROLLED {
            @Override
            void begin() {
                StripeSandbox.rollsKey();
            }
        },
        RESTRICTED {
            @Override
            void begin() {
                StripeSandbox.restrictsKey("*");
            }
        };

        abstract void begin();
    }

    @AfterEach
    void heal() {
        StripeSandbox.restoresKey();
        StripeSandbox.noFaults();
    }

    @ParameterizedTest
    @EnumSource(Trouble.class)
    void changesNoRowAndFinishesAllOnceTheKeyWorks(Trouble trouble) {
        begin();
        trouble.begin();
        StripeSandbox.noFaults();
        List<String> before = rows();
        Earnings.bank(paidOut, Map.of("currency", "usd", "instant", true));
        soon().until(() -> !events("received").isEmpty());

        for (int round = 0; round < 3; round++) {
            StripeSandbox.advance(Duration.ofMinutes(5));
            JOBS.forEach(this::run);
        }

        assertThat(rows()).isEqualTo(before);
        assertThat(events("dead")).isEmpty();
        assertThat(OwnerSql.rows("select max(attempts) as most from stripe_events where status = 'received' and account = ?",
                Earnings.account(paidOut)).get(0).get("most")).isIn(0, 1);

        StripeSandbox.restoresKey();
        // The slowest of all, a payment's check, has its next turn by then.
        StripeSandbox.advance(Duration.ofMinutes(6));

        isFinishedSoon();
    }

    @Test
    void keepsEachCoachsTurnToBePaid() {
        Person carol = Earnings.coachWith100("daily", "50.00");
        jobs.runNow("payout-run");
        StripeSandbox.rollsKey();
        StripeSandbox.advance(Duration.ofDays(1));

        jobs.runNow("payout-run");

        assertThat(Earnings.payouts(carol)).isEmpty();
        assertThat(OwnerSql.rows("select failures, reason from payout_marks where user_id = ?::uuid", carol.id()).get(0))
                .containsEntry("failures", 0).containsEntry("reason", null);
        StripeSandbox.restoresKey();
        StripeSandbox.advance(Duration.ofMinutes(1));
        jobs.runNow("payout-run");
        Earnings.becomesSoon(carol, "100 pending standard run");
        Books.closeFor(carol);
    }

    @Test
    void takesTheCoachsShareAlthoughTheKeyWasRefusedFirst() {
        Sale sale = Sale.usual();
        StripeSandbox.restrictsKey("/v1/refunds");
        sale.refundRest().statusCode(201).body("status", equalTo("requested"));
        StripeSandbox.advance(Duration.ofMinutes(5));
        jobs.runNow("refund-check");

        StripeSandbox.restoresKey();
        StripeSandbox.advance(Duration.ofMinutes(2));

        sale.isSoon("refunded", "125.00");
        sale.isSettledSoon();
        Outcome.isSoon(sale.payment, "0.00", "-3.93", "3.93");
    }

    @Test
    void tellsPeopleToComeAgainAndOperatorsWhy() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        Person alice = Person.called("alice");
        String session = booked(alice, carol, freeTime(), 60);
        StripeSandbox.rollsKey();

        alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent")).statusCode(503)
                .body("type", equalTo("urn:coachpay:problem:stripe-away")).body("retry", equalTo(true));

        Management.get("/q/health/ready").then().statusCode(503);
        assertThat(Management.get("/q/metrics").asString()).containsPattern("coachpay_stripe_key_refused\\S* 1.0");
        StripeSandbox.restoresKey();
        alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent")).statusCode(200);
        assertThat(Management.get("/q/metrics").asString()).containsPattern("coachpay_stripe_key_refused\\S* 0.0");
    }

    /** A job that asks for one thing alone ends with the refusal, and has its next turn. */
    private void run(String job) {
        try {
            jobs.runNow(job);
        } catch (StripeAway.KeyRefused refused) {
            LOG.infof("%s: %s", job, refused.getMessage());
        }
    }

    /** Begins one of each kind of background work, due and not yet done. */
    private void begin() {
        // The amounts of the refund and the dispute; other stories may have left less.
        Marketplace.toppedUp("usd", 50000);
        refunded = Sale.usual();
        disputed = Sale.usual();
        paidOut = Earnings.coachWith100("weekly", "50.00");
        coaches.addAll(List.of(refunded.carol, disputed.carol, paidOut));
        mentee = Person.called("alice");
        unpaid = booked(mentee, refunded.carol, freeTime(), 60);
        StripeSandbox.faults(DEAF);
        refunded.refundRest().statusCode(201).body("status", equalTo("requested"));
        disputed.disputed(12500);
        soon().until(() -> !OwnerSql.rows("select 1 from transfer_steps where transaction_id = ?", disputed.payment).isEmpty());
        paidOut.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(202);
        refunded.alice.asks().body(Map.of("name", "Alice Renamed")).patch("/v1/me").then().statusCode(200);
        OwnerSql.run("update stripe_connected_accounts set payouts_manual = false where user_id = ?::uuid", paidOut.id());
        mentee.posts("/v1/sessions/" + unpaid + "/payment", Map.of("method", "payment_intent")).statusCode(503);
    }

    private void isFinishedSoon() {
        refunded.isSoon("refunded", "125.00");
        refunded.isSettledSoon();
        soon().untilAsserted(() -> {
            // Jobs that were paused while another found out that the key works have their next turn only a minute later.
            JOBS.forEach(this::run);
            assertThat(texts("select status from transfer_steps where transaction_id = '%s'", disputed.payment))
                    .containsOnly("created");
            assertThat(texts("select status from payouts where user_id = '%s'", paidOut.id())).containsAnyOf("pending",
                    "in_transit", "paid");
            assertThat(texts("select sync_status from stripe_customers where user_id = '%s'", refunded.alice.id()))
                    .containsExactly("synced");
            assertThat(texts("select payouts_manual from stripe_connected_accounts where user_id = '%s'", paidOut.id()))
                    .containsExactly("true");
            assertThat(texts("select stripe_payment_intent_id from transactions where session_id = '%s'", unpaid))
                    .doesNotContain("null");
            assertThat(events("received")).isEmpty();
            assertThat(events("failed")).isEmpty();
        });
        for (Person coach : coaches) {
            Books.closeFor(coach);
        }
    }

    /** Rows that the refusal must not change, without their next due times. */
    private List<String> rows() {
        List<String> rows = new ArrayList<>();
        for (Person coach : coaches) {
            rows.addAll(
                    texts("""
                            select concat_ws(' ', r.id, r.status, r.attempt, r.borne_alone, r.failure_code, r.stripe_refund_id) from refunds r
                              join transactions t on t.id = r.transaction_id where t.coach_id = '%s' order by r.id""",
                            coach.id()));
            rows.addAll(texts("""
                    select concat_ws(' ', s.id, s.status, s.attempt, s.failure_code, s.stripe_id) from transfer_steps s
                      join transactions t on t.id = s.transaction_id where t.coach_id = '%s' order by s.id""", coach.id()));
            rows.addAll(
                    texts("""
                            select concat_ws(' ', id, status, method, fallback_reason, attempt, failure_code, stripe_payout_id) from payouts
                             where user_id = '%s' order by id""",
                            coach.id()));
            rows.addAll(texts("""
                    select concat_ws(' ', id, status, attempt, stripe_payment_intent_id, failure_code) from transactions
                     where coach_id = '%s' order by id""", coach.id()));
            rows.addAll(
                    texts("""
                            select concat_ws(' ', a.id, a.attempt, a.payouts_manual, a.deauthorized_at, i.failure, m.failure)
                              from stripe_connected_accounts a
                              left join stripe_cursors i on i.account = a.stripe_account_id and i.listing = 'balance_transactions'
                              left join stripe_cursors m on m.account = a.stripe_account_id and m.listing = 'events' where a.user_id = '%s'""",
                            coach.id()));
        }
        rows.addAll(texts("select concat_ws(' ', id, sync_status, attempt) from stripe_customers where user_id = '%s'",
                refunded.alice.id()));
        return rows;
    }

    private List<String> events(String status) {
        return texts("select event_id from stripe_events where account = '%s' and status = '" + status + "'",
                Earnings.account(paidOut));
    }

    private static List<String> texts(String sql, Object id) {
        return Books.texts(sql.formatted(id));
    }
}
