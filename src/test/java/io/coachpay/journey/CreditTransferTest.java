package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.money;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.AtOnce;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;

/** Coaches get their part of sessions paid with credits once, and as much as is due when Stripe is asked. */
@ServiceTest
class CreditTransferTest {

    private Person alice;
    private Person carol;

    @BeforeEach
    void meet() {
        StripeSandbox.noFaults();
        Marketplace.toppedUp("usd", 100_000);
        StripeSandbox.advance(Duration.ofDays(3));
        alice = Person.called("alice");
        carol = Marketplace.coach("carol", "25.00", "USD");
        given(alice, "25");
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void namesWhatIsToComeInWhateverCurrencyTheCoachChargesByThen() {
        Booked booked = booked(alice, carol);
        comes("20.00");
        refund(booked, "5.00");
        comes("16.00");
        StripeSandbox.refuses("/v1/transfers", "balance_insufficient");
        complete(booked);
        Marketplace.charges(carol, "25.00", "EUR");
        comes("16.00");

        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofDays(1));

        soon().untilAsserted(() -> assertThat(transfers(booked)).containsExactly("created 16"));
        comes("0.00");
    }

    private void comes(String amount) {
        carol.gets("/v1/me/balance").statusCode(200).body("find { it.currency == 'USD' }.upcoming.amount", equalTo(amount));
    }

    @Test
    void asksForWhatIsLeftAfterAPartWentBack() {
        Booked booked = completed("account_closed");

        refund(booked, "5.00");

        soon().untilAsserted(() -> assertThat(transfers(booked)).containsExactly("refused 20", "created 16"));
        earns("16.00");
        assertThat(Books.texts("select distinct status || ' ' || deferred_credits from transactions where id = '"
                + booked.payment() + "'")).containsExactly("partially_refunded 0.000000");
    }

    @Test
    void asksForWhatIsLeftWhereItWasWithdrawn() {
        Booked booked = completed("balance_insufficient");
        String step = step(booked);
        Person.admin().posts("/v1/admin/transfers/" + step + "/withdraw").statusCode(200);
        refund(booked, "5.00");
        refund(booked, "2.50");
        assertThat(transfers(booked)).as("nobody asks for it again").containsExactly("refused 20");

        Person.admin().posts("/v1/admin/transfers/" + step + "/retry").statusCode(200).body("amount.amount", equalTo("14.00"));

        soon().untilAsserted(() -> assertThat(transfers(booked)).containsExactly("refused 20", "created 14"));
        earns("14.00");
    }

    @Test
    void sendsNothingOnceAllOfItWentBack() {
        Booked booked = completed("account_closed");
        Findings.reconcile();
        assertThat(Findings.of(booked.id())).containsExactly("refused_step");

        refund(booked, "25.00");

        Findings.reconcile();
        assertThat(Findings.of(booked.id())).isEmpty();
        Person.admin().posts("/v1/admin/transfers/" + step(booked) + "/retry").statusCode(409);
        alice.gets("/v1/me/credits").body("deferred", equalTo("0.000000"));
        earns("0.00");
    }

    @Test
    void sendsItToTheAccountThatTheCoachHasByThen() {
        Booked booked = booked(alice, carol);
        given(carol, "1");
        StripeSandbox.control("/sandbox/accounts/" + Earnings.account(carol) + "/deauthorize", Map.of()).statusCode(200);
        soon().untilAsserted(
                () -> carol.gets("/v1/me/connected-account").body("reasons", equalTo(List.of("account_deauthorized"))));
        // Credits of her own are no money in that account.
        carol.posts("/v1/me/connected-account", Map.of("country", "US", "businessType", "individual")).statusCode(201);
        StripeSandbox.completeOnboarding(Earnings.account(carol));
        soon().untilAsserted(() -> carol.gets("/v1/me/connected-account").body("canCharge", equalTo(true)));

        complete(booked);

        soon().untilAsserted(() -> assertThat(transfers(booked)).containsExactly("created 20"));
        earns("20.00");
    }

    /** Each of two coaches is the other's mentee, and all give back at once: the order of locks is one for all. */
    @Test
    void givesBackWithoutADeadlock() {
        Person dave = Marketplace.coach("dave", "25.00", "USD");
        given(carol, "100");
        given(dave, "100");
        List<Callable<Integer>> refunds = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Booked ofCarol = booked(carol, dave);
            complete(ofCarol);
            Booked ofDave = booked(dave, carol);
            complete(ofDave);
            for (int part = 0; part < 4; part++) {
                refunds.add(
                        () -> dave.posts("/v1/transactions/" + ofCarol.payment() + "/refunds", half()).extract().statusCode());
                refunds.add(
                        () -> carol.posts("/v1/transactions/" + ofDave.payment() + "/refunds", half()).extract().statusCode());
            }
        }
        soon().untilAsserted(() -> dave.gets("/v1/me/balance").body("[0].totalEarnings.amount", equalTo("60.00")));
        soon().untilAsserted(() -> earns("60.00"));

        assertThat(AtOnce.all(refunds)).containsOnly(201);

        soon().untilAsserted(() -> earns("55.20"));
        carol.gets("/v1/me/credits").body("balance", equalTo("31.000000"));
    }

    private static Map<String, ?> half() {
        return Map.of("amount", money("0.50", "USD"), "reason", "We talked for less");
    }

    /** A session and its payment. */
    private record Booked(Person coach, String session, String payment) {

        UUID id() {
            return UUID.fromString(payment);
        }
    }

    private static Booked booked(Person mentee, Person coach) {
        String session = Marketplace.booked(mentee, coach, Marketplace.freeTime(), 60);
        String payment = mentee.posts("/v1/sessions/" + session + "/payment", Map.of("method", "credits")).statusCode(200)
                .extract().path("transactionId");
        return new Booked(coach, session, payment);
    }

    private static void complete(Booked booked) {
        Marketplace.tookPlace(booked.id());
        booked.coach().posts("/v1/sessions/" + booked.session() + "/complete").statusCode(200);
    }

    /** A session of Alice's with Carol that is over, and whose transfer Stripe has refused. */
    private Booked completed(String refusal) {
        Booked booked = booked(alice, carol);
        StripeSandbox.refuses("/v1/transfers", refusal);
        complete(booked);
        assertThat(transfers(booked)).hasSize(1);
        StripeSandbox.noFaults();
        return booked;
    }

    private static void refund(Booked booked, String amount) {
        Person.admin().posts("/v1/transactions/" + booked.payment() + "/refunds",
                Map.of("amount", money(amount, "USD"), "reason", "We talked for less")).statusCode(201)
                .body("status", equalTo("succeeded"));
    }

    private static String step(Booked booked) {
        return Books.texts("select id::text from transfer_steps where transaction_id = '" + booked.payment() + "'").get(0);
    }

    private static List<String> transfers(Booked booked) {
        return Books.texts("select status || ' ' || trim_scale(amount) from transfer_steps where purpose = 'credit_session'"
                + " and transaction_id = '" + booked.payment() + "' order by created_at");
    }

    private void earns(String amount) {
        carol.gets("/v1/me/balance").body("[0].totalEarnings.amount", equalTo(amount));
    }

    private static void given(Person person, String credits) {
        Person.admin().posts("/v1/admin/users/" + person.id() + "/credits", Map.of("credits", credits, "reason", "Goodwill"))
                .statusCode(200);
    }
}
