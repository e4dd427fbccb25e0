package io.coachpay;

import static io.coachpay.Requests.given;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import org.eclipse.microprofile.config.ConfigProvider;

import com.fasterxml.jackson.databind.JsonNode;

import io.quarkus.arc.Arc;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;

/** The acts of card holders, coaches, banks and time, in the sandbox. */
public final class StripeSandbox {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String KEY = "sk_test_sandbox";

    private StripeSandbox() {
    }

    /** A request to the sandbox, as anybody with a key of the platform's; the service has another. */
    public static RequestSpecification request() {
        return given().baseUri(ConfigProvider.getConfig().getValue("coachpay.sandbox.url", String.class)).port(port())
                .auth().preemptive().basic("sk_test_dashboard", "");
    }

    public static ValidatableResponse completeOnboarding(String account) {
        return control("/sandbox/accounts/" + account + "/complete-onboarding", Map.of()).statusCode(200);
    }

    /** Pays on Stripe's page, as a person with this card would; the answer has the result. */
    public static ValidatableResponse payCheckout(String checkoutUrl, String paymentMethod) {
        String session = checkoutUrl.replaceAll(".*(cs_test_[A-Za-z0-9]+).*", "$1");
        return control("/sandbox/checkout/sessions/" + session + "/pay", Map.of("paymentMethod", paymentMethod));
    }

    /** Pays in a browser with a client secret, as Stripe's script would. */
    public static ValidatableResponse payIntent(String clientSecret, String paymentMethod) {
        return control("/sandbox/payment_intents/" + clientSecret.replaceAll("_secret_.*", "") + "/pay",
                Map.of("paymentMethod", paymentMethod));
    }

    /** Answers the bank's question about a payment, by its client secret or its id. */
    public static void answersBank(String clientSecret, boolean success) {
        control("/sandbox/payment_intents/" + clientSecret.replaceAll("_secret_.*", "") + "/authenticate",
                Map.of("success", success)).statusCode(200);
    }

    /** Saves a card for a customer, as a finished set-up would. */
    public static String saveCard(String customer, String paymentMethod) {
        return request().formParam("customer", customer).post("/v1/payment_methods/" + paymentMethod + "/attach").then()
                .statusCode(200).extract().path("id");
    }

    /** Lets time pass, and waits until the service has noticed. */
    public static void advance(Duration time) {
        JsonNode clock = Json
                .read(control("/sandbox/clock/advance", Map.of("seconds", time.toSeconds())).statusCode(200).extract()
                        .asString());
        Instant now = Instant.parse(clock.required("now").textValue());
        await().atMost(SOON).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10)).until(() -> !now().isBefore(now));
    }

    /** The time the service goes by. */
    public static Instant now() {
        return Arc.container().instance(Clock.class).get().instant();
    }

    public static JsonNode books() {
        return Json.read(request().get("/sandbox/books").then().statusCode(200).extract().asString());
    }

    /** Loses webhooks, about every second one. */
    public static void losesEverySecondWebhook() {
        faults("{\"webhooks\": [{\"match\": {\"type\": \"*\"}, \"do\": \"drop\", \"probability\": 0.5}]}");
    }

    /** Makes the next requests and webhooks fail in this way. */
    public static void faults(String plan) {
        request().contentType(ContentType.JSON).body(plan).put("/sandbox/faults").then().statusCode(200);
    }

    /**
     * Makes Stripe refuse this from now on.
     *
     * @param path of the POST, such as {@code /v1/refunds}
     * @param code Stripe's for the refusal, such as {@code balance_insufficient}
     */
    public static void refuses(String path, String code) {
        faults("""
                {"requests": [{"match": {"method": "POST", "path": "%s"}, "do": "error", "status": 400,
                               "type": "invalid_request_error", "code": "%s", "message": "No."}]}""".formatted(path, code));
    }

    /** Makes Stripe refuse the service's key. */
    public static void rollsKey() {
        keys("{\"rolled\": [\"" + KEY + "\"]}");
    }

    /** Takes from the service's key the right to these calls; {@code *} stands for anything. */
    public static void restrictsKey(String path) {
        keys("{\"restricted\": [{\"key\": \"" + KEY + "\", \"path\": \"" + path + "\"}]}");
    }

    /** Makes the service's key valid for everything again. */
    public static void restoresKey() {
        request().delete("/sandbox/keys").then().statusCode(200);
    }

    private static void keys(String plan) {
        request().contentType(ContentType.JSON).body(plan).put("/sandbox/keys").then().statusCode(200);
    }

    public static void noFaults() {
        request().delete("/sandbox/faults").then().statusCode(200);
    }

    public static ValidatableResponse control(String path, Map<String, ?> body) {
        return request().contentType(ContentType.JSON).body(body).post(path).then();
    }

    private static int port() {
        return URI.create(ConfigProvider.getConfig().getValue("coachpay.sandbox.url", String.class)).getPort();
    }
}
