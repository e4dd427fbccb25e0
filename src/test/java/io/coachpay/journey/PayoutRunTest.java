package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.money;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.AtOnce;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;

/** Coaches are paid on their day, once, and to the cent; or there is a reason why not. */
@ServiceTest
class PayoutRunTest {

    /** No event reports payouts, and nobody can list them. */
    private static final String DEAF = """
            {"webhooks": [{"match": {"kind": "connect", "type": "payout.*"}, "do": "drop"}],
             "requests": [{"match": {"method": "GET", "path": "/v1/payouts*"}, "do": "500_before"},
                          {"match": {"method": "GET", "path": "/v1/balance_transactions*"}, "do": "500_before"},
                          {"match": {"method": "GET", "path": "/v1/events*"}, "do": "500_before"}]}""";
    /** The zones in which a day begins first and last. */
    private static final ZoneId EAST = ZoneId.of("Pacific/Kiritimati");
    private static final ZoneId WEST = ZoneId.of("Pacific/Pago_Pago");

    @Inject
    Jobs jobs;

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void paysOnTheDueDayAndNotBefore() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        jobs.runNow("payout-run");
        assertThat(Earnings.payouts(carol)).isEmpty();
        carol.gets("/v1/me/balance").body("[0].nextPayout.amount.amount", equalTo("100.00"))
                .body("[0].nextPayout.blockedBy", nullValue());

        StripeSandbox.advance(Duration.ofDays(7));
        jobs.runNow("payout-run");

        Earnings.becomesSoon(carol, "100 pending standard run");
        assertThat(Earnings.items(carol)).containsExactly("100");
        Books.closeFor(carol);
        StripeSandbox.advance(Duration.ofDays(3));
        Earnings.becomesSoon(carol, "100 paid standard run");
        assertThat(Earnings.accounts(carol, "USD")).isEqualTo("0 0 0 100");
        Books.closeFor(carol);
    }

    @Test
    void makesOnePayoutOfFourRunsAndARequestAtOnce() {
        Person carol = Earnings.coachWith100("daily", "50.00");
        jobs.runNow("payout-run");
        StripeSandbox.advance(Duration.ofDays(1));
        List<Callable<Integer>> works = Stream.concat(
                Collections.<Callable<Integer>> nCopies(4, () -> {
                    jobs.runNow("payout-run");
                    return 0;
                }).stream(),
                Stream.<Callable<Integer>> of(() -> carol.posts("/v1/me/payouts", Map.of("method", "standard")).extract()
                        .statusCode()))
                .toList();

        List<Integer> answers = AtOnce.all(works);

        assertThat(answers.get(4)).isIn(201, 202, 409);
        soon().untilAsserted(() -> {
            assertThat(Earnings.payouts(carol)).hasSize(1);
            assertThat(Earnings.payoutsAtStripe(carol)).hasSize(1);
        });
        Books.closeFor(carol);
    }

    @Test
    void waitsForTheMinimum() {
        Person carol = Earnings.coachWith100("daily", "150.00");
        jobs.runNow("payout-run");
        StripeSandbox.advance(Duration.ofDays(1));
        jobs.runNow("payout-run");
        carol.gets("/v1/me/balance").body("[0].nextPayout.blockedBy", equalTo("below_minimum"));
        assertThat(Earnings.payouts(carol)).isEmpty();

        Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "200.00");
        jobs.runNow("payout-run");
        assertThat(Earnings.payouts(carol)).as("the day was closed").isEmpty();
        StripeSandbox.advance(Duration.ofDays(1));
        jobs.runNow("payout-run");

        Earnings.becomesSoon(carol, "200 pending standard run");
        assertThat(Earnings.items(carol)).containsExactly("100", "100");
    }

    @Test
    void losesNoDayWhenStripeIsShortOfWhatOurBooksHave() {
        Person carol = Earnings.coachWith100("monthly", "50.00");
        jobs.runNow("payout-run");
        StripeSandbox.faults(DEAF);
        String gone = StripeSandbox.request().header("Stripe-Account", Earnings.account(carol)).formParam("amount", "6000")
                .formParam("currency", "usd").post("/v1/payouts").then().statusCode(200).extract().path("id");
        advanceTo(nextMonth(ZoneOffset.UTC));
        jobs.runNow("payout-run");
        assertThat(Earnings.payouts(carol)).isEmpty();

        StripeSandbox.control("/sandbox/payouts/" + gone + "/fail", Map.of()).statusCode(200);
        Earnings.correctsBank(carol);
        StripeSandbox.advance(Duration.ofMinutes(90));
        soon().untilAsserted(() -> {
            StripeSandbox.advance(Duration.ofMinutes(5));
            jobs.runNow("payout-run");
            assertThat(Earnings.payouts(carol)).containsExactly("100 pending standard run");
        });
        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofHours(2));
        soon().untilAsserted(() -> {
            jobs.runNow("payout-sync");
            assertThat(Earnings.payouts(carol)).containsExactlyInAnyOrder("100 pending standard run",
                    "60 failed standard dashboard");
        });
        Books.closeFor(carol);
    }

    @ParameterizedTest
    @ValueSource(strings = { "EUR", "USD" })
    void paysOneCurrencyOnceWhateverTroubleThereIsWithTheOther(String troubled) {
        String fine = troubled.equals("EUR") ? "USD" : "EUR";
        Person carol = Earnings.coachWith100("daily", "50.00");
        Earnings.bank(carol, Map.of("currency", "eur"));
        teachesInEuros(carol);
        Earnings.paid(carol);
        Earnings.availableSoon(carol, "EUR", "100.00");
        jobs.runNow("payout-run");
        String lines = "update payout_marks set allocated_to = %s where user_id = '" + carol.id() + "' and currency = '"
                + troubled + "'";
        Books.set(lines.formatted("1000000"));

        LocalDate day = LocalDate.ofInstant(StripeSandbox.now(), ZoneOffset.UTC).plusDays(1);
        advanceTo(day.atTime(6, 0).toInstant(ZoneOffset.UTC));
        jobs.runNow("payout-run");
        Earnings.becomesSoon(carol, "100 pending standard run");
        assertThat(mark(carol, fine)).isEqualTo(day + " paid");
        assertThat(mark(carol, troubled)).isEqualTo(day.minusDays(1) + " failed");
        StripeSandbox.advance(Duration.ofMinutes(2));
        jobs.runNow("payout-run");
        assertThat(mark(carol, fine)).isEqualTo(day + " paid");

        Books.set(lines.formatted("0"));
        StripeSandbox.advance(Duration.ofMinutes(10));
        jobs.runNow("payout-run");
        Earnings.becomesSoon(carol, "100 pending standard run", "100 pending standard run");
        Books.closeFor(carol);
    }

    /** Changes the currency of future sessions; those there are have taken place. */
    private static void teachesInEuros(Person coach) {
        Books.set("update sessions set status = 'completed' where coach_id = '" + coach.id() + "'");
        coach.puts("/v1/me/coach-profile", Map.of("headline", "Coach", "hourlyRate", money("100.00", "EUR"), "payoutSchedule",
                "daily", "minimumPayout", money("50.00", "EUR"))).statusCode(200);
        soon().until(() -> !Books.texts("select id from stripe_connected_accounts where user_id = '" + coach.id()
                + "' and 'EUR' = any (bank_currencies)").isEmpty());
    }

    /** The last closed due day, and its result. */
    private static String mark(Person coach, String currency) {
        return Books.texts("select period || ' ' || coalesce(reason, 'paid') from payout_marks where user_id = '" + coach.id()
                + "' and currency = '" + currency + "'").get(0);
    }

    @Test
    void paysADayOnceThoughTheCoachMovesToWhereItIsYetToCome() {
        Person carol = Earnings.coachWith100("daily", "50.00");
        livesIn(carol, "Pacific/Kiritimati", "daily");
        jobs.runNow("payout-run");
        advanceTo(LocalDate.ofInstant(StripeSandbox.now(), EAST).plusDays(1).atStartOfDay(EAST).toInstant());
        jobs.runNow("payout-run");
        Earnings.becomesSoon(carol, "100 pending standard run");
        LocalDate paid = LocalDate.ofInstant(StripeSandbox.now(), EAST);

        livesIn(carol, "Pacific/Pago_Pago", "daily");
        jobs.runNow("payout-run");
        advanceTo(paid.minusDays(1).atStartOfDay(WEST).toInstant());
        jobs.runNow("payout-run");
        Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "100.00");
        advanceTo(paid.atStartOfDay(WEST).toInstant());
        jobs.runNow("payout-run");
        assertThat(mark(carol, "USD")).as("it is not asked again and again").isEqualTo(paid + " paid");
        assertThat(Earnings.payouts(carol)).hasSize(1);
        nextDay();

        Earnings.becomesSoon(carol, "100 paid standard run", "100 pending standard run");
        Books.closeFor(carol);
    }

    @Test
    void paysOnTheFirstOfTheMonth() {
        Person carol = Earnings.coachWith100("monthly", "50.00");
        jobs.runNow("payout-run");
        Instant first = nextMonth(ZoneOffset.UTC);
        advanceTo(first.minus(Duration.ofMinutes(5)));
        jobs.runNow("payout-run");
        assertThat(Earnings.payouts(carol)).isEmpty();

        advanceTo(first);
        jobs.runNow("payout-run");

        Earnings.becomesSoon(carol, "100 pending standard run");
        assertThat(mark(carol, "USD")).isEqualTo(LocalDate.ofInstant(first, ZoneOffset.UTC) + " paid");
        assertThat(Earnings.items(carol)).containsExactly("100");
        StripeSandbox.advance(Duration.ofDays(3));
        Earnings.becomesSoon(carol, "100 paid standard run");
        Books.closeFor(carol);
    }

    @Test
    void paysWhenTheMonthBeginsWhereTheCoachLives() {
        Person carol = Earnings.coachWith100("monthly", "50.00");
        livesIn(carol, "Pacific/Kiritimati", "monthly");
        jobs.runNow("payout-run");
        Instant first = nextMonth(EAST);
        LocalDate day = LocalDate.ofInstant(first, EAST);
        assertThat(LocalDate.ofInstant(first, ZoneOffset.UTC)).isEqualTo(day.minusDays(1));
        carol.gets("/v1/me/balance").body("[0].nextPayout.on", equalTo(day.toString()));
        advanceTo(first.minus(Duration.ofMinutes(5)));
        jobs.runNow("payout-run");
        assertThat(Earnings.payouts(carol)).isEmpty();

        advanceTo(first);
        jobs.runNow("payout-run");

        Earnings.becomesSoon(carol, "100 pending standard run");
        assertThat(mark(carol, "USD")).isEqualTo(day + " paid");
        Books.closeFor(carol);
    }

    private static void livesIn(Person coach, String zone, String schedule) {
        coach.puts("/v1/me/coach-profile", Map.of("headline", "Coach", "hourlyRate", money("100.00", "USD"), "payoutSchedule",
                schedule, "minimumPayout", money("50.00", "USD"), "timeZone", zone)).statusCode(200);
    }

    /** The beginning of the next month there. */
    private static Instant nextMonth(ZoneId zone) {
        return LocalDate.ofInstant(StripeSandbox.now(), zone).plusMonths(1).withDayOfMonth(1).atStartOfDay(zone).toInstant();
    }

    /** Lets time pass until then; the clock never goes back. */
    private static void advanceTo(Instant then) {
        Duration ahead = Duration.between(StripeSandbox.now(), then).plusSeconds(1);
        if (!ahead.isNegative()) {
            StripeSandbox.advance(ahead);
        }
    }

    @Test
    void paysInTheUsualWayAsSoonAsThereIsSomething() {
        Person carol = Earnings.coachWith100("instant", "999.00");
        Earnings.bank(carol, Map.of("instant", true));
        Marketplace.paidOut(carol, "instant", "100.00");

        jobs.runNow("payout-run");

        Earnings.becomesSoon(carol, "100 pending standard run");
        Books.closeFor(carol);
    }

    @Test
    void paysInstantlyWhoeverAsksForIt() {
        Person carol = Earnings.coachWith100("instant", "999.00");
        Earnings.bank(carol, Map.of("instant", true));

        asksForInstant(carol);

        Earnings.becomesSoon(carol, "99.01 in_transit instant coach");
        StripeSandbox.advance(Duration.ofHours(1));
        Earnings.becomesSoon(carol, "99.01 paid instant coach");
        Books.closeFor(carol);
        assertThat(feeOf(Earnings.newest(carol).getString("stripePayoutId"))).containsExactly("external 0.99",
                "stripe_fees -0.99");
    }

    private static void asksForInstant(Person coach) {
        coach.posts("/v1/me/payouts", Map.of("method", "instant")).statusCode(201);
    }

    /** The platform's cost of an instant payout, as booked. */
    private static List<String> feeOf(String payout) {
        Map<String, Object> line = StripeSandbox.request().queryParam("type", "stripe_fee").queryParam("limit", 100)
                .get("/v1/balance_transactions").then().statusCode(200).extract()
                .path("data.find { it.description.endsWith('" + payout + "') }");
        assertThat(line).containsEntry("net", -99).containsEntry("currency", "usd");
        Findings.importNow("platform");
        return Books.texts("""
                select a.kind || ' ' || trim_scale(e.amount) from ledger_entries e join ledger_accounts a on a.id = e.account_id
                  join ledger_journals j on j.id = e.journal_id
                 where j.kind = 'stripe_fee' and j.reference = '%s' order by a.kind""".formatted(line.get("id")));
    }

    @Test
    void keepsWhatIsLessThanAForintForTheNextPayout() {
        Person carol = Marketplace.coach("carol", "10450.56", "HUF");
        Earnings.paid(carol, 60);
        Earnings.availableSoon(carol, "HUF", "8360.45");
        Marketplace.paidOut(carol, "daily", "5000.00");
        jobs.runNow("payout-run");

        nextDay();

        Earnings.becomesSoon(carol, "8360 pending standard run");
        assertThat(Earnings.items(carol)).containsExactly("8360");
        assertThat(Earnings.accounts(carol, "HUF")).isEqualTo("0 0.45 8360 0");
        Books.closeFor(carol);
        Earnings.paid(carol, 60);
        Earnings.availableSoon(carol, "HUF", "8360.90");
        nextDay();

        Earnings.becomesSoon(carol, "8360 in_transit standard run", "8360 pending standard run");
        assertThat(Earnings.items(carol)).containsExactly("8360", "0.45", "8359.55");
        assertThat(Earnings.accounts(carol, "HUF")).isEqualTo("0 0.9 16720 0");
        Books.closeFor(carol);
    }

    @Test
    void fallsBackToAUsualPayoutWhereTheBankIsTooSlow() {
        Person carol = Earnings.coachWith100("instant", "999.00");

        asksForInstant(carol);

        Earnings.becomesSoon(carol, "100 pending standard destination_not_eligible coach");
        assertThat(Earnings.newest(carol).getString("fallbackReason")).isEqualTo("destination_not_eligible");
    }

    @Test
    void fallsBackToAUsualPayoutWhereStripeAdvancesLess() {
        Person carol = Earnings.coachWith100("instant", "999.00");
        Earnings.bank(carol, Map.of("instant", true, "instantAtMost", 9900));

        asksForInstant(carol);

        Earnings.becomesSoon(carol, "100 pending standard not_instantly_available coach");
        Books.closeFor(carol);
    }

    @ParameterizedTest
    @CsvSource({ "instant_payouts_unsupported,destination_not_eligible", "balance_insufficient,not_instantly_available",
            "instant_payouts_limit_exceeded,not_instantly_available", "parameter_invalid_integer,refused_by_stripe" })
    void fallsBackWhenStripeRefusesAfterAll(String code, String reason) {
        Person carol = Earnings.coachWith100("instant", "999.00");
        Earnings.bank(carol, Map.of("instant", true));
        StripeSandbox.faults(refusals(code, 1));

        asksForInstant(carol);

        Earnings.becomesSoon(carol, "99.01 pending standard " + reason + " coach");
        assertThat(Earnings.newest(carol).getString("fallbackReason")).isEqualTo(reason);
        assertThat(Earnings.payoutsAtStripe(carol)).hasSize(1);
        Books.closeFor(carol);
    }

    @Test
    void triesTheSameDayAgainAfterARefusal() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        jobs.runNow("payout-run");
        StripeSandbox.faults(refusals("payouts_not_allowed", 1000));
        StripeSandbox.advance(Duration.ofDays(7));

        AtOnce.times(4, () -> {
            jobs.runNow("payout-run");
            return 0;
        });

        Earnings.becomesSoon(carol, "100 refused standard run");
        assertThat(Earnings.items(carol)).isEmpty();
        carol.gets("/v1/me/balance").body("[0].lastFailure.failureCode", equalTo("payouts_not_allowed"));
        jobs.runNow("payout-run");
        assertThat(Earnings.payouts(carol)).as("not at once").hasSize(1);
        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofMinutes(3));
        soon().untilAsserted(() -> {
            jobs.runNow("payout-run");
            assertThat(Earnings.payouts(carol)).containsOnlyOnce("100 pending standard run");
        });
        Books.closeFor(carol);
    }

    @Test
    void leavesANegativeBalanceAloneUntilItIsEarnedBack() {
        Person carol = Earnings.coachWith100("daily", "100.00");
        String payment = carol.gets("/v1/transactions").extract().path("data[0].stripePaymentIntentId");
        jobs.runNow("payout-run");
        nextDay();
        Earnings.becomesSoon(carol, "100 pending standard run");
        StripeSandbox.advance(Duration.ofDays(3));
        Earnings.becomesSoon(carol, "100 paid standard run");

        StripeSandbox.request().formParam("payment_intent", payment).formParam("reverse_transfer", "true")
                .formParam("refund_application_fee", "true").post("/v1/refunds").then().statusCode(200);
        Findings.importNow(Earnings.account(carol));
        Earnings.availableSoon(carol, "USD", "-100.00");
        carol.gets("/v1/me/balance").body("[0].nextPayout.blockedBy", equalTo("negative_balance"));
        carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(409)
                .body("type", equalTo("urn:coachpay:problem:payout-blocked"))
                .body("reasons", equalTo(List.of("negative_balance")));
        earnsAndWaits(carol, 36, "-52.00", "negative_balance");
        earnsAndWaits(carol, 75, "48.00", "below_minimum");
        Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "148.00");
        nextDay();

        Earnings.becomesSoon(carol, "100 paid standard run", "148 pending standard run");
        assertThat(Earnings.items(carol)).containsExactly("100", "-100", "48", "100", "100");
        Books.closeFor(carol);
        Findings.importNow("platform");
    }

    private void earnsAndWaits(Person coach, int minutes, String available, String reason) {
        Earnings.paid(coach, minutes);
        Earnings.availableSoon(coach, "USD", available);
        nextDay();
        coach.gets("/v1/me/balance").body("[0].nextPayout.blockedBy", equalTo(reason));
        assertThat(Earnings.payouts(coach)).hasSize(1);
    }

    @Test
    void waitsForABankAccount() {
        Person carol = Earnings.coachWith100("daily", "50.00");
        jobs.runNow("payout-run");
        Earnings.bank(carol, Map.of("remove", true));
        soon().untilAsserted(() -> carol.gets("/v1/me/balance")
                .body("[0].nextPayout.blockedBy", equalTo("no_bank_account_for_currency")));
        nextDay();
        assertThat(Earnings.payouts(carol)).isEmpty();

        Earnings.bank(carol, Map.of("currency", "usd"));
        soon().untilAsserted(() -> carol.gets("/v1/me/balance").body("[0].nextPayout.blockedBy", nullValue()));
        nextDay();

        Earnings.becomesSoon(carol, "100 pending standard run");
    }

    @Test
    void attemptsNothingOnADisconnectedAccount() {
        Person carol = Earnings.coachWith100("daily", "50.00");
        jobs.runNow("payout-run");
        StripeSandbox.control("/sandbox/accounts/" + Earnings.account(carol) + "/deauthorize", Map.of()).statusCode(200);
        soon().untilAsserted(() -> carol.gets("/v1/me/balance")
                .body("[0].nextPayout.blockedBy", equalTo("account_deauthorized")));

        nextDay();
        jobs.runNow("payout-sync");
        jobs.runNow("payout-check");

        assertThat(Earnings.payouts(carol)).isEmpty();
        carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(409)
                .body("reasons", equalTo(List.of("account_deauthorized")));
    }

    private void nextDay() {
        StripeSandbox.advance(Duration.ofDays(1));
        jobs.runNow("payout-run");
    }

    /** Makes Stripe refuse so many payouts, of any coach. */
    private static String refusals(String code, int times) {
        return """
                {"requests": [{"match": {"method": "POST", "path": "/v1/payouts"}, "do": "error", "times": %d, "status": 400,
                               "type": "invalid_request_error", "code": "%s", "message": "No."}]}""".formatted(times, code);
    }
}
