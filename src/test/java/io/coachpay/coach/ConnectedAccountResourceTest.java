package io.coachpay.coach;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.AtOnce;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.access.Access;
import io.coachpay.access.Ids;
import io.coachpay.http.NotFound;
import io.coachpay.user.Currencies;

@ServiceTest
class ConnectedAccountResourceTest {

    @Inject
    Access access;
    @Inject
    Coaches coaches;

    @AfterEach
    void mend() {
        StripeSandbox.noFaults();
    }

    @Test
    void makesAnAccountAndThenAnswersTheSame() {
        Person carol = Onboarded.profile("USD");

        String account = carol.posts(Onboarded.ACCOUNT, Onboarded.AMERICAN).statusCode(201)
                .body("canCharge", equalTo(false)).body("reasons", contains("onboarding_incomplete"))
                .body("country", equalTo("US")).body("defaultCurrency", equalTo("USD"))
                .body("requirements.currentlyDue", not(empty())).extract().path("stripeAccountId");

        carol.posts(Onboarded.ACCOUNT, Map.of("country", "DE", "businessType", "company")).statusCode(200)
                .body("stripeAccountId", equalTo(account)).body("country", equalTo("US"));
        carol.gets("/v1/me").body("stripeConnectAccountId", equalTo(account));
        assertThat(atStripe(carol)).containsExactly(account);
    }

    @Test
    void makesOneAccountForTwentyRequestsAtOnce() {
        Person carol = Onboarded.profile("USD");

        List<String> accounts = AtOnce.times(20,
                () -> carol.posts(Onboarded.ACCOUNT, Onboarded.AMERICAN).extract().path("stripeAccountId"));

        assertThat(accounts).hasSize(20).doesNotContainNull().containsOnly(accounts.get(0));
        assertThat(atStripe(carol)).containsExactly(accounts.get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = { "500_before", "500_after", "lost_answer", "refuse" })
    void makesOneAccountWhateverFails(String fault) {
        Person carol = Onboarded.profile("USD");
        StripeSandbox.faults(Onboarded.fault("/v1/accounts", fault, 4));

        int first = carol.posts(Onboarded.ACCOUNT, Onboarded.AMERICAN).extract().statusCode();
        StripeSandbox.noFaults();
        String account = carol.posts(Onboarded.ACCOUNT, Onboarded.AMERICAN).extract().path("stripeAccountId");

        assertThat(first).isIn(201, 502, 503);
        assertThat(atStripe(carol)).containsExactly(account);
    }

    @Test
    void canBeBookedAfterOnboarding() {
        Person carol = Onboarded.profile("USD");
        String account = Onboarded.begun(carol);
        assertThatThrownBy(() -> coaches.bookable(UUID.fromString(carol.id())))
                .isInstanceOf(CoachRefused.CannotCharge.class);

        StripeSandbox.completeOnboarding(account);

        Onboarded.soon().untilAsserted(() -> carol.gets(Onboarded.ACCOUNT).body("canCharge", equalTo(true))
                .body("canBePaidOut", equalTo(true)).body("reasons", empty()).body("detailsSubmitted", equalTo(true)));
        BookableCoach bookable = coaches.bookable(UUID.fromString(carol.id()));
        assertThat(bookable.stripeAccountId()).isEqualTo(account);
        assertThat(bookable.onBehalfOf()).isFalse();
        given().get("/v1/coaches?limit=100").then().body("data.id", hasItem(carol.id()));
        given().get("/v1/coaches/" + carol.id()).then().body("bookable", equalTo(true));
    }

    @Test
    void cannotBeBookedInACurrencyTheAccountDoesNotSettle() {
        Person carol = Onboarded.profile("EUR");
        Onboarded.onboarded(carol);

        assertThatThrownBy(() -> coaches.bookable(UUID.fromString(carol.id())))
                .isInstanceOf(Currencies.CurrencyNotSettled.class);
    }

    @Test
    void cannotBeBookedWhenNoCoach() {
        assertThatThrownBy(() -> coaches.bookable(Ids.next())).isInstanceOf(NotFound.class);
    }

    @Test
    void cannotBeBookedWhileRequirementsAreOverdue() {
        Person carol = Onboarded.profile("USD");
        String account = Onboarded.onboarded(carol);

        StripeSandbox.control("/sandbox/accounts/" + account + "/require",
                Map.of("currentlyDue", List.of("individual.verification.document"))).statusCode(200);

        Onboarded.soon().untilAsserted(() -> carol.gets(Onboarded.ACCOUNT).body("canCharge", equalTo(false))
                .body("reasons", contains("requirements_due", "charges_disabled", "payouts_disabled"))
                .body("requirements.currentlyDue", contains("individual.verification.document"))
                .body("requirements.disabledReason", equalTo("requirements.past_due")));
        StripeSandbox.completeOnboarding(account);
        Onboarded.soon().untilAsserted(() -> carol.gets(Onboarded.ACCOUNT).body("canCharge", equalTo(true)));
    }

    @Test
    void cannotDoAnythingOnceDisconnected() {
        Person carol = Onboarded.profile("USD");
        String account = Onboarded.onboarded(carol);

        StripeSandbox.control("/sandbox/accounts/" + account + "/deauthorize", Map.of()).statusCode(200);

        Onboarded.soon().untilAsserted(() -> carol.gets(Onboarded.ACCOUNT).body("canCharge", equalTo(false))
                .body("canBePaidOut", equalTo(false)).body("reasons", contains("account_deauthorized")));
        carol.posts(Onboarded.ACCOUNT + "/onboarding-link").statusCode(409)
                .body("type", equalTo("urn:coachpay:problem:account-deauthorized"));
        assertThatThrownBy(() -> coaches.bookable(UUID.fromString(carol.id())))
                .isInstanceOf(CoachRefused.CannotCharge.class);
    }

    @Test
    void needsAProfileFirst() {
        Person nobody = Person.called("nobody");

        nobody.posts(Onboarded.ACCOUNT, Onboarded.AMERICAN).statusCode(409)
                .body("type", equalTo("urn:coachpay:problem:coach-profile-required"));
        nobody.gets(Onboarded.ACCOUNT).statusCode(404);
        nobody.posts(Onboarded.ACCOUNT + "/onboarding-link").statusCode(404);
        nobody.posts(Onboarded.ACCOUNT + "/dashboard-link").statusCode(404);
        nobody.posts(Onboarded.ACCOUNT + "/account-session").statusCode(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = { "{} | country", "{'country': 'US'} | businessType",
            "{'country': 'USA', 'businessType': 'individual'} | country",
            "{'country': 'us', 'businessType': 'individual'} | country",
            "{'country': 'XX', 'businessType': 'individual'} | country",
            "{'country': 'US', 'businessType': 'pirate'} | businessType",
            "{'country': 'US', 'businessType': 'individual', 'email': 'a@b.c'} | email", "[] | invalid-request" })
    void refusesWhatIsNoCountryAndNoBusiness(String body, String named) {
        Person carol = Onboarded.profile("USD");

        carol.asks().body(body.replace('\'', '"')).post(Onboarded.ACCOUNT).then().statusCode(400)
                .contentType("application/problem+json").body(containsString(named));

        carol.gets(Onboarded.ACCOUNT).statusCode(404);
    }

    @Test
    void takesAnotherCountryWhenStripeRefusesOne() {
        Person carol = Onboarded.profile("USD");
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/accounts"}, "times": 1, "do": "error", "status": 400,
                 "type": "invalid_request_error", "message": "AQ is not currently supported by Stripe."}]}""");
        carol.posts(Onboarded.ACCOUNT, Map.of("country", "AQ", "businessType", "individual")).statusCode(422)
                .body("type", equalTo("urn:coachpay:problem:account-not-available"));
        StripeSandbox.noFaults();

        carol.posts(Onboarded.ACCOUNT, Onboarded.AMERICAN).statusCode(201).body("country", equalTo("US"));
    }

    @Test
    void keepsNoLinkIntoStripe() throws SQLException {
        Person carol = Onboarded.profile("USD");
        Onboarded.begun(carol);
        String key = UUID.randomUUID().toString();

        String first = carol.asks().header("Idempotency-Key", key).post(Onboarded.ACCOUNT + "/onboarding-link").then()
                .statusCode(200).body("expiresAt", notNullValue()).extract().path("url");
        String second = carol.asks().header("Idempotency-Key", key).post(Onboarded.ACCOUNT + "/onboarding-link").then()
                .statusCode(200).header("Idempotent-Replayed", "true").extract().path("url");

        assertThat(second).isNotEqualTo(first).startsWith("http");
        assertThat(keptUnder(key)).doesNotContain("http");
    }

    @Test
    void leadsToTheDashboardAfterOnboarding() {
        Person carol = Onboarded.profile("USD");
        String account = Onboarded.begun(carol);
        carol.posts(Onboarded.ACCOUNT + "/dashboard-link").statusCode(409)
                .body("type", equalTo("urn:coachpay:problem:onboarding-incomplete"));
        carol.posts(Onboarded.ACCOUNT + "/account-session").statusCode(200)
                .body("clientSecret", startsWith("accs_secret"));

        StripeSandbox.completeOnboarding(account);

        Onboarded.soon().untilAsserted(() -> carol.posts(Onboarded.ACCOUNT + "/dashboard-link").statusCode(200)
                .body("url", startsWith("http")));
    }

    private List<String> atStripe(Person coach) {
        UUID user = UUID.fromString(coach.id());
        UUID row = access.asService(() -> ConnectedAccount.ofUser(user)).id();
        return StripeSandbox.request().queryParam("limit", 100).get("/v1/accounts").then().statusCode(200).extract()
                .jsonPath().getList("data.findAll { it.metadata.coachpay_id == '" + row + "' }.id");
    }

    /** Reads as the owner of the tables: no other role may read an answer to another person. */
    private static String keptUnder(String key) throws SQLException {
        String url = ConfigProvider.getConfig().getValue("quarkus.datasource.jdbc.url", String.class);
        try (Connection owner = DriverManager.getConnection(url, "coachpay_owner", "coachpay_owner");
                PreparedStatement question = owner
                        .prepareStatement("select response_body from idempotency_keys where key = ?")) {
            question.setString(1, key);
            try (ResultSet kept = question.executeQuery()) {
                assertThat(kept.next()).isTrue();
                return kept.getString(1);
            }
        }
    }
}
