package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.money;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;

/** A session's earnings are paid out a day after its end, and not before, however early it was paid. */
@ServiceTest
class HeldEarningsTest {

    private static final Duration RELEASE = Duration.ofDays(1);

    @Inject
    Jobs jobs;

    private Person alice;

    @BeforeEach
    void meetAlice() {
        alice = Person.called("alice");
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void paysNothingOfASessionThatLiesFarAhead() {
        Person carol = coach();
        Instant start = in(Duration.ofDays(300));
        session(carol, start);
        Earnings.availableSoon(carol, "USD", "100.00");

        jobs.runNow("payout-run");

        assertThat(Earnings.payouts(carol)).isEmpty();
        LocalDate released = LocalDate.ofInstant(start.plus(Duration.ofMinutes(75)).plus(RELEASE), ZoneOffset.UTC);
        carol.gets("/v1/me/balance").body("[0].available.amount", equalTo("100.00"))
                .body("[0].held.amount", equalTo("100.00")).body("[0].releases", hasSize(1))
                .body("[0].releases[0].on", equalTo(released.toString()))
                .body("[0].releases[0].amount.amount", equalTo("100.00"))
                .body("[0].nextPayout.blockedBy", equalTo("held")).body("[0].nextPayout.on", equalTo(released.toString()))
                .body("[0].nextPayout.amount", nullValue());
        carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(409)
                .body("type", equalTo("urn:coachpay:problem:payout-blocked")).body("reasons", equalTo(List.of("held")));
        carol.posts("/v1/me/payouts", Map.of("method", "instant", "amount", money("1.00", "USD"))).statusCode(422)
                .body("type", equalTo("urn:coachpay:problem:exceeds-available"))
                .body("available.amount", equalTo("0.00"));
        Books.closeFor(carol);
    }

    @Test
    void paysADayAfterTheEnd() {
        Person carol = coach();
        Instant start = in(Duration.ofHours(3));
        session(carol, start);
        Earnings.availableSoon(carol, "USD", "100.00");
        Instant release = start.plus(Duration.ofMinutes(75)).plus(RELEASE);
        jobs.runNow("payout-run");
        StripeSandbox.advance(Duration.between(StripeSandbox.now(), release.minus(Duration.ofMinutes(2))));
        jobs.runNow("payout-run");
        assertThat(Earnings.payouts(carol)).isEmpty();

        StripeSandbox.advance(Duration.ofMinutes(3));
        jobs.runNow("payout-run");

        Earnings.becomesSoon(carol, "100 pending standard run");
        assertThat(Earnings.items(carol)).containsExactly("100");
        carol.gets("/v1/me/balance").body("[0].held.amount", equalTo("0.00")).body("[0].releases", empty());
        Books.closeFor(carol);
    }

    @Test
    void asksNeitherStripeNorAnybodyUntilThen() {
        Person carol = coach();
        session(carol, in(Duration.ofDays(20)));
        Earnings.availableSoon(carol, "USD", "100.00");

        jobs.runNow("payout-run");

        assertThat(Books.texts("select reason || ' ' || (not_before > now()) from payout_marks where user_id = '" + carol.id()
                + "'")).as("it is postponed").hasSize(1).allMatch(mark -> mark.startsWith("held"));
        assertThat(Books.texts("select failures from payout_marks where user_id = '" + carol.id() + "'"))
                .as("nothing went wrong").containsExactly("0");
    }

    @Test
    void paysWhatIsReleasedAndLeavesTheRest() {
        Person carol = coach();
        session(carol, in(Duration.ofDays(30)));
        Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "200.00");

        carol.posts("/v1/me/payouts", Map.of("method", "standard", "amount", money("100.01", "USD"))).statusCode(422)
                .body("available.amount", equalTo("100.00"));
        String payout = carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(201)
                .body("amount.amount", equalTo("100.00")).extract().path("id");

        carol.gets("/v1/me/payouts/" + payout).body("items", hasSize(1));
        assertThat(Books.texts("""
                select s.ends_at < p.requested_at from payouts p join payout_items i on i.payout_id = p.id
                  join ledger_entries e on e.id = i.entry_id join ledger_journals j on j.id = e.journal_id
                  join transactions t on t.id = j.transaction_id join sessions s on s.id = t.session_id
                 where p.id = '%s'""".formatted(payout))).containsExactly("true");
        carol.gets("/v1/me/balance").body("[0].available.amount", equalTo("100.00"))
                .body("[0].held.amount", equalTo("100.00"));
        Books.closeFor(carol);
    }

    @Test
    void holdsWhatIsLeftOfASessionThatWasCancelledLate() {
        Person carol = coach();
        String session = session(carol, in(Duration.ofHours(5)));
        Earnings.availableSoon(carol, "USD", "100.00");
        alice.posts("/v1/sessions/" + session + "/cancel").statusCode(200).body("refund", nullValue());
        carol.gets("/v1/me/balance").body("[0].held.amount", equalTo("100.00"));

        StripeSandbox.advance(RELEASE.minus(Duration.ofMinutes(5)));
        jobs.runNow("payout-run");
        assertThat(Earnings.payouts(carol)).isEmpty();
        StripeSandbox.advance(Duration.ofMinutes(10));
        jobs.runNow("payout-run");

        Earnings.becomesSoon(carol, "100 pending standard run");
    }

    @Test
    void holdsLessOfWhatIsRefunded() {
        Person carol = coach();
        String session = session(carol, in(Duration.ofDays(30)));
        Earnings.availableSoon(carol, "USD", "100.00");
        String payment = carol.gets("/v1/transactions").extract().path("data[0].id");

        carol.posts("/v1/transactions/" + payment + "/refunds",
                Map.of("amount", money("50.00", "USD"), "reason", "We talk for less")).statusCode(201);
        soon().untilAsserted(() -> carol.gets("/v1/me/balance").body("[0].held.amount", equalTo("60.00"))
                .body("[0].totalEarnings.amount", equalTo("60.00")));
        alice.posts("/v1/sessions/" + session + "/cancel").statusCode(200);

        soon().untilAsserted(() -> carol.gets("/v1/me/balance").body("[0].held.amount", equalTo("0.00"))
                .body("[0].totalEarnings.amount", equalTo("0.00")));
        jobs.runNow("payout-run");
        assertThat(Earnings.payouts(carol)).isEmpty();
        // No event announces what a reversal took: it is imported within the hour.
        Findings.importNow(Earnings.account(carol));
        Books.closeFor(carol);
    }

    @Test
    void namesTheDayOnWhichThereIsSomething() {
        Person carol = coach();
        Instant later = in(Duration.ofDays(30));
        String cancelled = session(carol, in(Duration.ofDays(10)));
        session(carol, later);
        Earnings.availableSoon(carol, "USD", "200.00");

        alice.posts("/v1/sessions/" + cancelled + "/cancel").statusCode(200);

        LocalDate released = LocalDate.ofInstant(later.plus(Duration.ofMinutes(75)).plus(RELEASE), ZoneOffset.UTC);
        soon().untilAsserted(() -> carol.gets("/v1/me/balance").body("[0].held.amount", equalTo("100.00"))
                .body("[0].releases.on", equalTo(List.of(released.toString())))
                .body("[0].nextPayout.on", equalTo(released.toString())));
    }

    @Test
    void paysNothingOfWhatIsJustBeingRefunded() {
        Person carol = coach();
        Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "100.00");
        String payment = carol.gets("/v1/transactions").extract().path("data[0].id");
        StripeSandbox.faults(
                "{\"requests\": [{\"match\": {\"method\": \"POST\", \"path\": \"/v1/refunds\"}, \"do\": \"500_before\"}]}");
        carol.posts("/v1/transactions/" + payment + "/refunds", Map.of("reason", "It did not take place"));

        carol.gets("/v1/me/balance").body("[0].held.amount", equalTo("100.00")).body("[0].releases[0].on", nullValue());
        carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(409).body("reasons", equalTo(List.of("held")));
        jobs.runNow("payout-run");
        assertThat(Earnings.payouts(carol)).isEmpty();
    }

    /** For a moment its payment owes more than it has. */
    @Test
    void paysNothingOfWhatIsRefundedBeforeTheFeeIsBack() {
        Person carol = coach();
        String session = session(carol, in(Duration.ofDays(30)));
        Earnings.paid(carol);
        Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "300.00");
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"type": "application_fee.refunded"}, "do": "drop"}],
                 "requests": [{"match": {"method": "GET", "path": "/v1/application_fees*"}, "do": "500_before"},
                              {"match": {"method": "GET", "path": "/v1/balance_transactions*"}, "do": "500_before"},
                              {"match": {"method": "GET", "path": "/v1/events*"}, "do": "500_before"}]}""");
        alice.posts("/v1/sessions/" + session + "/cancel").statusCode(200);
        soon().untilAsserted(() -> carol.gets("/v1/me/balance").body("[0].totalEarnings.amount", equalTo("175.00")));

        String payout = carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(201)
                .body("amount.amount", equalTo("175.00")).extract().path("id");

        assertThat(Books.texts("""
                select distinct t.session_id <> '%s' from payout_items i join ledger_entries e on e.id = i.entry_id
                  join ledger_journals j on j.id = e.journal_id join transactions t on t.id = j.transaction_id
                 where i.payout_id = '%s'""".formatted(session, payout))).as("none is of that session").containsExactly("true");
        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofMinutes(61));
        soon().untilAsserted(() -> carol.gets("/v1/me/balance").body("[0].totalEarnings.amount", equalTo("200.00")));
        Findings.importNow(Earnings.account(carol));
        Books.closeFor(carol);
    }

    @Test
    void holdsNothingForARefundThatThePlatformPays() {
        Person carol = coach();
        Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "100.00");
        String payment = carol.gets("/v1/transactions").extract().path("data[0].id");
        StripeSandbox.refuses("/v1/refunds", "balance_insufficient");
        String refund = carol.posts("/v1/transactions/" + payment + "/refunds", Map.of("reason", "It did not take place"))
                .extract().path("id");

        Person.admin().posts("/v1/admin/refunds/" + refund + "/platform-pays").statusCode(200)
                .body("status", equalTo("requested")).body("platformPays", equalTo(true));

        carol.gets("/v1/me/balance").body("[0].held.amount", equalTo("0.00"));
        carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(201).body("amount.amount", equalTo("100.00"));
    }

    @Test
    void holdsWhatIsDueToAPayerWhoseRefundWasRefused() {
        Person carol = coach();
        String session = session(carol, in(Duration.ofDays(2)));
        Earnings.availableSoon(carol, "USD", "100.00");
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/refunds"}, "do": "error", "status": 400,
                               "type": "invalid_request_error", "code": "not_today", "message": "No."}]}""");
        carol.posts("/v1/sessions/" + session + "/cancel").statusCode(200).body("refund.amount", equalTo("125.00"));
        soon().untilAsserted(() -> assertThat(refunds(session)).containsExactly("refused"));
        StripeSandbox.noFaults();

        StripeSandbox.advance(RELEASE.plus(Duration.ofHours(1)));
        jobs.runNow("payout-run");

        assertThat(Earnings.payouts(carol)).isEmpty();
        carol.gets("/v1/me/balance").body("[0].held.amount", equalTo("100.00")).body("[0].releases[0].on", nullValue());
        carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(409).body("reasons", equalTo(List.of("held")));
        Person.admin().posts("/v1/admin/refunds/" + refund(session) + "/retry").statusCode(200)
                .body("status", equalTo("succeeded"));
        soon().untilAsserted(() -> carol.gets("/v1/me/balance").body("[0].held.amount", equalTo("0.00"))
                .body("[0].totalEarnings.amount", equalTo("0.00")));
        StripeSandbox.advance(Duration.ofDays(3));
        Books.closeFor(carol);
    }

    @Test
    void holdsWhatIsDueAndMayYetBeTakenByTheBank() {
        Person carol = coach();
        String session = session(carol, in(Duration.ofDays(2)));
        Earnings.availableSoon(carol, "USD", "100.00");
        // As after a cancellation, and a dispute that takes nothing from coaches.
        Books.set(
                """
                        insert into disputes (id, transaction_id, stripe_dispute_id, amount, currency, status, reason, withdrawn_amount, opened_at)
                        select gen_random_uuid(), id, 'dp_' || replace(id::text, '-', ''), 125, 'USD', 'needs_response', 'general', 125, now()
                          from transactions where session_id = '%s'"""
                        .formatted(session));
        Books.set("update transactions set refund_due = 125, refund_due_reason = 'cancelled_by_coach' where session_id = '"
                + session + "'");
        Books.set("update sessions set starts_at = starts_at - interval '400 days', ends_at = ends_at - interval '400 days'"
                + " where id = '" + session + "'");

        carol.gets("/v1/me/balance").body("[0].held.amount", equalTo("100.00"));

        Books.set("update disputes set status = 'lost', closed_at = now() where transaction_id = (select id from transactions"
                + " where session_id = '" + session + "')");
        carol.gets("/v1/me/balance").body("[0].held.amount", equalTo("0.00"));
    }

    /** Before its lines are written, and before they are chosen from the payable ones. */
    @ParameterizedTest
    @ValueSource(strings = { "payouts in share mode", "payout_marks in access exclusive mode" })
    void refusesWhatIsCancelledWhileItIsAskedFor(String pause) throws Exception {
        Person carol = coach();
        UUID payment = Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "100.00");

        ValidatableResponse answer = whileItIsCancelled(payment, pause,
                () -> carol.posts("/v1/me/payouts", Map.of("method", "standard")));

        answer.statusCode(409).body("reasons", equalTo(List.of("held")));
        assertThat(Earnings.payouts(carol)).isEmpty();
        Books.closeFor(carol);
    }

    @Test
    void asksForTheRestOfWhatIsCancelledMeanwhile() throws Exception {
        Person carol = coach();
        Earnings.paid(carol);
        UUID payment = Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "200.00");

        ValidatableResponse answer = whileItIsCancelled(payment, "payouts in share mode",
                () -> carol.posts("/v1/me/payouts", Map.of("method", "standard")));

        answer.statusCode(201).body("amount.amount", equalTo("100.00"));
        assertThat(Earnings.items(carol)).containsExactly("100");
    }

    @Test
    void putsARunOffByWhatIsCancelledMeanwhile() throws Exception {
        Person carol = coach();
        UUID payment = Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "100.00");

        whileItIsCancelled(payment, "payouts in share mode", Executors.callable(() -> jobs.runNow("payout-run")));

        assertThat(Earnings.payouts(carol)).isEmpty();
        assertThat(Books.texts("select reason || ' ' || failures from payout_marks where user_id = '" + carol.id() + "'"))
                .containsExactly("held 0");
        Books.closeFor(carol);
    }

    /** Begins a decision about a payment's earnings, and stops it at a table until its session has just been cancelled. */
    private static <T> T whileItIsCancelled(UUID payment, String table, Callable<T> decision) throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Connection cancels = OwnerSql.another(); Statement statement = cancels.createStatement()) {
            cancels.setAutoCommit(false);
            statement.execute("lock table " + table);
            Future<T> decided = threads.submit(decision);
            soon().until(() -> !OwnerSql.rows("select 1 from pg_locks where relation = ?::regclass and not granted",
                    table.substring(0, table.indexOf(' '))).isEmpty());
            assertThat(statement.executeUpdate("""
                    update sessions set status = 'cancelled', cancelled_by = 'coach', cancelled_at = '%s'
                     where status = 'confirmed' and id = (select session_id from transactions where id = '%s')"""
                    .formatted(StripeSandbox.now(), payment))).isEqualTo(1);
            cancels.commit();
            return decided.get();
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<String> refunds(String session) {
        return Books
                .texts("select r.status from refunds r join transactions t on t.id = r.transaction_id where t.session_id = '"
                        + session + "'");
    }

    private static String refund(String session) {
        return Books.texts("select r.id from refunds r join transactions t on t.id = r.transaction_id where t.session_id = '"
                + session + "'").get(0);
    }

    /** A coach who is paid as soon as there is something. */
    private static Person coach() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        Marketplace.paidOut(carol, "instant", "1.00");
        return carol;
    }

    /** Booked and paid by Alice; Stripe has the coach's share at once. */
    private String session(Person coach, Instant start) {
        String session = Marketplace.booked(alice, coach, start, 75);
        JsonPath payment = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent"))
                .statusCode(200).extract().jsonPath();
        StripeSandbox.payIntent(payment.getString("clientSecret"), "pm_card_bypassPending").statusCode(200);
        Marketplace.isSoon(alice, session, "confirmed", "paid");
        return session;
    }

    private static Instant in(Duration ahead) {
        return StripeSandbox.now().plus(ahead).truncatedTo(ChronoUnit.SECONDS);
    }
}
