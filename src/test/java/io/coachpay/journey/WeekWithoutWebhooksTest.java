package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;
import io.restassured.path.json.JsonPath;

/** For a week Stripe reaches nobody, and its list of events is closed: jobs alone recover everything. */
@ServiceTest
class WeekWithoutWebhooksTest {

    private static final String DEAF = """
            {"webhooks": [{"match": {}, "do": "drop"}],
             "requests": [{"match": {"method": "GET", "path": "/v1/events*"}, "do": "500_before"}]}""";
    private static final List<String> JOBS = List.of("payment-check", "refund-check", "dispute-listing", "dispute-check",
            "transfer-sync", "transfer-steps", "payout-sync", "payout-check", "balance-import");

    @Inject
    Jobs jobs;

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void isMadeUpForByJobsAlone() {
        Person earner = Marketplace.coach("carol", "100.00", "USD");
        Sale refunded = Sale.usual();
        Sale disputed = Sale.usual();
        Sale refundedByHand = Sale.usual();
        Person paidOut = Earnings.coachWith100("weekly", "50.00");
        Person returned = Earnings.coachWith100("weekly", "50.00");
        Person paidOutByHand = Earnings.coachWith100("weekly", "999.00");
        List<Person> coaches = List.of(earner, refunded.carol, disputed.carol, refundedByHand.carol, paidOut, returned,
                paidOutByHand);

        StripeSandbox.faults(DEAF);
        Person alice = Person.called("alice");
        String session = paidUnheard(alice, earner);
        refunded.refund("50.00").statusCode(201);
        paysOut(paidOut);
        Earnings.bank(returned, Map.of("failure", "account_closed"));
        paysOut(returned);
        // A returned payout must not be sent again within the week.
        Marketplace.paidOut(returned, "weekly", "999.00");
        passes(Duration.ofDays(1));
        dispute(disputed);
        String byHand = refundByHand(refundedByHand);
        StripeSandbox.request().header("Stripe-Account", Earnings.account(paidOutByHand)).formParam("amount", "6000")
                .formParam("currency", "usd").post("/v1/payouts").then().statusCode(200);
        passes(Duration.ofDays(1));
        passes(Duration.ofDays(5));
        jobsRun();

        soon().untilAsserted(() -> alice.gets("/v1/sessions/" + session).body("paymentStatus", equalTo("paid")));
        refunded.isSoon("partially_refunded", "50.00");
        refundedByHand.isSoon("refunded", "125.00");
        disputed.carolHas("0.00", "0.00");
        Earnings.becomesSoon(paidOut, "100 paid standard coach");
        Earnings.becomesSoon(returned, "100 failed standard coach");
        Earnings.becomesSoon(paidOutByHand, "60 paid standard dashboard");
        coaches.forEach(coach -> Books.closeFor(coach));
        assertThat(named(coaches)).isNotEmpty().containsOnly("missed_event");
        assertThat(Findings.resolved("platform")).filteredOn(finding -> ("refund of " + byHand).equals(finding.get("details")))
                .singleElement().satisfies(finding -> assertThat(finding).containsEntry("cause", "missed_event"));
    }

    /** A session that is booked and paid for without an event; its id. */
    private static String paidUnheard(Person alice, Person coach) {
        String session = Marketplace.booked(alice, coach, Marketplace.freeTime(), 75);
        JsonPath payment = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent"))
                .statusCode(200).extract().jsonPath();
        StripeSandbox.payIntent(payment.getString("clientSecret"), "pm_card_visa").statusCode(200);
        return session;
    }

    private static void paysOut(Person coach) {
        coach.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(201).body("status", equalTo("pending"));
    }

    private static void dispute(Sale sale) {
        StripeSandbox.control("/sandbox/disputes", Map.of("charge", OwnerSql
                .rows("select stripe_charge_id as id from transactions where id = ?", sale.payment).get(0).get("id")))
                .statusCode(200);
    }

    private static String refundByHand(Sale sale) {
        return StripeSandbox.request().formParam("payment_intent", sale.paymentIntent())
                .formParams(Map.of("reverse_transfer", "true", "refund_application_fee", "true")).post("/v1/refunds").then()
                .statusCode(200).extract().path("id");
    }

    /** Lets time pass, and afterwards gives each job its turn. */
    private void passes(Duration time) {
        StripeSandbox.advance(time);
        jobsRun();
    }

    private void jobsRun() {
        JOBS.forEach(jobs::runNow);
        // A run that is under way by itself may have read the books before.
        Findings.reconcile();
    }

    /**
     * The causes of all lines of these coaches and their payments that we had not booked, and that did not explain themselves.
     */
    private static List<String> named(List<Person> coaches) {
        return OwnerSql
                .rows("""
                        select distinct f.cause from reconciliation_findings f
                         where f.kind = 'unbooked' and f.cause <> 'in_flight'
                           and (f.transaction_id in (select id from transactions where coach_id = any (?::uuid[]))
                                or f.account in (select stripe_account_id from stripe_connected_accounts where user_id = any (?::uuid[])))""",
                        ids(coaches), ids(coaches))
                .stream().map(row -> row.get("cause").toString()).toList();
    }

    private static String ids(List<Person> coaches) {
        return "{" + String.join(",", coaches.stream().map(Person::id).toList()) + "}";
    }
}
