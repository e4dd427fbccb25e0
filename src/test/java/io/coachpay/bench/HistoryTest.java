package io.coachpay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.database.Database;

/** A short history is as consistent as if the service had lived it, although no trigger and no key was checked. */
class HistoryTest {

    private static final int PAYMENTS = 5000;
    private static final int COACHES = 40;

    private static String url;

    @BeforeAll
    static void write() throws Exception {
        url = Database.fresh("history");
        History.write(url, PAYMENTS, COACHES, History::account, Instant.parse("2030-06-15T12:00:00Z"));
    }

    @Test
    void hasEverythingInIt() {
        assertThat(rows("select count(*) from transactions")).containsExactly(Integer.toString(PAYMENTS));
        assertThat(rows("select distinct status from transactions")).containsExactlyInAnyOrder("completed", "canceled",
                "refunded", "partially_refunded");
        assertThat(rows("select distinct status from sessions")).containsExactlyInAnyOrder("completed", "confirmed",
                "cancelled", "expired");
        assertThat(rows("select distinct status from payouts")).containsExactlyInAnyOrder("paid", "failed");
        assertThat(rows("select count(distinct currency) from ledger_entries")).containsExactly("3");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            // each journal sums to zero
            "select journal_id from ledger_entries group by journal_id, currency having sum(amount) <> 0",
            "select id from ledger_journals j where not exists (select from ledger_entries e where e.journal_id = j.id)",
            // each account's lines follow each other, and make up its balance
            """
                    select id from (select id, account_id, line, balance_before,
                             row_number() over history as expected_line,
                             coalesce(lag(balance_after) over history, 0) as expected_before
                        from ledger_entries where line is not null window history as (partition by account_id order by line)) e
                     where line <> expected_line or balance_before <> expected_before""",
            """
                    select a.id from ledger_accounts a left join ledger_entries e on e.account_id = a.id where a.owner_id is not null
                     group by a.id having a.balance <> coalesce(sum(e.amount), 0) or a.lines <> count(e.id)""",
            "select a.id from ledger_accounts a join ledger_entries e on e.account_id = a.id where a.currency <> e.currency",
            // each profile says what the accounts hold
            """
                    select p.id from coach_profiles p join ledger_accounts a on a.owner_id = p.user_id and a.currency = p.currency
                     group by p.id having p.total_earnings <> sum(a.balance)
                        or p.pending_balance <> coalesce(sum(a.balance) filter (where a.kind = 'coach_pending'), 0)
                        or p.available_balance <> coalesce(sum(a.balance) filter (where a.kind = 'coach_available'), 0)""",
            // each payout is the sum of its items, and each line is in one payout at most
            "select p.id from payouts p left join payout_items i on i.payout_id = p.id group by p.id having p.amount <> sum(i.amount)",
            "select entry_id from payout_items where released_at is null group by entry_id having count(*) > 1",
            """
                    select i.id from payout_items i join ledger_entries e on e.id = i.entry_id
                      join ledger_accounts a on a.id = e.account_id where a.kind <> 'coach_available' or i.amount <> e.amount""",
            """
                    select a.id from ledger_accounts a join payouts p on p.user_id = a.owner_id and p.currency = a.currency
                     where a.kind = 'coach_paid_out'
                     group by a.id having a.balance <> coalesce(sum(p.amount) filter (where p.status = 'paid'), 0)""",
            // what is refunded is what the payment says
            """
                    select t.id from transactions t left join refunds r on r.transaction_id = t.id
                     group by t.id having t.refunded_amount <> coalesce(sum(r.amount), 0)""",
            // Stripe's books say the same
            """
                    select c.id from stripe_connected_accounts c
                      join (select account, sum(net) as net from stripe_balance_transactions group by account) b
                        on b.account = c.stripe_account_id
                      join (select owner_id, sum(balance) as balance from ledger_accounts
                             where kind in ('coach_pending', 'coach_available') group by owner_id) a on a.owner_id = c.user_id
                     where a.balance <> b.net""",
            """
                    select b.currency from stripe_balance_transactions b where b.account = 'platform' group by b.currency
                    having sum(b.net) is distinct from (select sum(e.amount) from ledger_entries e join ledger_accounts a on a.id = e.account_id
                      where a.kind in ('platform_revenue', 'stripe_fees', 'refund_clearing') and a.currency = b.currency)""",
            // the sums of each past day are kept, and a payout run looks no further back than it must
            """
                    select a.id from ledger_accounts a join ledger_entries e on e.account_id = a.id
                     where a.owner_id is null and (e.created_at at time zone 'UTC')::date < '2030-06-15'
                     group by a.id having (sum(e.amount), count(*)) is distinct from
                       (select (sum(d.amount), sum(d.entries)::bigint) from ledger_daily_totals d where d.account_id = a.id)""",
            """
                    select e.id from payout_marks m join ledger_accounts a on a.owner_id = m.user_id and a.kind = 'coach_available'
                      join ledger_entries e on e.account_id = a.id and e.line <= m.allocated_to
                      join ledger_journals j on j.id = e.journal_id and j.kind = 'funds_available'
                     where not exists (select from payout_items i where i.entry_id = e.id and i.released_at is null)""",
            "select id from stripe_balance_transactions where available_on < '2030-06-15T12:00:00Z' and journal_id is null"
    })
    void breaksNoRule(String broken) {
        assertThat(rows(broken + " limit 5")).isEmpty();
    }

    @Test
    void refersToNothingThatIsNotThere() {
        List<String> orphans = rows("""
                select format('select %L from %s where %I is not null and not exists (select from %s p where p.id = %s.%I)',
                              conname, conrelid::regclass, a.attname, confrelid::regclass, conrelid::regclass, a.attname)
                  from pg_constraint join pg_attribute a on a.attrelid = conrelid and a.attnum = conkey[1]
                 where contype = 'f'""");

        assertThat(orphans).hasSizeGreaterThan(30).allSatisfy(query -> assertThat(rows(query + " limit 1")).isEmpty());
    }

    @Test
    void leavesEveryIndexInUse() {
        assertThat(rows("select indexrelid::regclass::text from pg_index where not indisready or not indisvalid")).isEmpty();
    }

    private static List<String> rows(String query) {
        try (Connection connection = DriverManager.getConnection(url, "postgres", "");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }
}
