package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.restassured.response.ValidatableResponse;

/** A payer has got the due amount in another way: an administrator withdraws the refund, and nothing asks for it again. */
@ServiceTest
class GivenUpRefundTest {

    private Sale sale;

    @BeforeEach
    void sell() {
        // The coach's repayment after a won dispute needs it.
        Marketplace.toppedUp("usd", 50000);
        sale = Sale.usual();
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void asksNoMoreForWhatWasDue() {
        StripeSandbox.refuses("/v1/refunds", "balance_insufficient");
        cancelled();
        soon().untilAsserted(() -> assertThat(refunds()).containsExactly("requested 125 platform_balance_insufficient"));
        StripeSandbox.noFaults();

        withdrawn(newest()).statusCode(200).body("status", equalTo("refused")).body("failureCode", equalTo("withdrawn"));

        nothingIsFound();
        sale.decided(sale.disputed(5000), "won");
        StripeSandbox.advance(Duration.ofDays(3));
        sale.isSettledSoon();
        assertThat(refunds()).containsExactly("refused 125 withdrawn");
        sale.agrees();
        sale.carolHas("0.00", "100.00");
    }

    @Test
    void asksNoMoreForWhatWasDueThoughTheBankHoldsIt() {
        StripeSandbox.refuses("/v1/refunds", "balance_insufficient");
        cancelled();
        soon().untilAsserted(() -> assertThat(refunds()).containsExactly("requested 125 platform_balance_insufficient"));
        OwnerSql.run("update refunds set check_at = check_at + interval '30 days' where transaction_id = ?", sale.payment);
        String dispute = sale.disputed(12500);

        withdrawn(newest()).statusCode(200);
        StripeSandbox.noFaults();

        sale.decided(dispute, "won");
        StripeSandbox.advance(Duration.ofDays(3));
        sale.isSettledSoon();
        assertThat(refunds()).containsExactly("refused 125 withdrawn");
        sale.agrees();
    }

    @Test
    void letsAnAdministratorEndWhatStripeRefuses() {
        StripeSandbox.refuses("/v1/refunds", "not_today");
        cancelled();
        soon().untilAsserted(() -> assertThat(refunds()).containsExactly("refused 125 not_today"));
        StripeSandbox.noFaults();
        Findings.reconcile();
        assertThat(Findings.of(sale.payment)).contains("refused_refund");
        StripeSandbox.advance(Duration.ofHours(25));
        sale.carol.gets("/v1/me/balance").body("[0].held.amount", equalTo("100.00"));

        withdrawn(newest()).statusCode(200).body("status", equalTo("refused")).body("failureCode", equalTo("withdrawn"));

        nothingIsFound();
        sale.carol.gets("/v1/me/balance").body("[0].held.amount", equalTo("0.00"));
        Problem.is(withdrawn(newest()), 409, "refund-under-way");
        sale.agrees();
    }

    @Test
    void stillOwesWhatAnotherRefundBrings() {
        StripeSandbox.refuses("/v1/refunds", "balance_insufficient");
        String goodwill = sale.refund("25.00").statusCode(201).extract().path("id");
        cancelled();
        soon().untilAsserted(() -> assertThat(refunds()).containsExactlyInAnyOrder(
                "requested 25 platform_balance_insufficient", "requested 100 platform_balance_insufficient"));

        withdrawn(goodwill).statusCode(200);

        assertThat(OwnerSql.rows("select trim_scale(refund_due)::text as due from transactions where id = ?", sale.payment))
                .containsExactly(Map.of("due", "100"));
        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofMinutes(10));
        sale.isSoon("partially_refunded", "100.00");
        sale.isSettledSoon();
        assertThat(refunds()).containsExactlyInAnyOrder("refused 25 withdrawn", "succeeded 100");
        sale.agrees();
    }

    /** By the coach: all of it is due. */
    private void cancelled() {
        String session = OwnerSql.rows("select session_id as id from transactions where id = ?", sale.payment).get(0).get("id")
                .toString();
        sale.carol.posts("/v1/sessions/" + session + "/cancel").statusCode(200);
    }

    private String newest() {
        return OwnerSql.rows("select id from refunds where transaction_id = ? order by id desc", sale.payment).get(0).get("id")
                .toString();
    }

    private static ValidatableResponse withdrawn(String refund) {
        return Person.admin().posts("/v1/admin/refunds/" + refund + "/withdraw");
    }

    /** A fact that Stripe has not reported yet is a finding too, for a moment. */
    private void nothingIsFound() {
        soon().untilAsserted(() -> {
            Findings.reconcile();
            assertThat(Findings.of(sale.payment)).isEmpty();
        });
    }

    private List<String> refunds() {
        return OwnerSql.rows("select concat_ws(' ', status, trim_scale(amount), failure_code) as refund from refunds"
                + " where transaction_id = ? order by id", sale.payment).stream().map(row -> row.get("refund").toString())
                .toList();
    }
}
