package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.isSoon;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;

/** A coach disconnects the account with money in it: payers get theirs, and the platform's losses are found. */
@ServiceTest
class DeauthorizedTest {

    private Sale sale;

    @BeforeEach
    void sell() {
        sale = Sale.usual();
        sale.agrees();
        sale.carolHas("0.00", "100.00");
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void refundsAPartThatTheCoachCannotGive() {
        sale.carolLeaves();

        sale.refunded("25.00");

        sale.isSoon("partially_refunded", "25.00");
        sale.isSettledSoon();
        Outcome.isSoon(sale.payment, "100.00", "-3.93", "-96.07");
        assertThat(steps()).isEmpty();
        isFound("refund_clearing", "-25.00 USD");
        soon().untilAsserted(() -> assertThat(Findings.amount(Findings.open(sale.account(), "deauthorized"))).isEqualTo(
                "100.00 USD"));
        Books.closeFor(sale.carol, "refund_clearing", "deauthorized");
    }

    @Test
    void refundsAllOfItBeforeAnybodyHasToldThatTheCoachLeft() {
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"type": "account.application.deauthorized"}, "do": "delay", "millis": 8000}]}""");
        sale.carolLeaves();

        String refund = sale.restRefunded();

        sale.isSoon("refunded", "125.00");
        sale.isSettledSoon();
        Outcome.isSoon(sale.payment, "100.00", "-103.93", "3.93");
        assertThat(steps()).isEmpty();
        StripeSandbox.control("/sandbox/refunds/" + refund + "/fail", Map.of()).statusCode(200);
        sale.isSoon("completed", "0.00");
        sale.isSettledSoon();
        Outcome.isSoon(sale.payment, "100.00", "21.07", "-121.07");
        Books.closeFor(sale.carol, "deauthorized");
    }

    @Test
    void waitsForNoImportThatCanNeverCome() {
        sale.carolLeaves();
        OwnerSql.run("delete from stripe_balance_transactions where account = ?", sale.account());
        OwnerSql.run(
                "update stripe_cursors set listed_until = '2020-01-01' where listing = 'balance_transactions' and account = ?",
                sale.account());
        StripeSandbox.advance(Duration.ofMinutes(20));

        soon().untilAsserted(() -> {
            Findings.reconcile();
            assertThat(Findings.open(sale.account(), "untold")).containsEntry("cause", "dashboard_action");
        });
    }

    @Test
    void givesThePriceBackWhenTheSessionIsCancelled() {
        sale.carolLeaves();
        String session = OwnerSql.rows("select session_id::text as id from transactions where id = ?", sale.payment).get(0)
                .get("id").toString();
        // However much time the stories before took, the session has not begun.
        Books.set("update sessions set starts_at = starts_at + interval '90 days', ends_at = ends_at + interval '90 days'"
                + " where id = '" + session + "'");

        sale.alice.posts("/v1/sessions/" + session + "/cancel").statusCode(200).body("refund.amount", equalTo("125.00"));

        isSoon(sale.alice, session, "cancelled", "refunded");
        sale.isSettledSoon();
        Outcome.isSoon(sale.payment, "100.00", "-103.93", "3.93");
        isFound("refund_clearing", "-125.00 USD");
        Books.closeFor(sale.carol, "refund_clearing", "deauthorized");
    }

    @Test
    void bearsADisputeThatTheCoachCannot() {
        sale.carolLeaves();
        String dispute = sale.disputed(12500);

        sale.isSettledSoon();
        assertThat(steps()).containsExactly("dispute_recovery refused");
        Outcome.isSoon(sale.payment, "100.00", "-118.93", "18.93");
        isFound("refused_step", "100.00 USD");
        sale.decided(dispute, "won");

        sale.isSettledSoon();
        assertThat(steps()).containsExactly("dispute_recovery refused");
        Outcome.isSoon(sale.payment, "100.00", "6.07", "-106.07");
        Books.closeFor(sale.carol, "refused_step", "deauthorized");
    }

    @Test
    void keepsWhatCannotBeSentToTheCoachAnyMore() {
        String dispute = sale.disputed(12500);
        sale.isSettledSoon();
        sale.agrees();
        sale.carolHas("0.00", "0.00");
        sale.carolLeaves();

        sale.decided(dispute, "won");

        soon().untilAsserted(() -> assertThat(steps()).containsExactly("dispute_recovery created", "dispute_won refused"));
        Outcome.isSoon(sale.payment, "0.00", "106.07", "-106.07");
        isFound("refused_step", "100.00 USD");
        Books.closeFor(sale.carol, "refused_step");
    }

    @Test
    void keepsWhatAFailedRefundTookFromTheCoach() {
        String refund = sale.restRefunded();
        sale.isSettledSoon();
        sale.agrees();
        sale.carolLeaves();

        StripeSandbox.control("/sandbox/refunds/" + refund + "/fail", Map.of()).statusCode(200);

        sale.isSoon("completed", "0.00");
        soon().untilAsserted(() -> assertThat(steps()).containsExactly("refund_failed refused"));
        Outcome.isSoon(sale.payment, "0.00", "121.07", "-121.07");
        isFound("refused_step", "100.00 USD");
        Books.closeFor(sale.carol, "refused_step", "refund_clearing");
    }

    private List<String> steps() {
        return Books.texts("select purpose || ' ' || status from transfer_steps where transaction_id = '" + sale.payment
                + "' order by created_at, id");
    }

    /** The lasting findings about the payment: Stripe refused, and this depends on it. */
    private void isFound(String kind, String amount) {
        StripeSandbox.advance(Duration.ofMinutes(20));
        Findings.reconcile();
        List<Map<String, Object>> found = Stream.of("platform", sale.account()).map(Findings::open).flatMap(List::stream)
                .filter(finding -> kind.equals(finding.get("kind")))
                .filter(finding -> sale.payment.toString().equals(finding.get("transactionId"))).toList();
        assertThat(found).singleElement().satisfies(finding -> {
            assertThat(Findings.amount(finding)).isEqualTo(amount);
            assertThat(finding).containsEntry("cause", "refused");
            assertThat(finding.get("details")).asString().containsIgnoringCase(sale.account());
        });
    }
}
