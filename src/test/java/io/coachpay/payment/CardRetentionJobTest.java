package io.coachpay.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.job.Jobs;
import io.coachpay.journey.Marketplace;

/** Addresses that people came from are forgotten once no limit counts them. */
@ServiceTest
class CardRetentionJobTest {

    @Inject
    Jobs jobs;

    private String user;

    @BeforeEach
    void signIn() {
        user = Person.called("alice").id();
    }

    @Test
    void forgetsRefusalsAfterTwoDays() {
        refused("ch_old", "49 hours");
        refused("ch_new", "1 hour");

        jobs.runNow("card-retention");

        assertThat(values("select left(stripe_id, 6) as v from card_declines where user_id = ?::uuid"))
                .containsExactly("ch_new");
    }

    @Test
    void forgetsWherePaymentsWereOpenedFrom() {
        String payment = paying();
        opened(payment, "49 hours");
        jobs.runNow("card-retention");
        assertThat(OwnerSql.rows("select 1 from payment_addresses where transaction_id = ?::uuid", payment)).isEmpty();

        opened(payment, "1 hour");
        jobs.runNow("card-retention");
        assertThat(OwnerSql.rows("select 1 from payment_addresses where transaction_id = ?::uuid", payment)).hasSize(1);
    }

    @Test
    void forgetsSetupsThatEndedAMonthAgo() {
        setUp("canceled", "31 days");
        setUp("open", "31 days");
        setUp("canceled", "1 day");

        jobs.runNow("card-retention");

        assertThat(values("select status as v from payment_method_setups where user_id = ?::uuid order by created_at"))
                .containsExactly("open", "canceled");
    }

    private static String paying() {
        Person bob = Person.called("bob");
        String session = Marketplace.booked(bob, Marketplace.coach("carol", "100.00", "USD"), Marketplace.freeTime(), 60);
        return bob.posts("/v1/sessions/" + session + "/payment", Map.of("method", "checkout")).statusCode(200).extract()
                .path("transactionId");
    }

    private static void opened(String payment, String ago) {
        OwnerSql.run("""
                insert into payment_addresses (id, transaction_id, client_address, created_at)
                values (gen_random_uuid(), ?::uuid, '203.0.113.7', now() - ?::interval)""", payment, ago);
    }

    private void refused(String charge, String ago) {
        OwnerSql.run("""
                insert into card_declines (id, user_id, stripe_id, created_at)
                values (gen_random_uuid(), ?::uuid, ?, now() - ?::interval)""", user, charge + user.replace("-", ""), ago);
    }

    private void setUp(String status, String ago) {
        OwnerSql.run("""
                insert into payment_method_setups (id, user_id, ui, status, stripe_customer_id, currency, check_at, created_at)
                values (gen_random_uuid(), ?::uuid, 'elements', ?, 'cus_1', 'USD',
                  case ? when 'open' then now() + interval '1 year' end, now() - ?::interval)""", user, status, status, ago);
    }

    private List<String> values(String query) {
        return OwnerSql.rows(query, user).stream().map(row -> String.valueOf(row.get("v"))).toList();
    }
}
