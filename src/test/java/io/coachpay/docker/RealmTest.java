package io.coachpay.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.access.Access;

/** The realm that Keycloak begins with gives tokens that the service accepts. */
class RealmTest {

    private static final Set<String> ROLES = Set.of("mentee", "coach", Access.ADMIN);

    @Test
    void hasTheNameThatTheServiceLooksFor() {
        assertThat(Docker.compose().at("/services/coachpay/environment/OIDC_ISSUER_URL").asText())
                .contains("/realms/" + realm().get("realm").asText() + "}");
    }

    @Test
    void hasTheRolesThatTheServiceKnows() {
        assertThat(new TreeSet<>(realm().at("/roles/realm").findValuesAsText("name"))).isEqualTo(new TreeSet<>(ROLES));
    }

    @Test
    void hasTheServicesClientWhoseTokensAreForIt() {
        JsonNode client = realm().get("clients").get(0);
        JsonNode mapper = client.get("protocolMappers").get(0);

        assertThat(client.get("clientId").asText()).isEqualTo(fallback("OIDC_CLIENT_ID"));
        assertThat(mapper.get("protocolMapper").asText()).isEqualTo("oidc-audience-mapper");
        assertThat(mapper.at("/config/included.client.audience").asText()).isEqualTo(fallback("OIDC_AUDIENCE"));
        assertThat(mapper.at("/config/access.token.claim").asText()).isEqualTo("true");
    }

    @Test
    void hasSomebodyOfEveryRole() {
        Set<String> played = new TreeSet<>();
        for (JsonNode person : realm().get("users")) {
            person.get("realmRoles").forEach(role -> played.add(role.asText()));
            assertThat(person.get("email").asText()).endsWith("@example.com");
            assertThat(List.of(person.get("firstName").asText(), person.get("lastName").asText())).doesNotContain("");
        }

        assertThat(played).containsAll(ROLES);
    }

    @Test
    void isTriedWithTheKeycloakThatRuns() {
        Matcher tried = Pattern.compile("<keycloak.version>([^<]+)</keycloak.version>")
                .matcher(Docker.read(Path.of("pom.xml")));

        assertThat(tried.find()).isTrue();
        assertThat(Docker.compose().at("/services/keycloak/image").asText()).endsWith("/keycloak:" + tried.group(1));
    }

    private static JsonNode realm() {
        return Docker.json("keycloak/coachpay-realm.json");
    }

    /** The service's default when the variable is not set. */
    private static String fallback(String variable) {
        Matcher found = Pattern.compile("\\$\\{" + variable + ":([^}]*)}")
                .matcher(Docker.read(Path.of("src/main/resources/application.properties")));
        assertThat(found.find()).isTrue();
        return found.group(1);
    }
}
