package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;

/** Administrators look things up by Stripe's id, which they have at hand. */
@ServiceTest
class AdminLookUpTest {

    private Person admin;

    @BeforeEach
    void signIn() {
        admin = Person.admin();
    }

    @Test
    void findsPaymentDisputeAndPerson() {
        Sale sale = Sale.usual();
        String dispute = sale.disputed(2500);
        Map<String, Object> payment = OwnerSql.rows("""
                select stripe_payment_intent_id as pi, stripe_charge_id as ch, stripe_customer_id as cus from transactions
                 where id = ?""", sale.payment).get(0);

        admin.gets("/v1/transactions/" + payment.get("pi")).statusCode(200).body("id", equalTo(sale.payment.toString()));
        admin.gets("/v1/transactions/" + payment.get("ch")).statusCode(200).body("id", equalTo(sale.payment.toString()));
        admin.gets("/v1/disputes/" + dispute).statusCode(200).body("stripeDisputeId", equalTo(dispute));
        admin.gets("/v1/admin/customers/" + payment.get("cus")).statusCode(200).body("userId", equalTo(sale.alice.id()))
                .body("syncStatus", equalTo("synced"));
        Problem.is(Person.called("mallory").gets("/v1/transactions/" + payment.get("pi")), 404, "not-found");
        Problem.is(sale.alice.gets("/v1/disputes/" + dispute), 404, "not-found");
        sale.carol.gets("/v1/disputes/" + dispute).statusCode(200);
    }

    @Test
    void findsAPaymentByItsPage() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        Person alice = Person.called("alice");
        String session = Marketplace.booked(alice, carol, Marketplace.freeTime(), 60);
        String payment = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "checkout")).statusCode(200)
                .extract().path("transactionId");
        String page = OwnerSql.rows("select stripe_checkout_session_id as id from transactions where id = ?::uuid", payment)
                .get(0).get("id").toString();

        admin.gets("/v1/transactions/" + page).statusCode(200).body("id", equalTo(payment));
    }

    @Test
    void findsAPayout() {
        Person carol = Earnings.coachWith100("monthly", "0.00");
        String payout = carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(201).extract().path("id");
        String stripes = OwnerSql.rows("select stripe_payout_id as id from payouts where id = ?::uuid", payout).get(0).get("id")
                .toString();

        admin.gets("/v1/admin/payouts/" + stripes).statusCode(200).body("id", equalTo(payout));
        admin.gets("/v1/admin/payouts/" + payout).statusCode(200).body("stripePayoutId", equalTo(stripes));
    }

    @Test
    void seesWhoseAddressStripeRefused() {
        Person alice = Person.called("alice");
        alice.asks().body(Map.of("email", "x@gmail")).patch("/v1/me").then().statusCode(200);
        admin.gets("/v1/admin/customers/" + alice.id()).statusCode(200).body("stripeCustomerId", nullValue());
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        Marketplace.paid(alice, carol, 60);

        admin.gets("/v1/admin/customers/" + alice.id()).statusCode(200).body("syncStatus", equalTo("failed"))
                .body("refusedEmail", equalTo("x@gmail")).body("email", equalTo("x@gmail"));
    }

    @Test
    void bringsACoachBackWhoIsConnectedAgain() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        String account = Earnings.account(carol);
        StripeSandbox.control("/sandbox/accounts/" + account + "/deauthorize", Map.of()).statusCode(200);
        soon().untilAsserted(() -> admin.gets("/v1/admin/coaches/" + account).statusCode(200)
                .body("userId", equalTo(carol.id())).body("reasons", hasItem("account_deauthorized")));
        Problem.is(admin.posts("/v1/admin/coaches/" + account + "/reconnect"), 409, "account-deauthorized");
        StripeSandbox.control("/sandbox/accounts/" + account + "/reconnect", Map.of("told", false)).statusCode(200);

        admin.posts("/v1/admin/coaches/" + account + "/reconnect").statusCode(200).body("canCharge", equalTo(true))
                .body("deauthorizedAt", nullValue());

        soon().untilAsserted(() -> assertThat(OwnerSql.rows(
                "select payouts_manual from stripe_connected_accounts where stripe_account_id = ?", account))
                .containsExactly(Map.of("payouts_manual", true)));
    }

    @ParameterizedTest
    @ValueSource(strings = { "/v1/admin/events/x", "/v1/admin/events/pi_1", "/v1/transactions/evt_1", "/v1/disputes/x",
            "/v1/admin/payouts/acct_1", "/v1/admin/customers/bob", "/v1/admin/coaches/po_1", "/v1/admin/coaches/%00" })
    void refusesWhatIsNeitherIdOfThem(String path) {
        Problem.names(admin.asks().urlEncodingEnabled(false).get(path).then(), "id");
    }

    @ParameterizedTest
    @ValueSource(strings = { "/v1/admin/refunds/x/retry", "/v1/admin/refunds/pi_1/withdraw",
            "/v1/admin/refunds/tr_1/platform-pays", "/v1/admin/transfers/x/retry", "/v1/admin/transfers/re_1/withdraw" })
    void decidesNothingAboutWhatIsNeitherIdOfThem(String path) {
        Problem.names(admin.posts(path), "id");
    }

    @ParameterizedTest
    @ValueSource(strings = { "/v1/admin/refunds/re_1/retry", "/v1/admin/refunds/pyr_1/withdraw",
            "/v1/admin/transfers/tr_1/retry", "/v1/admin/transfers/trr_1/withdraw", "/v1/admin/transfers/fr_1/retry",
            "/v1/admin/transfers/00000000-0000-0000-0000-000000000000/retry" })
    void decidesNothingAboutWhatIsNotThere(String path) {
        Problem.is(admin.posts(path), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = { "/v1/admin/events/evt_1", "/v1/transactions/pi_1", "/v1/transactions/ch_1",
            "/v1/transactions/cs_1", "/v1/disputes/dp_1", "/v1/admin/payouts/po_1", "/v1/admin/customers/cus_1",
            "/v1/admin/coaches/acct_1", "/v1/admin/customers/00000000-0000-0000-0000-000000000000" })
    void findsNothingOfOthers(String path) {
        Problem.is(admin.gets(path), 404, "not-found");
    }
}
