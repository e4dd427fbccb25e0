package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.money;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;

/** Coaches can see where each cent of a balance or of a payout comes from. */
@ServiceTest
class ExplanationTest {

    private static final String BALANCE = "/v1/me/balance/explain";

    @Test
    void tellsWhereAPayoutComesFromThatMakesUpForARefund() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        String refunded = paid(carol, 75, "100.00");
        String first = paidOut(carol, "100.00");
        refunds(carol, refunded, Map.of("reason", "It did not take place"), "-100.00");
        paid(carol, 36, "-52.00");
        paid(carol, 75, "48.00");
        String last = paid(carol, 75, "148.00");
        String second = paidOut(carol, "148.00");

        Explained payout = Explained.reads(carol, "/v1/me/payouts/" + second + "/explain");
        Explained balance = Explained.reads(carol, BALANCE + "?limit=100");

        assertThat(payout.total()).isEqualTo("148.00");
        assertThat(payout.lines()).containsExactly("session_price 125.00", "platform_fee -25.00", "session_price 125.00",
                "platform_fee -25.00", "session_price 60.00", "platform_fee -12.00", "refund -125.00", "fee_refund 25.00");
        assertThat(payout.all().get(0)).containsEntry("transactionId", last).containsEntry("text", "Price of a session")
                .containsKeys("at", "sessionId");
        assertThat(payout.all()).extracting(line -> line.get("stripeId").replaceAll("_.*", "")).containsExactly("pi", "fee",
                "pi", "fee", "pi", "fee", "trr", "txn");
        assertThat(Explained.reads(carol, "/v1/me/payouts/" + first + "/explain").lines())
                .containsExactly("session_price 125.00", "platform_fee -25.00");
        assertThat(balance.total()).isEqualTo("0.00");
        assertThat(balance.lines()).containsExactlyInAnyOrder("session_price 125.00", "platform_fee -25.00", "payout -100.00",
                "refund -125.00", "fee_refund 25.00", "session_price 60.00", "platform_fee -12.00", "session_price 125.00",
                "platform_fee -25.00", "session_price 125.00", "platform_fee -25.00", "payout -148.00");
        Books.closeFor(carol);
    }

    @Test
    void turnsPagesThatEachAddUp() {
        Person carol = Marketplace.coach("carol", "80.00", "USD");
        paid(carol, 60, "64.00");
        paid(carol, 30, "96.00");
        String payout = paidOut(carol, "96.00");
        paid(carol, 45, "48.00");

        Explained whole = Explained.reads(carol, BALANCE);
        List<Explained> pages = Explained.pages(carol, BALANCE, 2);
        List<Explained> items = Explained.pages(carol, "/v1/me/payouts/" + payout + "/explain", 1);

        assertThat(whole.next()).isNull();
        assertThat(pages).hasSizeGreaterThan(1).first().extracting(Explained::total).isEqualTo("48.00");
        for (int page = 1; page < pages.size(); page++) {
            assertThat(pages.get(page - 1).lines()).contains("carried_forward " + pages.get(page).total());
        }
        assertThat(pages.stream().flatMap(page -> page.without("carried_forward").stream()))
                .containsExactlyInAnyOrderElementsOf(whole.lines());
        assertThat(items).extracting(Explained::lines).containsExactly(
                List.of("session_price 40.00", "platform_fee -8.00", "other_pages 64.00"),
                List.of("session_price 80.00", "platform_fee -16.00", "other_pages 32.00"));
    }

    @Test
    void saysWhatPartOfALineIsInAnotherPayout() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        paid(carol, 75, "100.00");

        String payout = carol.posts("/v1/me/payouts", Map.of("amount", money("30.00", "USD"), "method", "standard"))
                .statusCode(201).extract().path("id");

        assertThat(Explained.reads(carol, "/v1/me/payouts/" + payout + "/explain").lines())
                .containsExactly("session_price 125.00", "platform_fee -25.00", "other_payouts -70.00");
    }

    @Test
    void showsWhatIsPendingAndWhatADisputeTook() {
        Sale sale = Sale.usual();
        Object charge = OwnerSql.rows("select stripe_charge_id from transactions where id = ?", sale.payment).get(0)
                .get("stripe_charge_id");
        StripeSandbox.control("/sandbox/disputes", Map.of("charge", charge)).statusCode(200);

        soon().untilAsserted(() -> assertThat(Explained.reads(sale.carol, BALANCE).lines()).containsExactlyInAnyOrder(
                "session_price 125.00", "platform_fee -25.00", "dispute_recovery -100.00"));

        Earnings.paid(sale.carol);

        soon().untilAsserted(() -> assertThat(Explained.reads(sale.carol, BALANCE).total()).isEqualTo("100.00"));
        sale.agrees();
        assertThat(Explained.reads(sale.carol, BALANCE).total()).isEqualTo("100.00");
    }

    @Test
    void explainsCurrenciesApart() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "100.00");

        Explained other = Explained.reads(carol, BALANCE + "?currency=JPY");

        assertThat(other.total()).isEqualTo("0");
        assertThat(other.lines()).isEmpty();
        assertThat(Explained.reads(carol, BALANCE + "?currency=USD").total()).isEqualTo("100.00");
        Problem.names(carol.gets(BALANCE + "?currency=usd"), "currency");
    }

    @Test
    void refusesCursorsOfOtherLists() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        Earnings.paid(carol);

        Problem.names(carol.gets(BALANCE + "?after=AAAAAAAAAAAAAAAAAAAAAA"), "after");
        Problem.names(carol.gets(BALANCE + "?after=_____________________w"), "after");
        Problem.names(carol.gets(BALANCE + "?after=nonsense"), "after");
        Problem.names(carol.gets(BALANCE + "?limit=0"), "limit");
    }

    /** So much time must not end in another month. */
    private static void inOneMonth(Duration time) {
        if (!StripeSandbox.now().plus(time).toString().startsWith(month())) {
            StripeSandbox.advance(time);
        }
    }

    @Test
    void makesStatementsThatFollowEachOther() {
        inOneMonth(Duration.ofHours(6));
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        String payment = paid(carol, 75, "100.00");
        refunds(carol, payment, Map.of("amount", money("25.00", "USD"), "reason", "We finished early"), "80.00");
        String month = month();
        StripeSandbox.advance(Duration.ofDays(32));
        paid(carol, 36, "128.00");

        carol.gets("/v1/me/statements/" + month).statusCode(200).body("month", equalTo(month))
                .body("timeZone", equalTo("UTC")).body("from", equalTo(month + "-01T00:00:00Z"))
                .body("openingBalance.amount", equalTo("0.00")).body("sessions.amount", equalTo("125.00"))
                .body("fees.amount", equalTo("-25.00")).body("refunds.amount", equalTo("-20.00"))
                .body("disputes.amount", equalTo("0.00")).body("payouts.amount", equalTo("0.00"))
                .body("other.amount", equalTo("0.00")).body("closingBalance.amount", equalTo("80.00"))
                .body("lines.kind", containsInAnyOrder("session_price", "platform_fee", "refund", "fee_refund"));
        carol.gets("/v1/me/statements/" + month()).statusCode(200).body("openingBalance.amount", equalTo("80.00"))
                .body("sessions.amount", equalTo("60.00")).body("closingBalance.amount", equalTo("128.00"));
        String table = carol.asks().accept("text/csv").get("/v1/me/statements/" + month).then().statusCode(200)
                .contentType("text/csv").header("Content-Disposition",
                        equalTo("attachment; filename=\"statement-" + month + "-USD.csv\""))
                .extract().asString();
        assertThat(table.lines()).hasSize(7).first().asString().startsWith("date,kind,text,amount,currency");
    }

    @Test
    void leavesStatementsAsTheyWereWhenTheCoachMoves() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        String path = "/v1/me/statements/" + YearMonth.now(ZoneOffset.UTC).minusMonths(1);
        String before = carol.gets(path).statusCode(200).extract().asString();

        carol.puts("/v1/me/coach-profile", Map.of("hourlyRate", money("100.00", "USD"), "timeZone", "Asia/Tokyo"))
                .statusCode(200).body("timeZone", equalTo("Asia/Tokyo"));

        assertThat(carol.gets(path).statusCode(200).extract().asString()).isEqualTo(before);
        carol.gets("/v1/me/statements/" + YearMonth.now(ZoneOffset.UTC)).statusCode(200)
                .body("timeZone", equalTo("UTC"));
        String mine = carol.id();
        assertThat(OwnerSql.rows("select time_zone from past_time_zones where user_id = ?::uuid", mine)).singleElement()
                .satisfies(zone -> assertThat(zone).containsEntry("time_zone", "UTC"));
    }

    @Test
    void refusesStatementsOfNoMonth() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");

        Problem.names(carol.gets("/v1/me/statements/2030-13"), "month");
        Problem.names(carol.gets("/v1/me/statements/yesterday"), "month");
        Problem.is(carol.gets("/v1/me/statements/2999-01"), 404, "not-found");
        Problem.is(carol.asks().accept("image/png").get("/v1/me/statements/" + month()).then(), 406);
        carol.gets("/v1/me/statements/2001-01").statusCode(200).body("openingBalance.amount", equalTo("0.00"))
                .body("next", nullValue());
    }

    private static String month() {
        return StripeSandbox.now().toString().substring(0, 7);
    }

    /** A session is paid, and its money is available at once; the payment's id. */
    private static String paid(Person coach, int minutes, String availableThen) {
        Earnings.paid(coach, minutes);
        Earnings.availableSoon(coach, "USD", availableThen);
        return coach.gets("/v1/transactions?limit=1").statusCode(200).extract().path("data[0].id");
    }

    /** An administrator refunds a payment, and Stripe's books of it are imported at the next full hour. */
    private static void refunds(Person coach, String payment, Map<String, ?> form, String availableThen) {
        Person.admin().posts("/v1/transactions/" + payment + "/refunds", form).statusCode(201);
        soon().until(() -> !OwnerSql.rows(
                "select 1 from ledger_journals where kind = 'fee_refunded' and transaction_id = ?::uuid", payment).isEmpty());
        StripeSandbox.advance(Duration.ofHours(2));
        Earnings.availableSoon(coach, "USD", availableThen);
    }

    /** The coach asks for everything, which is this much; the payout's id. */
    private static String paidOut(Person coach, String amount) {
        String payout = coach.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(201)
                .body("amount.amount", equalTo(amount)).extract().path("id");
        Earnings.availableSoon(coach, "USD", "0.00");
        return payout;
    }
}
