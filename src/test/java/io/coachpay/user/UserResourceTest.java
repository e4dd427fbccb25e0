package io.coachpay.user;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.AtOnce;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.access.Access;
import io.quarkus.security.AuthenticationFailedException;

@ServiceTest
class UserResourceTest {

    @Inject
    Access access;
    @Inject
    EntityManager database;
    @Inject
    Users users;

    @Test
    void makesOneUserOfManyFirstRequestsAtOnce() {
        Person newcomer = Person.called("newcomer");

        List<String> ids = AtOnce.times(10, newcomer::id);

        assertThat(ids).hasSize(10).containsOnly(ids.get(0));
        assertThat(rowsOf(newcomer)).isEqualTo(1);
    }

    @Test
    void tellsWhoIAm() {
        Person ann = Person.called("ann");

        ann.gets("/v1/me").statusCode(200)
                .body("name", equalTo(capitalised(ann.name()))).body("email", equalTo(ann.name() + "@example.com"))
                .body("stripeCustomerId", nullValue()).body("stripeConnectAccountId", nullValue())
                .body("defaultPaymentMethodId", nullValue());
        Person.admin().gets("/v1/me").statusCode(200).body("roles", contains("admin"));
    }

    @Test
    void takesPeopleWhoseTokenTellsNeitherNameNorAddress() {
        String subject = "nameless-" + UUID.randomUUID();

        UUID id = users.signIn(new TokenClaims(subject, null, null));

        assertThat(users.signIn(new TokenClaims(subject, null, null))).isEqualTo(id);
    }

    @Test
    void followsTheTokenButNotOverThePersonsOwnWord() {
        String subject = "mover-" + UUID.randomUUID();
        UUID id = users.signIn(new TokenClaims(subject, "old@example.com", "Old Name"));
        access.runAsService(() -> User.byId(id).rename("Own Name"));

        users.signIn(new TokenClaims(subject, "new@example.com", "Old Name"));

        User user = access.asService(() -> User.byId(id));
        assertThat(user.email()).isEqualTo("new@example.com");
        assertThat(user.name()).isEqualTo("Own Name");
    }

    @Test
    void changesNameAndAddressAndLeavesTheRest() {
        Person ann = Person.called("ann");

        patch(ann, "{\"name\": \" Ann Archer \"}").statusCode(200).body("name", equalTo("Ann Archer"))
                .body("email", equalTo(ann.name() + "@example.com"));
        patch(ann, "{\"email\": \"ann@example.org\"}").statusCode(200).body("name", equalTo("Ann Archer"));

        ann.gets("/v1/me").body("name", equalTo("Ann Archer")).body("email", equalTo("ann@example.org"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "{\"email\": \"nobody\"}", "{\"email\": \"\"}", "{\"email\": \"a@b\\nc\"}", "{\"name\": \"\"}",
            "{\"name\": \"   \"}", "{\"name\": \"two\\nlines\"}", "{\"name\": \"\\u0001\"}", "{\"nickname\": \"Ann\"}",
            "{\"name\": ", "[]", "null", "" })
    void refusesWhatIsNoNameAndNoAddress(String body) {
        Person ann = Person.called("ann");

        patch(ann, body).statusCode(400).contentType("application/problem+json");

        ann.gets("/v1/me").body("email", equalTo(ann.name() + "@example.com"));
    }

    @Test
    void refusesNamesLongerThanStripeTakes() {
        Person ann = Person.called("ann");

        patch(ann, "{\"name\": \"" + "n".repeat(257) + "\"}").statusCode(400).body("violations.field", hasItem("name"));
    }

    @Test
    void refusesWhoeverIsNotSignedIn() {
        given().get("/v1/me").then().statusCode(401).contentType("application/problem+json")
                .header("WWW-Authenticate", "Bearer").body("type", equalTo("urn:coachpay:problem:not-signed-in"));
        given().auth().oauth2("not.a.token").get("/v1/me").then().statusCode(401)
                .contentType("application/problem+json");
    }

    @Test
    void refusesWhoeverWasErased() {
        String subject = "leaver-" + UUID.randomUUID();
        UUID id = users.signIn(new TokenClaims(subject, "leaver@example.com", "Leaver"));

        access.runAsService(() -> database.createNativeQuery("update users set erased_at = now() where id = :id")
                .setParameter("id", id).executeUpdate());

        assertThatThrownBy(() -> users.signIn(new TokenClaims(subject, "leaver@example.com", "Leaver")))
                .isInstanceOf(AuthenticationFailedException.class);
    }

    @Test
    void tellsAnybodyKeysCurrenciesAndLimits() {
        given().get("/v1/config").then().statusCode(200).body("liveMode", equalTo(false))
                .body("currencies.code", hasItem("KWD"))
                .body("currencies.find { it.code == 'JPY' }.digits", equalTo(0))
                .body("currencies.find { it.code == 'USD' }.minimumCharge",
                        equalTo(Map.of("amount", "0.50", "currency", "USD")))
                .body("currencies.find { it.code == 'KWD' }.minimumCharge",
                        equalTo(Map.of("amount", "0.300", "currency", "KWD")))
                .body("limits.requestBytes", equalTo(65536));
    }

    private long rowsOf(Person person) {
        return access
                .asService(() -> (Long) database.createNativeQuery("select count(*) from users where oidc_subject = :subject",
                        Long.class).setParameter("subject", person.name()).getSingleResult());
    }

    private static io.restassured.response.ValidatableResponse patch(Person person, String body) {
        return person.asks().body(body).patch("/v1/me").then();
    }

    private static String capitalised(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}
