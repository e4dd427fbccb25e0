package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;

/** Stripe refuses a person's address: the person can still pay, and the next address is sent. */
@ServiceTest
class RefusedAddressTest {

    private Person carol;
    private Person alice;

    @BeforeEach
    void meet() {
        carol = Marketplace.coach("carol", "100.00", "USD");
        alice = Person.called("alice");
    }

    @ParameterizedTest
    @ValueSource(strings = { "test@test", "otameshi@com", "x@gmail" })
    void paysWithoutTheAddressThatStripeRefuses(String address) {
        moves(address);

        pays().statusCode(200);

        assertThat(customer().getString("email")).isNull();
        alice.gets("/v1/me").body("email", equalTo(address)).body("emailRefused", equalTo(true));
    }

    @Test
    void tellsStripeTheMendedAddress() {
        moves("otameshi@com");
        pays().statusCode(200);

        moves("otameshi@example.com");

        assertThat(customer().getString("email")).isEqualTo("otameshi@example.com");
        alice.gets("/v1/me").body("emailRefused", equalTo(false));
    }

    /** The row is left by a token that calls a login name an address, and by refusals of long ago. */
    @Test
    void paysWithAnAddressThatWasRefusedBeforeItWasMended() {
        OwnerSql.run("update users set email = 'bob' where id = ?::uuid", alice.id());
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/customers"}, "times": 99, "do": "error",
                  "status": 400, "type": "invalid_request_error", "code": "parameter_invalid", "message": "No"}]}""");
        String session = booked(alice, carol, freeTime(), 60);
        pays(session).statusCode(502);
        StripeSandbox.noFaults();

        moves("bob@example.com");

        pays(session).statusCode(200);
        assertThat(customer().getString("email")).isEqualTo("bob@example.com");
    }

    @Test
    void keepsTheAddressAtStripeWhenTheNextIsRefused() {
        pays().statusCode(200);
        String before = customer().getString("email");

        alice.asks().body(Map.of("name", "Ann", "email", "x@gmail")).patch("/v1/me").then().statusCode(200)
                .body("emailRefused", equalTo(true));

        assertThat(customer().getString("email")).isEqualTo(before);
        assertThat(customer().getString("name")).isEqualTo("Ann");
        alice.gets("/v1/me").body("email", equalTo("x@gmail"));
        moves(before);
        alice.gets("/v1/me").body("email", equalTo(before)).body("emailRefused", equalTo(false));
    }

    private void moves(String address) {
        alice.asks().body(Map.of("email", address)).patch("/v1/me").then().statusCode(200);
    }

    private ValidatableResponse pays() {
        return pays(booked(alice, carol, freeTime(), 60));
    }

    private ValidatableResponse pays(String session) {
        return alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent"));
    }

    private JsonPath customer() {
        String id = alice.gets("/v1/me").extract().path("stripeCustomerId");
        return StripeSandbox.request().get("/v1/customers/" + id).then().statusCode(200).extract().jsonPath();
    }
}
