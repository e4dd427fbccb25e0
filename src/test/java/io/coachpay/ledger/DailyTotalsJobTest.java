package io.coachpay.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.ServiceTest;
import io.coachpay.job.Jobs;

/** Closed days of shared accounts are added up once; a balance follows from them and the days since. */
@ServiceTest
class DailyTotalsJobTest {

    /** In a currency that no other story uses. */
    private static final String POST = """
            with journal as (
              insert into ledger_journals (id, kind, reference, occurred_at) values (gen_random_uuid(), 'test', ?, now()) returning id),
            line (kind, amount) as (values ('external', -?::numeric), ('platform_revenue', ?::numeric))
            insert into ledger_entries (id, journal_id, account_id, currency, amount, created_at)
            select overlay(gen_random_uuid()::text placing left(id_from(now() - ?::interval)::text, 13) from 1 for 13)::uuid,
                   journal.id, a.id, 'DKK', line.amount, now() - ?::interval
              from journal, line join ledger_accounts a on a.kind = line.kind and a.currency = 'DKK' and a.owner_id is null""";

    @Inject
    Jobs jobs;

    @Test
    void addsUpEachClosedDayAndCountsTheOpenOneBesides() {
        OwnerSql.run("""
                insert into ledger_accounts (id, kind, currency) values (gen_random_uuid(), 'external', 'DKK'),
                       (gen_random_uuid(), 'platform_revenue', 'DKK') on conflict do nothing""");
        post("7", "2 days");
        jobs.runNow("ledger-totals");
        post("11", "1 second");
        post("5", "2 days");

        assertThat(held()).as("without what came too late for its day").isEqualByComparingTo("18");
        jobs.runNow("ledger-totals");

        assertThat(held()).isEqualByComparingTo("23");
        assertThat(closed()).isEqualByComparingTo("12");
    }

    private static void post(String amount, String ago) {
        BigDecimal value = new BigDecimal(amount);
        OwnerSql.run(POST, "DailyTotalsTest-" + UUID.randomUUID(), value, value, ago, ago);
    }

    private static BigDecimal held() {
        return (BigDecimal) OwnerSql.rows("""
                select balance from ledger_balances where kind = 'platform_revenue' and currency = 'DKK'""").get(0)
                .get("balance");
    }

    private static BigDecimal closed() {
        return (BigDecimal) OwnerSql.rows("""
                select sum(d.amount) as amount from ledger_daily_totals d join ledger_accounts a on a.id = d.account_id
                 where a.kind = 'platform_revenue' and a.currency = 'DKK'""").get(0).get("amount");
    }
}
