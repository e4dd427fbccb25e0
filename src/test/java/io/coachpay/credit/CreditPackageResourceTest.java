package io.coachpay.credit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.restassured.response.ValidatableResponse;

@ServiceTest
class CreditPackageResourceTest {

    private static final String PUBLIC = "/v1/credit-packages";
    private static final String ADMIN = "/v1/admin/credit-packages";

    private Person admin;

    @BeforeEach
    void signIn() {
        admin = Person.admin();
    }

    @Test
    void showsEverybodyThePackagesForSale() {
        ValidatableResponse shown = given().get(PUBLIC).then().statusCode(200);

        shown.body("name", hasItems("Small Package", "Medium Package", "Large Package"))
                .body("find { it.name == 'Small Package' }.amount", equalTo(Map.of("amount", "5.00", "currency", "USD")))
                .body("find { it.name == 'Small Package' }.creditAmount", equalTo("5.000000"))
                .body("find { it.name == 'Small Package' }.description", equalTo("Perfect for light usage"))
                .body("find { it.name == 'Small Package' }.updatedAt", nullValue());
        assertThat(shown.extract().jsonPath().getList("sortOrder", Integer.class)).isSorted();
    }

    @Test
    void findsPackagesByTheirPriceInTheirOrder() {
        String price = freePrice();
        String second = offered("Second", price, "9000", Map.of("sortOrder", 2));
        String first = offered("First", price, "9000.5", Map.of("sortOrder", 1));
        String third = offered("Third", price, "9000", Map.of("sortOrder", 2));
        offered("Hidden", price, "9000", Map.of("active", false));

        given().queryParam("amount", price).get(PUBLIC).then().statusCode(200).body("id", contains(first, second, third));
        Person.called("alice").asks().queryParam("amount", price).get(PUBLIC).then().body("name",
                contains("First", "Second", "Third"));
        given().queryParam("amount", freePrice()).get(PUBLIC).then().statusCode(200).body("$", empty());
    }

    @ParameterizedTest
    @ValueSource(strings = { "15", "15.0", "15.000", "-15.00", "1e3", "NaN", " 15.00", "01.00" })
    void findsNoPackagesByWhatIsNoPrice(String amount) {
        Problem.names(given().queryParam("amount", amount).get(PUBLIC).then(), "amount");
    }

    @Test
    void offersAPackageToEverybody() {
        String price = freePrice();

        ValidatableResponse made = admin.posts(ADMIN, terms("Pro", price, 9000.25, Map.of("description", " For teams ")))
                .statusCode(201);

        made.body("name", equalTo("Pro")).body("description", equalTo("For teams")).body("creditAmount", equalTo("9000.250000"))
                .body("amount.amount", equalTo(price)).body("active", equalTo(true)).body("sortOrder", equalTo(0))
                .body("updatedAt", notNullValue()).body("createdAt", notNullValue()).body("productId", nullValue());
        String id = made.extract().path("id");
        given().get(PUBLIC).then().body("id", hasItem(id));
        admin.gets(ADMIN + "?limit=100").body("data.id", hasItem(id)).body("data.updatedAt",
                hasItem(made.extract().<String> path("updatedAt")));
        assertThat(audited(id)).singleElement().satisfies(row -> {
            assertThat(row).containsEntry("role", "app_admin").containsEntry("action", "insert");
            assertThat(row.get("actor")).isEqualTo(admin.id());
        });
    }

    @Test
    void changesAPackageForLaterBuyers() {
        String id = offered("Pro", freePrice(), "9000", Map.of("description", "Once"));

        changed(id, Map.of("name", "Professional", "creditAmount", "9500.5", "sortOrder", 7)).statusCode(200)
                .body("name", equalTo("Professional")).body("creditAmount", equalTo("9500.500000"))
                .body("sortOrder", equalTo(7)).body("description", equalTo("Once")).body("active", equalTo(true));
        changed(id, Map.of("amount", Map.of("amount", "0.50", "currency", "USD"), "creditAmount", 0.5)).statusCode(200)
                .body("amount.amount", equalTo("0.50")).body("creditAmount", equalTo("0.500000"));
        changed(id, Map.of("active", false)).statusCode(200);
        changed(id, Map.of("description", "")).statusCode(200).body("description", nullValue())
                .body("name", equalTo("Professional"));

        assertThat(audited(id)).hasSize(5).allSatisfy(row -> assertThat(row.get("actor")).isEqualTo(admin.id()));
    }

    @Test
    void takesAPackageOutOfSaleAndBack() {
        String id = offered("Pro", freePrice(), "9000", Map.of());

        changed(id, Map.of("active", false)).statusCode(200).body("active", equalTo(false));
        given().get(PUBLIC).then().body("id", not(hasItem(id)));
        admin.gets(ADMIN + "?limit=100").body("data.id", hasItem(id));
        changed(id, Map.of("active", true)).statusCode(200);

        given().get(PUBLIC).then().body("id", hasItem(id));
    }

    @Test
    void keepsWhatAnotherAdministratorChangedMeanwhile() {
        ValidatableResponse made = admin.posts(ADMIN, terms("Pro", freePrice(), "9000", Map.of())).statusCode(201);
        String id = made.extract().path("id");
        String seen = made.extract().path("updatedAt");

        String now = changed(id, Map.of("sortOrder", 3, "updatedAt", seen)).statusCode(200).extract().path("updatedAt");
        Problem.is(changed(id, Map.of("sortOrder", 4, "updatedAt", seen)), 409, "package-changed");

        assertThat(now).isNotEqualTo(seen);
        changed(id, Map.of("updatedAt", now)).statusCode(200).body("sortOrder", equalTo(3)).body("updatedAt", equalTo(now));
    }

    @ParameterizedTest
    @ValueSource(strings = { "\"NaN\"", "\"1e3\"", "1e3", "\"9000.1234567\"", "9000.1234567", "\"-9000\"", "-9000", "0",
            "\"0.000000\"", "\"100000\"", "\"\"", "\" 9000\"", "\"+9000\"", "\"09000\"", "true", "null", "{}", "[]",
            "\"Infinity\"", "\"9,000\"", "\"٩\"" })
    void refusesCreditsThatAreNoPlainNumber(String credits) {
        String body = """
                {"name": "Pro", "amount": {"amount": "5.00", "currency": "USD"}, "creditAmount": %s}""".formatted(credits);

        Problem.names(admin.asks().body(body).post(ADMIN).then(), "creditAmount");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "name| ' '", "name| ''", "name| --", "name| 'a\tb'", "name| LONG",
            "description| LONG",
            "description| 'a\nb'" })
    void refusesTextsThatNobodyCouldRead(String field, String text) {
        String said = text.equals("LONG") ? "x".repeat(501) : text;

        Problem.names(admin.posts(ADMIN, terms("Pro", "5.00", "5", Map.of(field, said))), field);
        Problem.names(changed(offered("Pro", freePrice(), "9000", Map.of()), Map.of(field, said)), field);
    }

    @Test
    void refusesWhatIsNoRequest() {
        Problem.names(admin.posts(ADMIN, Map.of("name", "Pro", "creditAmount", "5")), "amount");
        Problem.names(admin.posts(ADMIN, terms("Pro", "5.000", "5", Map.of())), "amount");
        Problem.names(admin.posts(ADMIN, terms("Pro", "5.00", "5", Map.of("sortOrder", -1))), "sortOrder");
        Problem.names(admin.posts(ADMIN, terms("Pro", "5.00", "5", Map.of("sortOrder", 1_000_001))), "sortOrder");
        Problem.names(admin.posts(ADMIN, terms("Pro", "5.00", "5", Map.of("active", "yes"))), "active");
        Problem.names(admin.posts(ADMIN, terms("Pro", "5.00", "5", Map.of("currency", "USD"))), "currency");
        Problem.names(changed(offered("Pro", freePrice(), "9000", Map.of()), Map.of("updatedAt", "yesterday")), "updatedAt");
    }

    @Test
    void refusesTermsThatCannotBeSold() {
        Problem.is(admin.posts(ADMIN, terms("Pro", "5.00", "4.999999", Map.of())), 422, "credits-below-price");
        Problem.is(admin.posts(ADMIN, terms("Pro", "0.49", "5", Map.of())), 422, "amount-too-small");
        Problem.is(admin.posts(ADMIN, terms("Pro", "0.00", "5", Map.of())), 422, "amount-too-small");
        Problem.is(admin.posts(ADMIN, terms("Pro", "1000000.00", "5", Map.of())), 422, "amount-too-large");
        Problem.is(admin.posts(ADMIN, inEuros()), 422, "currency-not-for-credits").body("currency", equalTo("EUR"));

        String id = offered("Pro", "5.00", "5", Map.of("active", false));
        Problem.is(changed(id, Map.of("creditAmount", "4")), 422, "credits-below-price");
        Problem.is(changed(id, Map.of("amount", Map.of("amount", "5.01", "currency", "USD"))), 422, "credits-below-price");
        changed(id, Map.of()).statusCode(200).body("amount.amount", equalTo("5.00")).body("creditAmount", equalTo("5.000000"));
    }

    @Test
    void knowsNoOtherPackage() {
        Problem.is(changed("00000000-0000-0000-0000-000000000001", Map.of("name", "Pro")), 404, "not-found");
    }

    private ValidatableResponse changed(String id, Map<String, ?> change) {
        return admin.asks().body(change).patch(ADMIN + "/" + id).then();
    }

    private String offered(String name, String price, String credits, Map<String, ?> others) {
        return admin.posts(ADMIN, terms(name, price, credits, others)).statusCode(201).extract().path("id");
    }

    private static Map<String, Object> terms(String name, String price, Object credits, Map<String, ?> others) {
        Map<String, Object> terms = new HashMap<>(Map.of("name", name, "amount", Map.of("amount", price, "currency", "USD"),
                "creditAmount", credits));
        terms.putAll(others);
        return terms;
    }

    private static Map<String, Object> inEuros() {
        return terms("Pro", "5.00", "5", Map.of("amount", Map.of("amount", "5.00", "currency", "EUR")));
    }

    /** A price that no package has. */
    private static String freePrice() {
        return "%d.%02d".formatted(ThreadLocalRandom.current().nextInt(1000, 9000), ThreadLocalRandom.current().nextInt(100));
    }

    private static List<Map<String, Object>> audited(String id) {
        return OwnerSql.rows("""
                select role, action, actor_id::text as actor from audit_log
                where table_name = 'credit_packages' and row_id = ?::uuid order by created_at""", id);
    }
}
