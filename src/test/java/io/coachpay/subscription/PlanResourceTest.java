package io.coachpay.subscription;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.journey.Marketplace;
import io.restassured.response.ValidatableResponse;

@ServiceTest
class PlanResourceTest {

    private static final String PUBLIC = "/v1/plans";
    private static final String ADMIN = "/v1/admin/plans";

    private Person admin;

    /** So many plans are shown; those of other tests are taken out of sale. */
    @BeforeEach
    void signIn() {
        admin = Person.admin();
        OwnerSql.run("update subscription_plans set is_active = false where is_active");
    }

    @Test
    void offersAPlanToEverybody() {
        ValidatableResponse made = admin.posts(ADMIN, terms(Map.of("description", " Lower fees ", "trialDays", 14, "benefits",
                Map.of("platformFeePercentage", 12.5), "sortOrder", 3))).statusCode(201);

        made.body("name", equalTo("Professional")).body("description", equalTo("Lower fees"))
                .body("audience", equalTo("user")).body("interval", equalTo("month"))
                .body("amount", equalTo(Marketplace.money("19.00", "USD"))).body("tier", equalTo("professional"))
                .body("trialDays", equalTo(14)).body("benefits.platformFeePercentage", equalTo(12.50f))
                .body("benefits.creditBonusPercentage", equalTo(0.00f)).body("active", equalTo(true))
                .body("sortOrder", equalTo(3)).body("replaces", nullValue()).body("priceId", nullValue())
                .body("productId", nullValue()).body("createdAt", notNullValue()).body("updatedAt", notNullValue());
        String id = made.extract().path("id");
        given().get(PUBLIC).then().statusCode(200).body("id", hasItem(id)).body("find { it.id == '" + id + "' }.updatedAt",
                nullValue());
        admin.gets(ADMIN + "?limit=100").body("data.id", hasItem(id));
        assertThat(audited(id)).singleElement().satisfies(row -> assertThat(row).containsEntry("role", "app_admin")
                .containsEntry("action", "insert").containsEntry("actor", admin.id()));
    }

    @Test
    void showsThePlansOfAnAudience() {
        String people = Marketplace.plan(Map.of());
        String companies = Marketplace.plan(Map.of("audience", "organization"));

        given().queryParam("audience", "user").get(PUBLIC).then().statusCode(200).body("id", hasItem(people))
                .body("audience", everyItem(equalTo("user")));
        given().queryParam("audience", "organization").get(PUBLIC).then().body("id", hasItem(companies)).body("id",
                not(hasItem(people)));
        given().get(PUBLIC).then().body("id", hasItem(companies)).body("id", hasItem(people));
        Problem.names(given().queryParam("audience", "coach").get(PUBLIC).then(), "audience");
        assertThat(given().get(PUBLIC).then().extract().jsonPath().getList("sortOrder", Integer.class)).isSorted();
    }

    @Test
    void changesAPlanForLaterSubscribers() {
        String id = Marketplace.plan(Map.of("description", "Once", "trialDays", 14, "benefits",
                Map.of("platformFeePercentage", 12.5)));

        changed(id, Map.of("name", "Expert", "tier", "expert", "trialDays", 0, "sortOrder", 7)).statusCode(200)
                .body("name", equalTo("Expert")).body("tier", equalTo("expert")).body("trialDays", equalTo(0))
                .body("sortOrder", equalTo(7)).body("description", equalTo("Once"))
                .body("benefits.platformFeePercentage", equalTo(12.50f)).body("active", equalTo(true));
        changed(id, Map.of("benefits", Map.of("creditBonusPercentage", 5))).statusCode(200)
                .body("benefits.creditBonusPercentage", equalTo(5.00f)).body("benefits.platformFeePercentage", nullValue());
        changed(id, Map.of("description", "")).statusCode(200).body("description", nullValue());

        assertThat(audited(id)).hasSize(4).allSatisfy(row -> assertThat(row.get("actor")).isEqualTo(admin.id()));
    }

    @Test
    void takesAPlanOutOfSaleAndBack() {
        String id = Marketplace.plan(Map.of());

        changed(id, Map.of("active", false)).statusCode(200).body("active", equalTo(false));
        given().get(PUBLIC).then().body("id", not(hasItem(id)));
        admin.gets(ADMIN + "?limit=100").body("data.id", hasItem(id));
        changed(id, Map.of("active", true)).statusCode(200);

        given().get(PUBLIC).then().body("id", hasItem(id));
    }

    @Test
    void sellsAPlanInsteadOfAnother() {
        String old = Marketplace.plan(Map.of());

        String next = admin.posts(ADMIN, terms(Map.of("replaces", old, "amount", Marketplace.money("29.00", "USD"))))
                .statusCode(201).body("replaces", equalTo(old)).extract().path("id");

        given().get(PUBLIC).then().body("id", hasItem(next)).body("id", not(hasItem(old)));
        Problem.is(admin.posts(ADMIN, terms(Map.of("replaces", old))), 409, "plan-replaced");
        Problem.is(changed(old, Map.of("active", true)), 409, "plan-replaced");
        changed(old, Map.of("name", "Old")).statusCode(200).body("active", equalTo(false));
        Problem.is(admin.posts(ADMIN, terms(Map.of("replaces", next, "audience", "organization"))), 422, "plan-for-others");
        Problem.is(admin.posts(ADMIN, terms(Map.of("replaces", "00000000-0000-0000-0000-000000000001"))), 404, "not-found");
        given().get(PUBLIC).then().body("id", hasItem(next));
    }

    @Test
    void keepsWhatAnotherAdministratorChangedMeanwhile() {
        ValidatableResponse made = admin.posts(ADMIN, terms(Map.of())).statusCode(201);
        String id = made.extract().path("id");
        String seen = made.extract().path("updatedAt");

        String now = changed(id, Map.of("sortOrder", 3, "updatedAt", seen)).statusCode(200).extract().path("updatedAt");
        Problem.is(changed(id, Map.of("sortOrder", 4, "updatedAt", seen)), 409, "plan-changed");

        assertThat(now).isNotEqualTo(seen);
        changed(id, Map.of("updatedAt", now)).statusCode(200).body("sortOrder", equalTo(3)).body("updatedAt", equalTo(now));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "name| ' '", "name| LONG", "name| 'a\tb'", "description| LONG", "tier| Pro",
            "tier| ''", "tier| 9", "tier| 'a b'", "trialDays| -1", "trialDays| 366", "sortOrder| -1",
            "benefits.platformFeePercentage| 100.01", "benefits.platformFeePercentage| -0.01",
            "benefits.platformFeePercentage| 12.345", "benefits.creditBonusPercentage| 101",
            "benefits.creditBonusPercentage| -1", "benefits.creditBonusPercentage| 0.001" })
    void refusesTermsThatNobodyCouldSell(String field, String value) {
        String said = value.equals("LONG") ? "x".repeat(501) : value;
        Object typed = said.matches("-?[0-9.]+") && !field.equals("tier") ? Double.valueOf(said) : said;
        if (field.equals("trialDays") || field.equals("sortOrder")) {
            typed = Integer.valueOf(said);
        }
        Map<String, Object> wrong = field.startsWith("benefits.")
                ? Map.of("benefits", Map.of(field.substring("benefits.".length()), typed))
                : Map.of(field, typed);

        Problem.names(admin.posts(ADMIN, terms(wrong)), field);
    }

    @Test
    void refusesChangesThatNobodyCouldSell() {
        String id = Marketplace.plan(Map.of());

        Problem.names(changed(id, Map.of("name", "--")), "name");
        Problem.names(changed(id, Map.of("description", "a\nb")), "description");
        Problem.names(changed(id, Map.of("tier", "Pro")), "tier");
        Problem.names(changed(id, Map.of("trialDays", 366)), "trialDays");
        Problem.names(changed(id, Map.of("benefits", Map.of("platformFeePercentage", 101))),
                "benefits.platformFeePercentage");
        Problem.names(changed(id, Map.of("updatedAt", "yesterday")), "updatedAt");
    }

    @Test
    void refusesWhatIsNoPlan() {
        Problem.names(admin.posts(ADMIN, terms(Map.of("audience", "coach"))), "audience");
        Problem.names(admin.posts(ADMIN, terms(Map.of("interval", "week"))), "interval");
        Problem.names(admin.posts(ADMIN, terms(Map.of("amount", Marketplace.money("19.001", "USD")))), "amount");
        Problem.names(admin.posts(ADMIN, terms(Map.of("currency", "USD"))), "currency");
        Problem.names(admin.posts(ADMIN, terms(Map.of("benefits", Map.of("freeCoffee", true)))), "benefits.freeCoffee");
        Problem.names(changed(Marketplace.plan(Map.of()), Map.of("amount", Marketplace.money("1.00", "USD"))), "amount");
        Problem.is(admin.posts(ADMIN, terms(Map.of("amount", Marketplace.money("0.00", "USD")))), 422, "amount-too-small");
        Problem.is(admin.posts(ADMIN, terms(Map.of("amount", Marketplace.money("0.49", "USD")))), 422, "amount-too-small");
        Problem.is(changed("00000000-0000-0000-0000-000000000001", Map.of("name", "Pro")), 404, "not-found");
    }

    private ValidatableResponse changed(String id, Map<String, ?> change) {
        return admin.asks().body(change).patch(ADMIN + "/" + id).then();
    }

    private static Map<String, Object> terms(Map<String, ?> others) {
        Map<String, Object> terms = new HashMap<>(Map.of("name", "Professional", "audience", "user", "amount",
                Marketplace.money("19.00", "USD"), "interval", "month", "tier", "professional"));
        terms.putAll(others);
        return terms;
    }

    private static List<Map<String, Object>> audited(String id) {
        return OwnerSql.rows("""
                select role, action, actor_id::text as actor from audit_log
                where table_name = 'subscription_plans' and row_id = ?::uuid order by created_at""", id);
    }
}
