package io.coachpay.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import io.coachpay.Management;
import io.coachpay.Person;
import io.coachpay.ServiceTest;

/** Strangers choose no label of a metric. */
@ServiceTest
class RequestLabelsTest {

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE",
            "PATCH", "other");

    @Test
    void countsInventedMethodsAndPathsAsOthers() {
        String invented = "zz" + UUID.randomUUID().toString().replace("-", "");
        for (String method : new String[] { "A", "B", "C" }) {
            given().request(method + invented, "/v1/config");
        }
        for (String path : new String[] { "/" + invented, "/v1/" + invented, "/webhooks/./" + invented, "/v1/me/../" + invented,
                "/q/" + invented, "/v1/%2e%2e/" + invented, "/v1/sessions/" + invented, "/assets/" + invented }) {
            given().urlEncodingEnabled(false).get(path);
            given().urlEncodingEnabled(false).auth().oauth2("nonsense").get(path);
            given().urlEncodingEnabled(false).auth().oauth2("nonsense").post(path);
        }

        String metrics = Management.get("/q/metrics").then().statusCode(200).extract().asString();

        assertThat(metrics).doesNotContainIgnoringCase(invented);
        assertThat(METHODS).containsAll(labels(metrics, "method"));
    }

    @Test
    void countsWhatThereIsByItsPath() {
        Person.called("alice").gets("/v1/sessions/" + UUID.randomUUID());
        given().get("/v1/config");
        given().body("{}").post("/webhooks/stripe");

        assertThat(labels(Management.get("/q/metrics").asString(), "uri")).contains("/v1/sessions/{id}", "/v1/config",
                "/webhooks/stripe");
    }

    private static Set<String> labels(String metrics, String name) {
        Set<String> labels = new HashSet<>();
        Matcher label = Pattern.compile("http_server\\S*[{,]" + name + "=\"([^\"]*)\"").matcher(metrics);
        while (label.find()) {
            labels.add(label.group(1));
        }
        return labels;
    }
}
