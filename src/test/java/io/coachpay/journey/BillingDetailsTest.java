package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;

/** A person tells where tax is due, and sees what Stripe has. */
@ServiceTest
class BillingDetailsTest {

    private static final String DETAILS = "/v1/me/billing-details";
    private static final Map<String, Object> BERLIN = Map.of("line1", "Torstr. 1", "city", "Berlin", "postalCode", "10119",
            "country", "DE");

    private Person alice;

    @BeforeEach
    void meetAPerson() {
        alice = Person.called("billed-" + UUID.randomUUID());
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void tellsStripeWhereTaxIsDue() {
        mine().body("address", nullValue()).body("taxExempt", equalTo("none")).body("taxIds", empty());

        puts(Map.of("name", " Alice Archer ", "address", with("line2", "Rear building"))).statusCode(200)
                .body("name", equalTo("Alice Archer")).body("address.line1", equalTo("Torstr. 1"))
                .body("address.line2", equalTo("Rear building")).body("address.state", nullValue())
                .body("address.postalCode", equalTo("10119")).body("address.country", equalTo("DE"));

        JsonPath stripes = atStripe();
        assertThat(stripes.getString("name")).isEqualTo("Alice Archer");
        assertThat(stripes.getString("address.line2")).isEqualTo("Rear building");
        alice.gets("/v1/me").body("name", equalTo("Alice Archer"));
        puts(Map.of("address", BERLIN)).statusCode(200).body("address.line2", nullValue())
                .body("name", equalTo("Alice Archer"));
        assertThat(atStripe().getString("address.line2")).isNull();
        Person.called("stranger-" + UUID.randomUUID()).gets(DETAILS).statusCode(200).body("address", nullValue());
    }

    @Test
    void refusesWhatCannotBeTaxed() {
        puts(Map.of("address", BERLIN)).statusCode(200);

        Problem.is(puts(Map.of("name", "Other", "address", without("postalCode", "country", "US"))), 422,
                "address-not-taxable");
        Problem.is(puts(Map.of("address", with("country", "XX"))), 400, "invalid-request");
        Problem.is(puts(Map.of("address", with("country", "de"))), 400, "invalid-request");
        Problem.is(puts(Map.of("address", with("city", "\u0001"))), 400, "invalid-request");
        Problem.is(puts(Map.of("address", with("line1", "x".repeat(201)))), 400, "invalid-request");
        Problem.is(puts(Map.of("name", "Alice")), 400, "invalid-request");

        mine().body("address.country", equalTo("DE"));
        assertThat(atStripe().getString("address.country")).isEqualTo("DE");
        assertThat(atStripe().getString("name")).isNotEqualTo("Other");
    }

    @Test
    void losesNothingWhereStripeIsAway() {
        puts(Map.of("address", BERLIN)).statusCode(200);
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/customers/*"}, "do": "500_before"}]}""");
        Problem.is(puts(Map.of("address", with("city", "Potsdam"))), 503, "stripe-away");
        StripeSandbox.noFaults();
        mine().body("address.city", equalTo("Berlin"));

        puts(Map.of("address", with("city", "Potsdam"))).statusCode(200).body("address.city", equalTo("Potsdam"));
    }

    @Test
    void showsWhatIsWrittenAtStripe() {
        puts(Map.of("address", BERLIN)).statusCode(200);

        StripeSandbox.request().formParam("address[line1]", "Rue 1").formParam("address[city]", "Paris")
                .formParam("address[country]", "FR").formParam("tax_exempt", "reverse").post(customerPath()).then()
                .statusCode(200);
        String taxId = StripeSandbox.request().formParam("type", "eu_vat").formParam("value", "FR12345678901")
                .post(customerPath() + "/tax_ids").then().statusCode(200).extract().path("id");

        soon().untilAsserted(() -> mine().body("address.city", equalTo("Paris")).body("address.postalCode", nullValue())
                .body("taxExempt", equalTo("reverse")).body("taxIds.value", contains("FR12345678901"))
                .body("taxIds.type", contains("eu_vat")).body("taxIds.verification", contains("pending")));
        StripeSandbox.advance(Duration.ofMinutes(2));
        soon().untilAsserted(() -> mine().body("taxIds.verification", contains("verified")));
        StripeSandbox.request().delete(customerPath() + "/tax_ids/" + taxId).then().statusCode(200);
        soon().untilAsserted(() -> mine().body("taxIds", empty()));
        assertThat(OwnerSql.rows("select value from customer_tax_ids where stripe_tax_id = ?", taxId))
                .allSatisfy(row -> assertThat(row.get("value")).isNull()).hasSize(1);
    }

    @Test
    void forgetsWhatACustomerHadWhoIsGone() {
        puts(Map.of("address", BERLIN)).statusCode(200);
        StripeSandbox.request().formParam("type", "us_ein").formParam("value", "12-3456789")
                .post(customerPath() + "/tax_ids").then().statusCode(200);
        soon().untilAsserted(() -> mine().body("taxIds.value", contains("12-3456789")));
        String gone = customerPath();

        StripeSandbox.request().delete(gone).then().statusCode(200);

        soon().untilAsserted(() -> mine().body("address", nullValue()).body("taxIds", empty()));
        puts(Map.of("address", with("city", "Potsdam"))).statusCode(200).body("address.city", equalTo("Potsdam"));
        assertThat(customerPath()).isNotEqualTo(gone);
    }

    private ValidatableResponse puts(Map<String, ?> details) {
        return alice.puts(DETAILS, details);
    }

    private ValidatableResponse mine() {
        return alice.gets(DETAILS).statusCode(200);
    }

    private static Map<String, Object> with(String field, String value) {
        Map<String, Object> changed = new HashMap<>(BERLIN);
        changed.put(field, value);
        return changed;
    }

    private static Map<String, Object> without(String left, String field, String value) {
        Map<String, Object> changed = with(field, value);
        changed.remove(left);
        return changed;
    }

    private JsonPath atStripe() {
        return StripeSandbox.request().get(customerPath()).then().statusCode(200).extract().jsonPath();
    }

    private String customerPath() {
        return "/v1/customers/" + OwnerSql.rows("select stripe_customer_id from stripe_customers where user_id = ?::uuid",
                alice.id()).get(0).get("stripe_customer_id");
    }
}
