package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;

/** A missed event is the cause of differences in what it would have reported, and of nothing else. */
@ServiceTest
class CausesTest {

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void blamesAMissedEventForAllThatItsPaymentLacked() {
        Sale sale = Sale.usual();
        String account = Earnings.account(sale.carol);
        Marketplace.isTransferredSoon(sale.payment);
        deaf("application_fee.refunded");
        String transfer = OwnerSql.rows("select stripe_transfer_id as id from transfers where transaction_id = ?", sale.payment)
                .get(0).get("id").toString();
        StripeSandbox.request().formParam("amount", 12500).formParam("refund_application_fee", true)
                .post("/v1/transfers/" + transfer + "/reversals").then().statusCode(200);
        soon().untilAsserted(() -> assertThat(sale.entries()).containsEntry("coach_pending", Sale.money("-25")));
        Findings.importNow(account, "platform");
        StripeSandbox.advance(Duration.ofMinutes(20));

        Findings.reconcile();

        assertThat(Findings.open(account)).isEmpty();
        assertThat(Findings.resolved(account))
                .filteredOn(finding -> List.of("unequal", "pending").contains(finding.get("kind")))
                .hasSize(2).allSatisfy(finding -> assertThat(finding).containsEntry("cause", "missed_event"));
    }

    @Test
    void blamesNoMissedEventForWhatSomebodyPutRightMeanwhile() {
        Sale sale = Sale.usual();
        Sale other = Sale.usual();
        String account = Earnings.account(sale.carol);
        Findings.importNow(account, Earnings.account(other.carol), "platform");
        String change = "update stripe_balance_transactions set amount = amount %1$s, net = net %1$s where account = ?";
        OwnerSql.run(change.formatted("+ 1"), account);
        StripeSandbox.advance(Duration.ofMinutes(20));
        Findings.reconcile();
        assertThat(Findings.open(account, "unequal")).containsEntry("cause", "unknown");
        deaf("*");
        String refund = refundAll(other);
        StripeSandbox.advance(Duration.ofDays(1));
        Findings.importNow(Earnings.account(other.carol), "platform");

        OwnerSql.run(change.formatted("- 1"), account);
        Findings.reconcile();

        assertThat(Findings.resolved("platform")).filteredOn(finding -> ("refund of " + refund).equals(finding.get("details")))
                .singleElement().satisfies(finding -> assertThat(finding).containsEntry("cause", "missed_event"));
        assertThat(Findings.open(account)).isEmpty();
        assertThat(Findings.resolved(account)).filteredOn(finding -> "unequal".equals(finding.get("kind"))).singleElement()
                .satisfies(finding -> assertThat(finding).containsEntry("cause", "unknown"));
    }

    /** Drops events of this type, and hides them from lists. */
    private static void deaf(String type) {
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"type": "%s"}, "do": "drop"}],
                 "requests": [{"match": {"method": "GET", "path": "/v1/events*"}, "do": "500_before"}]}""".formatted(type));
    }

    private static String refundAll(Sale sale) {
        return StripeSandbox.request().formParam("payment_intent", sale.paymentIntent())
                .formParams(Map.of("reverse_transfer", "true", "refund_application_fee", "true")).post("/v1/refunds").then()
                .statusCode(200).extract().path("id");
    }
}
