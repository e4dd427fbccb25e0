package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import io.coachpay.OwnerSql;

/**
 * The result of one payment by our books, with Stripe's fees: the coach's, the platform's and the outside's amounts, which sum
 * to zero.
 */
record Outcome(String coach, String platform, String external) {

    private static final String SIDES = """
            select case when a.kind like 'coach%' then 'coach' when a.kind in ('external', 'fx') then 'external' else 'platform' end
                   as side, sum(e.amount) as amount
              from ledger_entries e join ledger_journals j on j.id = e.journal_id join ledger_accounts a on a.id = e.account_id
             where j.transaction_id = ? group by 1""";

    /** Reads Stripe's fees from the platform's balance transactions, and waits until the payment has come to this. */
    static void isSoon(UUID payment, String coach, String platform, String external) {
        Findings.importNow("platform");
        soon().untilAsserted(() -> assertThat(of(payment)).isEqualTo(new Outcome(coach, platform, external)));
    }

    /** Waits until a session's payment has come to this. */
    static void isSoon(String session, String coach, String platform, String external) {
        isSoon(UUID.fromString(
                OwnerSql.rows(
                        "select id::text as id from transactions where session_id = ?::uuid order by created_at desc limit 1",
                        session).get(0).get("id").toString()),
                coach, platform, external);
    }

    /** Stripe's charge to the platform for something other than a payment, such as a dispute, by its id. */
    static BigDecimal chargedFor(String object) {
        Findings.importNow("platform");
        return OwnerSql.rows("""
                select coalesce(sum(-e.amount), 0) as amount from stripe_balance_transactions b
                  join ledger_journals j on j.kind = 'stripe_fee' and j.reference = b.stripe_balance_transaction_id
                  join ledger_entries e on e.journal_id = j.id
                  join ledger_accounts a on a.id = e.account_id and a.kind = 'stripe_fees'
                 where b.account = 'platform' and b.source = ?""", object).stream()
                .map(row -> (BigDecimal) row.get("amount")).findFirst().orElseThrow();
    }

    private static Outcome of(UUID payment) {
        Map<String, BigDecimal> sides = new HashMap<>();
        OwnerSql.rows(SIDES, payment).forEach(row -> sides.put(row.get("side").toString(), (BigDecimal) row.get("amount")));
        return new Outcome(text(sides.get("coach")), text(sides.get("platform")), text(sides.get("external")));
    }

    private static String text(BigDecimal amount) {
        return amount == null ? "0.00" : amount.setScale(2).toPlainString();
    }
}
