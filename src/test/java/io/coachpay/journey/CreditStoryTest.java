package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;

/**
 * Credits are bought, spent, deferred until the coach is paid, and follow their money when a bank takes it and gives it back.
 */
@ServiceTest
class CreditStoryTest {

    private Person alice;
    private Person carol;
    private String pro;

    @BeforeEach
    void meet() {
        alice = Person.called("alice");
        carol = Marketplace.coach("carol", "25.00", "USD");
        pro = Marketplace.offered("Pro", "30.00", "33");
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void followsTheirMoney() {
        buys(alice, pro);
        holds(alice, "33.000000", "0.000000", "0.000000");

        String first = paysWithCredits(alice);
        holds(alice, "8.000000", "25.000000", "0.000000");
        alice.posts("/v1/sessions/" + first + "/cancel").statusCode(200).body("refund.amount", equalTo("25.00"));
        holds(alice, "33.000000", "0.000000", "0.000000");

        String second = paysWithCredits(alice);
        StripeSandbox.refuses("/v1/transfers", "balance_insufficient");
        tookPlace(second);
        carol.posts("/v1/sessions/" + second + "/complete").statusCode(200);
        assertThat(steps(second)).containsExactly("waiting_for_funds");
        holds(alice, "8.000000", "25.000000", "0.000000");
        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofDays(3));
        soon().untilAsserted(() -> assertThat(steps(second)).containsExactly("created"));
        holds(alice, "8.000000", "0.000000", "0.000000");
        soon().untilAsserted(() -> carol.gets("/v1/me/balance").body("[0].totalEarnings.amount", equalTo("20.00")));

        String dispute = disputed(purchase(alice));
        soon().untilAsserted(() -> holds(alice, "0.000000", "0.000000", "25.000000"));
        String third = Marketplace.booked(alice, carol, Marketplace.freeTime(), 60);
        alice.posts("/v1/sessions/" + third + "/payment", Map.of("method", "credits")).statusCode(409)
                .body("type", equalTo("urn:coachpay:problem:credit-debt")).body("debt", equalTo("25.000000"));
        StripeSandbox.control("/sandbox/disputes/" + dispute + "/close", Map.of("status", "won")).statusCode(200);
        soon().untilAsserted(() -> holds(alice, "8.000000", "0.000000", "0.000000"));

        assertThat(lines(alice)).containsExactly("credit 8.000000 0.000000 8.000000", "debit -8.000000 8.000000 0.000000",
                "debit -25.000000 33.000000 8.000000", "credit 25.000000 8.000000 33.000000",
                "debit -25.000000 33.000000 8.000000", "credit 33.000000 0.000000 33.000000");
        Findings.importNow(Earnings.account(carol));
        Books.closeFor(carol);
    }

    private void holds(Person person, String balance, String deferred, String debt) {
        person.gets("/v1/me/credits").statusCode(200).body("balance", equalTo(balance)).body("deferred", equalTo(deferred))
                .body("debt", equalTo(debt));
    }

    private String paysWithCredits(Person mentee) {
        String session = Marketplace.booked(mentee, carol, Marketplace.freeTime(), 60);
        mentee.posts("/v1/sessions/" + session + "/payment", Map.of("method", "credits")).statusCode(200)
                .body("status", equalTo("completed"));
        mentee.gets("/v1/sessions/" + session).body("status", equalTo("confirmed")).body("paymentStatus", equalTo("paid"));
        return session;
    }

    private static void buys(Person person, String packageId) {
        String url = person.posts("/v1/credits/checkout", Map.of("packageId", packageId)).statusCode(201)
                .body("checkoutUrl", notNullValue()).body("checkoutSessionId", notNullValue()).extract().path("checkoutUrl");
        StripeSandbox.payCheckout(url, "pm_card_visa").statusCode(200);
        soon().untilAsserted(() -> person.gets("/v1/me/credits/purchases").body("data[0].status", equalTo("completed")));
    }

    private static void tookPlace(String session) {
        Marketplace.tookPlace(UUID.fromString(
                Books.texts("select id::text from transactions where session_id = '" + session + "'").get(0)));
    }

    private static List<String> steps(String session) {
        return Books.texts("select s.status from transfer_steps s join transactions t on t.id = s.transaction_id"
                + " where t.session_id = '" + session + "' order by s.created_at");
    }

    private static String purchase(Person person) {
        return person.gets("/v1/me/credits/purchases").extract().path("data[0].transactionId");
    }

    private static String disputed(String payment) {
        return StripeSandbox.control("/sandbox/disputes", Map.of("charge", Books.texts(
                "select stripe_charge_id from transactions where id = '" + payment + "'").get(0))).statusCode(200).extract()
                .path("id");
    }

    private static List<String> lines(Person person) {
        List<Map<String, String>> data = person.gets("/v1/me/credits/transactions").statusCode(200).extract().path("data");
        return data.stream().map(line -> line.get("type") + " " + line.get("amount") + " " + line.get("balanceBefore") + " "
                + line.get("balanceAfter")).toList();
    }
}
