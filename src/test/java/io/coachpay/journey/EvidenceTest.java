package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.AtOnce;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;

/** A coach answers a dispute: texts are kept, and go to the bank once. */
@ServiceTest
class EvidenceTest {

    private static final String CURRENCY = "GBP";

    @Inject
    Jobs jobs;

    private Person carol;
    private Person alice;
    private String stripeId;
    private String dispute;

    @BeforeEach
    void dispute() {
        carol = Marketplace.coach("carol", "100.00", CURRENCY);
        alice = Person.called("alice");
        UUID payment = Marketplace.paid(alice, carol, 75, "pm_card_bypassPending");
        String charge = column("select stripe_charge_id from transactions where id = '" + payment + "'");
        stripeId = StripeSandbox.control("/sandbox/disputes", Map.of("charge", charge)).statusCode(200).extract().path("id");
        String row = "select id::text from disputes where stripe_dispute_id = '" + stripeId + "'";
        soon().untilAsserted(() -> assertThat(Books.texts(row)).hasSize(1));
        dispute = column(row);
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void keepsTextsHereAndAtStripe() {
        stage(Map.of("product_description", "Coaching", "customer_name", "Alice")).statusCode(200)
                .body("evidence.product_description", equalTo("Coaching"));
        stage(Map.of("customer_name", "", "uncategorized_text", "We met.")).statusCode(200)
                .body("evidence", not(hasKey("customer_name"))).body("evidenceSubmittedAt", nullValue());

        JsonPath atStripe = atStripe();
        assertThat(atStripe.getString("evidence.product_description")).isEqualTo("Coaching");
        assertThat(atStripe.getString("evidence.uncategorized_text")).isEqualTo("We met.");
        assertThat(atStripe.getString("evidence.customer_name")).isNullOrEmpty();
        assertThat(atStripe.getString("status")).isEqualTo("needs_response");
    }

    @Test
    void refusesWhatStripeDoesNotKnow() {
        Problem.names(stage(Map.of("testimony", "I swear")), "testimony");
        Problem.names(stage(Map.of("uncategorized_text", "x".repeat(20_001))), "uncategorized_text");
        stage(Map.of("uncategorized_text", "x".repeat(20_000))).statusCode(200);
        Problem.is(carol.asks().body("{\"uncategorized_text\": 1}").put(path("/evidence")).then(), 400);
        Problem.names(carol.asks().body("{\"uncategorized_text\": null}").put(path("/evidence")).then(), "uncategorized_text");
    }

    @Test
    void isNobodyElsesAffair() {
        alice.puts(path("/evidence"), Map.of("uncategorized_text", "It was I.")).statusCode(404);
        Person.called("bob").posts(path("/submit")).statusCode(404);

        Person.admin().puts(path("/evidence"), Map.of("uncategorized_text", "For the platform.")).statusCode(200);
    }

    @Test
    void goesToTheBankOnce() {
        Problem.is(submit(), 422, "evidence-missing");
        stage(Map.of("uncategorized_text", "We met."));

        submit().statusCode(200).body("status", equalTo("under_review")).body("evidenceSubmittedAt", notNullValue());

        assertThat(atStripe().getInt("evidence_details.submission_count")).isEqualTo(1);
        Problem.is(submit(), 409, "evidence-submitted");
        Problem.is(stage(Map.of("uncategorized_text", "And more.")), 409, "evidence-submitted");
        assertThat(Outcome.chargedFor(stripeId)).isEqualByComparingTo("15.00");
        booksAgree();
    }

    @Test
    void canBeWrittenAndSubmittedByAnAdministrator() {
        Person admin = Person.admin();
        admin.puts(path("/evidence"), Map.of("uncategorized_text", "The platform's records show it.")).statusCode(200);

        admin.posts(path("/submit")).statusCode(200).body("status", equalTo("under_review")).body("evidenceSubmittedAt",
                notNullValue());

        assertThat(atStripe().getInt("evidence_details.submission_count")).isEqualTo(1);
        assertThat(column("select submitted_by::text from disputes where id = '" + dispute + "'")).isEqualTo(admin.id());
        Problem.is(submit(), 409, "evidence-submitted");
    }

    @Test
    void goesToTheBankOnceHoweverManySubmitAtOnce() {
        stage(Map.of("uncategorized_text", "We met."));

        assertThat(AtOnce.times(4, () -> submit().extract().statusCode())).contains(200);

        assertThat(atStripe().getInt("evidence_details.submission_count")).isEqualTo(1);
    }

    @Test
    void goesToTheBankEvenIfStripeWasAwayAtFirst() {
        stage(Map.of("uncategorized_text", "We met."));
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/disputes/*"}, "do": "refuse"}]}""");
        submit().statusCode(503);
        StripeSandbox.noFaults();

        StripeSandbox.advance(Duration.ofMinutes(2));
        jobs.runNow("dispute-check");

        soon().untilAsserted(() -> carol.gets(path("")).body("evidenceSubmittedAt", notNullValue()));
        assertThat(atStripe().getInt("evidence_details.submission_count")).isEqualTo(1);
    }

    @Test
    void goesToTheBankOnceThoughAnErrorHidIt() {
        stage(Map.of("uncategorized_text", "We met."));
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/disputes/*"}, "do": "500_after", "times": 1}]}""");

        submit().statusCode(200).body("evidenceSubmittedAt", notNullValue());

        assertThat(atStripe().getInt("evidence_details.submission_count")).isEqualTo(1);
    }

    @Test
    void comesTooLateOnceTheBankHasDecided() {
        stage(Map.of("uncategorized_text", "We met."));
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"type": "charge.dispute.*"}, "do": "drop"}]}""");
        StripeSandbox.control("/sandbox/disputes/" + stripeId + "/close", Map.of("status", "lost")).statusCode(200);

        Problem.is(submit(), 409, "dispute-not-open");

        carol.gets(path("")).body("status", equalTo("lost")).body("closedAt", notNullValue());
        Problem.is(stage(Map.of("uncategorized_text", "Still.")), 409, "dispute-not-open");
    }

    private ValidatableResponse stage(Map<String, String> texts) {
        return carol.puts(path("/evidence"), texts);
    }

    private ValidatableResponse submit() {
        return carol.posts(path("/submit"));
    }

    private String path(String part) {
        return "/v1/disputes/" + dispute + part;
    }

    private JsonPath atStripe() {
        return StripeSandbox.request().get("/v1/disputes/" + stripeId).then().statusCode(200).extract().jsonPath();
    }

    private static String column(String sql) {
        return String.join(" ", Books.texts(sql));
    }

    private void booksAgree() {
        soon().untilAsserted(() -> carol.gets("/v1/me/balance")
                .body("find { it.currency == '" + CURRENCY + "' }.totalEarnings.amount", equalTo("0.00")));
        StripeSandbox.advance(Duration.ofHours(1));
        Books.closeFor(carol);
    }
}
