package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.money;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.coachpay.AtOnce;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.restassured.response.ValidatableResponse;

/** A coach asks for a payout, and gets it once, or a reason why not. */
@ServiceTest
class PayoutRequestTest {

    private static final String PAYOUTS = "/v1/me/payouts";

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void paysAPartAndThenTheRest() {
        Person carol = Earnings.coachWith100("monthly", "500.00");

        String first = asks(carol, "60.00").statusCode(201).body("status", equalTo("pending"))
                .body("amount.amount", equalTo("60.00")).body("initiatedBy", equalTo("coach"))
                .body("method", equalTo("standard"))
                .body("arrivalDate", notNullValue()).extract().path("id");
        carol.gets("/v1/me/balance").body("[0].available.amount", equalTo("40.00"))
                .body("[0].inTransit.amount", equalTo("60.00"));
        carol.posts(PAYOUTS, Map.of("method", "standard")).statusCode(201).body("amount.amount", equalTo("40.00"));

        carol.gets(PAYOUTS).statusCode(200).body("data.amount.amount", equalTo(List.of("40.00", "60.00")))
                .body("next", nullValue());
        carol.gets(PAYOUTS + "/" + first).statusCode(200).body("items", hasSize(1))
                .body("items[0].amount.amount", equalTo("60.00"))
                .body("items[0].kind", equalTo("earning"))
                .body("items[0].transactionId", equalTo(carol.gets("/v1/transactions").extract().path("data[0].id")))
                .body("items[0].sessionId", notNullValue());
        Person.called("dave").gets(PAYOUTS + "/" + first).statusCode(404);
        Books.closeFor(carol);
    }

    @Test
    void namesWhatIsAvailableToWhoeverAsksForMore() {
        Person carol = Earnings.coachWith100("monthly", "500.00");

        asks(carol, "100.01").statusCode(422).body("type", equalTo("urn:coachpay:problem:exceeds-available"))
                .body("available.amount", equalTo("100.00")).body("available.currency", equalTo("USD"));
        asks(carol, "0.99").statusCode(422).body("type", equalTo("urn:coachpay:problem:below-minimum"))
                .body("minimum.amount", equalTo("1.00"));

        assertThat(Earnings.payouts(carol)).isEmpty();
        assertThat(Earnings.payoutsAtStripe(carol)).isEmpty();
    }

    @Test
    void saysWhatStandsInTheWay() {
        Person carol = Earnings.coachWith100("monthly", "500.00");
        asks(carol, "100.00").statusCode(201);

        blocked(carol, Map.of("method", "standard"), "nothing_available");
        blocked(carol, Map.of("method", "standard", "currency", "KWD"), "no_bank_account_for_currency");
        StripeSandbox.control("/sandbox/accounts/" + Earnings.account(carol) + "/require",
                Map.of("currentlyDue", List.of("individual.id_number"))).statusCode(200);
        soon().untilAsserted(() -> carol.gets("/v1/me/connected-account").body("canBePaidOut", equalTo(false)));
        carol.posts(PAYOUTS, Map.of("method", "standard")).statusCode(409)
                .body("reasons", equalTo(List.of("requirements_due", "payouts_disabled")));
    }

    @Test
    void refusesWhatNoRequestCanBe() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");

        carol.posts(PAYOUTS, Map.of("method", "carrier_pigeon")).statusCode(400);
        carol.posts(PAYOUTS, Map.of()).statusCode(400);
        carol.posts(PAYOUTS, Map.of("method", "standard", "currency", "DEM")).statusCode(400)
                .body("type", equalTo("urn:coachpay:problem:unknown-currency"));
        carol.posts(PAYOUTS, Map.of("method", "standard", "amount", money("1.00", "USD"), "currency", "EUR")).statusCode(400);
        carol.posts(PAYOUTS, Map.of("method", "standard", "amount", money("-1.00", "USD"))).statusCode(400);
        carol.posts(PAYOUTS, Map.of("method", "standard", "amount", money("10.50", "HUF"))).statusCode(422)
                .body("type", equalTo("urn:coachpay:problem:amount-not-chargeable"));
        Person.called("alice").posts(PAYOUTS, Map.of("method", "standard")).statusCode(404);
    }

    @Test
    void paysOnceHoweverOftenTheSameRequestComes() {
        Person carol = Earnings.coachWith100("monthly", "500.00");
        String key = UUID.randomUUID().toString();

        List<Integer> answers = AtOnce.times(3, () -> carol.asks().header("Idempotency-Key", key)
                .body(Map.of("amount", money("10.00", "USD"), "method", "standard")).post(PAYOUTS).statusCode());

        assertThat(answers).contains(201).allMatch(status -> status == 201 || status == 409);
        assertThat(Earnings.payouts(carol)).hasSize(1);
        assertThat(Earnings.payoutsAtStripe(carol)).hasSize(1);
    }

    @Test
    void promisesTheNextPayoutOnItsDay() {
        Person carol = Earnings.coachWith100("monthly", "50.00");
        LocalDate today = LocalDate.ofInstant(StripeSandbox.now(), ZoneOffset.UTC);

        carol.gets("/v1/me/balance").statusCode(200)
                .body("[0].nextPayout.on", equalTo(today.plusMonths(1).withDayOfMonth(1).toString()))
                .body("[0].nextPayout.amount.amount", equalTo("100.00")).body("[0].nextPayout.blockedBy", nullValue());
        Person dave = Person.called("dave");
        dave.puts("/v1/me/coach-profile", Map.of("hourlyRate", money("100.00", "USD"))).statusCode(200);
        dave.gets("/v1/me/balance").statusCode(200).body("[0].nextPayout.blockedBy", equalTo("onboarding_incomplete"));
    }

    @Test
    void showsAdministratorsEverybodysPayouts() {
        Person carol = Earnings.coachWith100("monthly", "500.00");
        String id = asks(carol, "60.00").statusCode(201).extract().path("id");

        Person.admin().gets("/v1/admin/payouts?status=pending&limit=100").statusCode(200).body("data.id", hasItem(id))
                .body("data.find { it.id == '" + id + "' }.coachId", equalTo(carol.id()));
        Person.admin().gets("/v1/admin/payouts?status=lost").statusCode(400);
    }

    @Test
    void paysThoseWhoseTurnItIsWhenAnAdministratorSaysSo() {
        Person carol = Earnings.coachWith100("daily", "50.00");
        Person.admin().posts("/v1/admin/payouts/run").statusCode(202);
        assertThat(Earnings.payouts(carol)).isEmpty();
        StripeSandbox.advance(Duration.ofDays(1));

        Person.admin().posts("/v1/admin/payouts/run").statusCode(202).body("more", equalTo(false))
                .body("turns", notNullValue());

        Earnings.becomesSoon(carol, "100 pending standard run");
    }

    @Test
    void paysInACurrencyOfThreeDigits() {
        Person carol = Marketplace.coach("carol", "12.350", "KWD");
        Earnings.paid(carol);
        Earnings.availableSoon(carol, "KWD", "12.350");

        carol.posts(PAYOUTS, Map.of("amount", money("12.345", "KWD"), "method", "standard")).statusCode(422)
                .body("type", equalTo("urn:coachpay:problem:amount-not-chargeable"));
        carol.posts(PAYOUTS, Map.of("method", "standard")).statusCode(201).body("amount.amount", equalTo("12.350"));

        Books.closeFor(carol);
    }

    private static ValidatableResponse asks(Person coach, String amount) {
        return coach.posts(PAYOUTS, Map.of("amount", money(amount, "USD"), "method", "standard"));
    }

    private static void blocked(Person coach, Map<String, ?> wish, String reason) {
        coach.posts(PAYOUTS, wish).statusCode(409).body("type", equalTo("urn:coachpay:problem:payout-blocked"))
                .body("reasons", equalTo(List.of(reason)));
    }
}
