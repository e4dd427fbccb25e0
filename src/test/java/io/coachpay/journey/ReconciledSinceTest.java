package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;

/**
 * A run reads what was touched since the one before; changes that nobody should have made are found within a week. Where
 * something differs it reads the last hour once more, so in a world shared with other tests only {@code ReadingTest} can say
 * what a reading leaves out.
 */
@ServiceTest
class ReconciledSinceTest {

    private String account;

    @BeforeEach
    void pay() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        account = Earnings.account(carol);
        UUID payment = Marketplace.paid(Person.called("alice"), carol, 75);
        Marketplace.isTransferredSoon(payment);
        Marketplace.hearsOfAll();
        Findings.importNow(account, "platform");
        StripeSandbox.advance(Duration.ofHours(3));
        soon().until(() -> {
            Findings.reconcile();
            return Findings.of(payment).isEmpty();
        });
        resting();
    }

    @Test
    void findsWithinAWeekWhatWasChangedBehindItsBack() {
        longAgo();
        OwnerSql.run("delete from stripe_balance_transactions where account = ?", account);

        StripeSandbox.advance(Duration.ofDays(8));
        Findings.reconcile();

        assertThat(Findings.amount(Findings.open(account, "untold"))).isEqualTo("100.00 USD");
    }

    @Test
    void comparesAgainWhatDifferedUntilItAgrees() {
        OwnerSql.run("update stripe_balance_transactions set amount = amount + 1, net = net + 1 where account = ?", account);
        Findings.reconcile();
        assertThat(kinds()).contains("unequal", "pending");

        longAgo();
        Findings.reconcile();

        assertThat(kinds()).contains("unequal", "pending");

        OwnerSql.run("update stripe_balance_transactions set amount = amount - 1, net = net - 1 where account = ?", account);
        Findings.reconcile();

        assertThat(kinds()).isEmpty();
    }

    @Test
    void readsNoLineThatIsOldAndAgrees() {
        longAgo();

        Findings.reconcile();

        long compared = ((Number) OwnerSql.rows("""
                select balance_transactions from reconciliation_runs where status = 'done' order by id desc limit 1""").get(0)
                .get("balance_transactions")).longValue();
        long touched = ((Number) OwnerSql.rows("""
                select count(*) as lines from stripe_balance_transactions b
                 where exists (select from reconciliation_findings f where f.resolved_at is null
                                  and f.subject = b.stripe_balance_transaction_id)
                    or fact_journal_id is null""").get(0).get("lines")).longValue();
        long all = ((Number) OwnerSql.rows("select count(*) as lines from stripe_balance_transactions").get(0).get("lines"))
                .longValue();
        assertThat(compared).as("of %d lines, %d without a fact", all, touched).isLessThan(all);
    }

    private List<Object> kinds() {
        return Findings.open(account).stream().map(finding -> finding.get("kind")).toList();
    }

    /** Moves everything before the mark, also what other tests' events and imports touch from now on. */
    private static void longAgo() {
        OwnerSql.run("update reconciliation_runs set books_at = now() + interval '1 day'");
    }

    /** Waits until the run that the moved clock has brought about is over. */
    private static void resting() {
        soon().until(() -> OwnerSql
                .rows("""
                        select 1 from scheduled_tasks where task_name = 'reconciliation' and (picked or execution_time < ?::timestamptz)""",
                        StripeSandbox.now().toString())
                .isEmpty());
    }
}
