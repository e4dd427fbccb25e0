package io.coachpay.coach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import io.coachpay.Json;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.access.Access;
import io.coachpay.access.Ids;
import io.coachpay.inbox.Answers;
import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.inbox.Undecided;
import io.coachpay.job.Jobs;

@ServiceTest
class AccountHandlerTest {

    @Inject
    Access access;
    @Inject
    AccountHandler handler;
    @Inject
    ConnectedAccountBooks books;
    @Inject
    Jobs jobs;
    @Inject
    Clock clock;

    @AfterEach
    void mend() {
        StripeSandbox.noFaults();
    }

    @Test
    void givesOthersTheirTurnBeforeAnAccountThatWasTried() {
        List<String> accounts = List.of(Onboarded.onboarded(Onboarded.profile("USD")),
                Onboarded.onboarded(Onboarded.profile("USD")));
        accounts.forEach(account -> OwnerSql.run(
                "update stripe_connected_accounts set payouts_manual = false, payouts_asked_next = null where stripe_account_id = ?",
                account));

        List<String> tried = access.asService(() -> {
            int due = (int) ConnectedAccount.count("connection.payoutsManual = false and connection.stripeId is not null"
                    + " and connection.deauthorizedAt is null"
                    + " and (connection.payoutsAskedNext is null or connection.payoutsAskedNext <= ?1)", clock.instant());
            return IntStream.range(0, due)
                    .mapToObj(turn -> books.takeWithoutManualPayouts(1)).flatMap(List::stream)
                    .map(ConnectedAccount::stripeId).toList();
        });

        assertThat(tried).doesNotHaveDuplicates().containsAll(accounts);
    }

    @Test
    void hearsNothingFromThePast() {
        Person carol = Onboarded.profile("USD");
        String account = Onboarded.onboarded(carol);
        Event old = event("account.updated", account, clock.instant().minus(Duration.ofHours(1)), """
                {"id": "%s", "object": "account", "charges_enabled": false}""".formatted(account));

        for (int i = 0; i < 2; i++) {
            assertThat(handler.needs(old)).isEmpty();
            access.runAsService(() -> handler.apply(old, Fetched.nothing()));
        }

        carol.gets(Onboarded.ACCOUNT).body("canCharge", equalTo(true));
    }

    @Test
    void hasTheAccountFetchedWhenOnlyAPartIsTold() {
        String account = Onboarded.onboarded(Onboarded.profile("USD"));
        Event part = event("capability.updated", account, clock.instant().plus(Duration.ofHours(1)),
                "{\"id\": \"transfers\", \"object\": \"capability\", \"status\": \"inactive\"}");

        assertThat(handler.needs(part)).singleElement().hasFieldOrPropertyWithValue("id", account);
    }

    @Test
    void hasTheAccountFetchedWhenItWasToldTwiceWithinASecond() {
        Person carol = Onboarded.profile("USD");
        String account = Onboarded.onboarded(carol);
        Instant later = clock.instant().plus(Duration.ofHours(1));
        Event first = event("account.updated", account, later, """
                {"id": "%s", "object": "account", "charges_enabled": false}""".formatted(account));
        access.runAsService(() -> handler.apply(first, Fetched.nothing()));

        assertThat(handler.needs(first)).singleElement().hasFieldOrPropertyWithValue("id", account);
        assertThatThrownBy(() -> access.runAsService(() -> handler.apply(first, Fetched.nothing())))
                .isInstanceOf(Undecided.class);
    }

    /** An event of the same second was applied while the reading was under way, so which of the two is newer is unknown. */
    @Test
    void believesNoReadingThatAnEventOfThatSecondHasOvertaken() {
        Person carol = Onboarded.profile("USD");
        String account = Onboarded.onboarded(carol);
        JsonNode complete = Json.read(
                StripeSandbox.request().get("/v1/accounts/" + account).then().statusCode(200).extract().asString());
        Instant later = clock.instant().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
        Event part = event("capability.updated", account, later,
                "{\"id\": \"transfers\", \"object\": \"capability\", \"status\": \"active\"}");
        Fetched before = Answers.of(handler.needs(part).get(0), Json.read("""
                {"id": "%s", "object": "account", "charges_enabled": false}""".formatted(account)), clock.instant());
        Event whole = event("account.updated", account, later, complete.toString());
        access.runAsService(() -> handler.apply(whole, Fetched.nothing()));

        assertThatThrownBy(() -> access.runAsService(() -> handler.apply(part, before))).isInstanceOf(Undecided.class);

        carol.gets(Onboarded.ACCOUNT).body("canCharge", equalTo(true));
        Fetched after = Answers.of(handler.needs(part).get(0), complete, clock.instant());
        access.runAsService(() -> handler.apply(part, after));
        carol.gets(Onboarded.ACCOUNT).body("canCharge", equalTo(true));
    }

    @Test
    void waitsForAnAccountItDoesNotKnow() {
        Event early = event("account.updated", "acct_early", clock.instant(),
                "{\"id\": \"acct_early\", \"object\": \"account\"}");

        assertThatThrownBy(() -> access.runAsService(() -> handler.apply(early, Fetched.nothing())))
                .isInstanceOf(MissingParent.class);
    }

    @Test
    void makesPayoutsOursToDecide() {
        String account = Onboarded.begun(Onboarded.profile("USD"));

        assertThat(interval(account)).isEqualTo("manual");
        assertThat(settings(account).at("/payments/debit_negative_balances").asBoolean(true)).isFalse();
    }

    @Test
    void makesPayoutsOursLaterWhenStripeIsAway() {
        Person carol = Onboarded.profile("USD");
        StripeSandbox.faults(Onboarded.fault("/v1/balance_settings", "refuse", 99));
        String account = Onboarded.begun(carol);
        assertThat(interval(account)).isEqualTo("daily");
        StripeSandbox.noFaults();

        jobs.runNow("manual-payouts");

        assertThat(interval(account)).isEqualTo("manual");
    }

    @Test
    void makesPayoutsOursAgainWhenSomebodyGaveThemBack() {
        String account = Onboarded.begun(Onboarded.profile("USD"));

        StripeSandbox.request().header("Stripe-Account", account)
                .formParam("payments[payouts][schedule][interval]", "daily").post("/v1/balance_settings").then()
                .statusCode(200);

        Onboarded.soon().untilAsserted(() -> {
            jobs.runNow("manual-payouts");
            assertThat(interval(account)).isEqualTo("manual");
        });
    }

    /** Stripe repeats a refusal under its key, and a hundred refused accounts must not delay others. */
    @Test
    void asksForPayoutsUnderAnotherKeyAndLaterOnceStripeRefused() {
        Person carol = Onboarded.profile("USD");
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/balance_settings"}, "do": "error", "status": 400,
                  "type": "invalid_request_error", "message": "Not this account."}]}""");
        String account = Onboarded.begun(carol);
        UUID coach = UUID.fromString(carol.id());
        int refused = access.asService(() -> ConnectedAccount.ofUser(coach)).connection().attempt();

        jobs.runNow("manual-payouts");

        assertThat(refused).isEqualTo(2);
        assertThat(access.asService(() -> ConnectedAccount.ofUser(coach)).connection().attempt()).isEqualTo(2);
        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofHours(6));
        Onboarded.soon().untilAsserted(() -> {
            jobs.runNow("manual-payouts");
            assertThat(interval(account)).isEqualTo("manual");
        });
    }

    private static String interval(String account) {
        return settings(account).at("/payments/payouts/schedule/interval").asText();
    }

    private static JsonNode settings(String account) {
        return Json.read(StripeSandbox.request().header("Stripe-Account", account).get("/v1/balance_settings").then()
                .statusCode(200).extract().asString());
    }

    private static Event event(String type, String account, Instant created, String object) {
        return new Event(Ids.next(), "evt_" + Ids.next().toString().replace("-", ""), account, Endpoint.CONNECT, type, null,
                created.truncatedTo(ChronoUnit.SECONDS), false, Json.read(object), MissingNode.getInstance());
    }
}
