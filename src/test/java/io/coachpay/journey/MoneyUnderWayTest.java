package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;

/** Money is on its way between platform and coach, and then the payment takes another turn. */
@ServiceTest
class MoneyUnderWayTest {

    private static final String TRANSFERS = "/v1/transfers";

    @Inject
    Jobs jobs;

    private Sale sale;

    @BeforeEach
    void sell() {
        sale = Sale.usual();
        sale.agrees();
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void takesARefundedPaymentFromTheCoachAlsoWhereItsRepaymentComesLater() {
        wonWithoutFunds();

        sale.restRefunded();
        sale.isSoon("refunded", "125.00");
        jobs.runNow("refund-check");
        fundsArrive();

        Outcome.isSoon(sale.payment, "0.00", "-18.93", "18.93");
        sale.agrees();
        sale.carolHas("0.00", "0.00");
    }

    @Test
    void takesAPartFromTheCoachAlsoWhereItsRepaymentComesLater() {
        wonWithoutFunds();

        sale.refunded("50.00");
        sale.isSoon("partially_refunded", "50.00");
        jobs.runNow("refund-check");
        fundsArrive();

        Outcome.isSoon(sale.payment, "60.00", "-3.93", "-56.07");
        sale.agrees();
        sale.carolHas("0.00", "60.00");
    }

    @Test
    void takesADisputeFromTheCoachAlsoWhereTheRepaymentOfAFailedRefundComesLater() {
        String refund = sale.restRefunded();
        sale.isSettledSoon();
        StripeSandbox.refuses(TRANSFERS, "balance_insufficient");
        StripeSandbox.control("/sandbox/refunds/" + refund + "/fail", Map.of()).statusCode(200);
        sale.isSoon("completed", "0.00");
        stepIsSoon("refund_failed", "waiting_for_funds");

        String dispute = sale.disputed(12500);
        sale.decided(dispute, "lost");
        jobs.runNow("dispute-check");
        fundsArrive();

        Outcome.isSoon(sale.payment, "0.00", "-18.93", "18.93");
        sale.agrees();
        sale.carolHas("0.00", "0.00");
    }

    @Test
    void goesOnAtOnceWhenWhatARefundWaitedForIsRefused() {
        wonWithoutFunds();
        sale.restRefunded();
        sale.isSoon("refunded", "125.00");
        jobs.runNow("refund-check");

        StripeSandbox.refuses(TRANSFERS, "not_today");
        OwnerSql.run(
                "update transfer_steps set check_at = created_at where transaction_id = ? and status = 'waiting_for_funds'",
                sale.payment);

        stepIsSoon("dispute_won", "refused");
        sale.isSettledSoon();
    }

    /** The dispute's end gives the coach 100.00 again, which the platform does not have. */
    private void wonWithoutFunds() {
        String dispute = sale.disputed(12500);
        sale.isSettledSoon();
        StripeSandbox.refuses(TRANSFERS, "balance_insufficient");
        sale.decided(dispute, "won");
        stepIsSoon("dispute_won", "waiting_for_funds");
    }

    private void fundsArrive() {
        StripeSandbox.noFaults();
        Marketplace.toppedUp("usd", 20000);
        StripeSandbox.advance(Duration.ofDays(3));
        sale.isSettledSoon();
    }

    private void stepIsSoon(String purpose, String status) {
        soon().untilAsserted(() -> assertThat(OwnerSql.rows(
                "select status from transfer_steps where transaction_id = ? and purpose = ?", sale.payment, purpose))
                .extracting(row -> row.get("status")).containsExactly(status));
    }
}
