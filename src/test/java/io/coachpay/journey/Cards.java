package io.coachpay.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.StripeSandbox;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;

/** The acts of a person with cards, and what Stripe has of them. */
final class Cards {

    static final String METHODS = "/v1/me/payment-methods";

    private Cards() {
    }

    /** Begins a setup in the client's form or on Stripe's page. */
    static JsonPath begun(Person owner, String ui) {
        return owner.posts(METHODS + "/setup", Map.of("ui", ui)).statusCode(201).extract().jsonPath();
    }

    /** The state of a setup, of which Stripe is asked. */
    static ValidatableResponse outcome(Person owner, JsonPath setup) {
        return owner.gets(METHODS + "/setup/" + setup.getString("setupId")).statusCode(200);
    }

    /** Saves one of Stripe's test cards in the client's form. */
    static void saved(Person owner, String card) {
        JsonPath setup = begun(owner, "elements");
        confirmed(setup, card);
        outcome(owner, setup).body("status", equalTo("succeeded"));
    }

    /** Enters a card into the client's form. */
    static void confirmed(JsonPath setup, String card) {
        StripeSandbox.request().formParam("payment_method", card).post("/v1/setup_intents/" + intent(setup) + "/confirm").then()
                .statusCode(200);
    }

    /** Answers the bank's question about a card that is to be saved. */
    static void answered(JsonPath setup, boolean success) {
        StripeSandbox.control("/sandbox/setup_intents/" + intent(setup) + "/authenticate", Map.of("success", success))
                .statusCode(200);
    }

    /** Stripe's id of a setup in the client's form. */
    static String intent(JsonPath setup) {
        return setup.getString("clientSecret").replaceAll("_secret_.*", "");
    }

    /** Lets the month of a card be over, by our id of it. */
    static void expires(String method) {
        OwnerSql.run("update payment_methods set expiry_year = 2020 where id = ?::uuid", method);
    }

    /** Lets a stranger have tried a card's number in vain, so often as it may be in a day, before it was saved here. */
    static void isTriedOut(String method) {
        Person stranger = Person.called("stranger-" + UUID.randomUUID());
        stranger.gets("/v1/me").statusCode(200);
        OwnerSql.run("update payment_methods set fingerprint = ? where id = ?::uuid",
                "tried" + UUID.randomUUID().toString().substring(0, 8), method);
        OwnerSql.run(
                """
                        insert into card_declines (id, user_id, stripe_id, fingerprint, created_at)
                        select gen_random_uuid(), ?::uuid, 'ch_' || m.fingerprint || n, m.fingerprint, m.created_at - interval '1 minute'
                          from payment_methods m, generate_series(1, 10) n where m.id = ?::uuid""",
                stranger.id(), method);
    }

    /** Our id of the card with these last digits. */
    static String idOf(Person owner, String last4) {
        return owner.gets(METHODS).extract().path("find { it.last4 == '" + last4 + "' }.id");
    }

    /** Stripe's id of the card with these last digits. */
    static String stripeIdOf(Person owner, String last4) {
        return String.valueOf(OwnerSql.rows("select stripe_payment_method_id as id from payment_methods where id = ?::uuid",
                idOf(owner, last4)).get(0).get("id"));
    }

    static String customerOf(Person owner) {
        return owner.gets("/v1/me").extract().path("stripeCustomerId");
    }

    /** Stripe's ids of the methods that are attached by our rows. */
    static List<String> attached(Person owner) {
        return OwnerSql.rows("""
                select stripe_payment_method_id as id from payment_methods
                 where user_id = ?::uuid and detached_at is null order by 1""", owner.id()).stream()
                .map(row -> String.valueOf(row.get("id"))).toList();
    }

    /** The same methods with the same faces, and the same default, here and at Stripe. */
    static void assertAgreesWithStripe(Person owner) {
        JsonPath theirs = StripeSandbox.request().get("/v1/customers/" + customerOf(owner) + "/payment_methods?limit=100")
                .then().extract().jsonPath();
        assertThat(attached(owner)).containsExactlyInAnyOrderElementsOf(theirs.getList("data.id"));
        theirs.<Map<String, ?>> getList("data").forEach(method -> {
            Map<?, ?> card = (Map<?, ?>) method.get("card");
            assertThat(OwnerSql.rows("""
                    select brand, last4, fingerprint, expiry_month as exp_month, expiry_year as exp_year from payment_methods
                     where stripe_payment_method_id = ?""", method.get("id"))).hasSize(1).first()
                    .satisfies(ours -> ours.forEach((field, value) -> assertThat(value).as(field).isEqualTo(card.get(field))));
        });
        String named = StripeSandbox.request().get("/v1/customers/" + customerOf(owner)).then().extract()
                .path("invoice_settings.default_payment_method");
        List<String> known = theirs.getList("data.id");
        assertThat(OwnerSql.rows(
                "select stripe_payment_method_id as id from payment_methods where user_id = ?::uuid and is_default",
                owner.id()).stream().map(row -> String.valueOf(row.get("id"))).toList())
                .isEqualTo(known.contains(named) ? List.of(named) : List.of());
    }
}
