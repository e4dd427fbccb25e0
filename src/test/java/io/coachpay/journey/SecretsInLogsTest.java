package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.freeTime;
import static io.coachpay.journey.Marketplace.isSoon;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.Webhook;

/** Reads everything that is logged while people onboard, pay and fail: it holds nobody's secret. */
@ServiceTest
class SecretsInLogsTest {

    private static final List<String> TALKATIVE = List.of("io.coachpay", "com.stripe", "http-problem");

    private final Heard log = new Heard();
    private final Map<String, String> secrets = new LinkedHashMap<>();

    @BeforeEach
    void listen() {
        TALKATIVE.forEach(name -> Logger.getLogger(name).setLevel(Level.ALL));
        Logger.getLogger("").addHandler(log);
    }

    @AfterEach
    void stopListening() {
        Logger.getLogger("").removeHandler(log);
        TALKATIVE.forEach(name -> Logger.getLogger(name).setLevel(null));
        StripeSandbox.noFaults();
    }

    @Test
    void logsNoSecretOfAnybody() {
        secrets.put("Stripe key", "sk_test_sandbox");
        secrets.put("webhook secret", "whsec_dev_platform");
        secrets.put("Connect webhook secret", "whsec_dev_connect");
        secrets.put("card number", "4242424242424242");

        Person carol = onboards();
        Person alice = Person.called("alice");
        secret("mentee's token", alice.token());
        pays(carol, alice);
        failsToPay(carol, alice);
        isRefused(alice);

        String heard = String.join("\n", log.lines);
        assertThat(heard).as("the service at its most talkative").contains("Refused at PLATFORM", "Stripe is away");
        secrets.forEach((what, secret) -> assertThat(heard.contains(secret)).as(what + " in the log: " + lines(secret))
                .isFalse());
        assertThat(heard).doesNotContain("_secret_", "Bearer ey", "cvc");
    }

    private Person onboards() {
        Person carol = Person.called("carol");
        secret("coach's token", carol.token());
        carol.puts("/v1/me/coach-profile", Map.of("hourlyRate", Map.of("amount", "100.00", "currency", "USD"))).statusCode(200);
        String account = carol.posts("/v1/me/connected-account", Map.of("country", "US", "businessType", "individual"))
                .statusCode(201).extract().path("stripeAccountId");
        String link = carol.posts("/v1/me/connected-account/onboarding-link").statusCode(200).extract().path("url");
        secret("onboarding link", link);
        secret("onboarding link's end", link.replaceAll(".*/", ""));
        StripeSandbox.completeOnboarding(account);
        Marketplace.soon().untilAsserted(() -> carol.posts("/v1/me/connected-account/dashboard-link").statusCode(200));
        secret("dashboard link", carol.posts("/v1/me/connected-account/dashboard-link").extract().path("url"));
        secret("account session", carol.posts("/v1/me/connected-account/account-session").extract().path("clientSecret"));
        return carol;
    }

    private void pays(Person carol, Person alice) {
        String session = Marketplace.booked(alice, carol, freeTime(), 75);
        String secret = begins(alice, session);
        StripeSandbox.payIntent(secret, "pm_card_visa_chargeDeclined");
        isSoon(alice, session, "pending_payment", "failed");
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);
        isSoon(alice, session, "confirmed", "paid");

        String another = Marketplace.booked(alice, carol, freeTime(), 75);
        String page = alice.posts("/v1/sessions/" + another + "/payment", Map.of("method", "checkout")).statusCode(200)
                .extract().path("checkoutUrl");
        secret("payment page", page);
        StripeSandbox.payCheckout(page, "pm_card_visa").statusCode(200);
        isSoon(alice, another, "confirmed", "paid");
    }

    /** Failures are logged with more than successes. */
    private void failsToPay(Person carol, Person alice) {
        String session = Marketplace.booked(alice, carol, freeTime(), 75);
        for (String fault : List.of("500_before", "lost_answer", "429", "error")) {
            StripeSandbox.faults("""
                    {"requests": [{"match": {"path": "/v1/payment_intents*"}, "times": 60, "do": "%s", "status": 400,
                                   "type": "invalid_request_error", "code": "parameter_invalid", "message": "No"}]}"""
                    .formatted(fault));
            alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent"));
            StripeSandbox.noFaults();
        }
        begins(alice, session);
        alice.deletes("/v1/sessions/" + session + "/payment").statusCode(204);
    }

    private void isRefused(Person alice) {
        String key = UUID.randomUUID().toString();
        secret("client's note", "hush-" + key);
        alice.asks().body("{\"method\": \"hush-" + key + "\", \"cardNumber\": \"4242424242424242\"}")
                .post("/v1/sessions/" + UUID.randomUUID() + "/payment").then().statusCode(400);
        given().header("Authorization", "Bearer " + alice.token() + "x").get("/v1/me").then().statusCode(401);
        Webhook.post("/webhooks/stripe", "whsec_wrong", "{\"cardNumber\": \"4242424242424242\"}").statusCode(400);
        Webhook.post("/webhooks/stripe", "whsec_dev_platform", "{\"cardNumber\": \"4242424242424242\"}").statusCode(400);
    }

    private String begins(Person alice, String session) {
        String secret = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent"))
                .statusCode(200).extract().path("clientSecret");
        secret("client secret", secret);
        return secret;
    }

    private void secret(String what, String secret) {
        assertThat(secret).as(what).isNotBlank();
        secrets.put(what + " " + secrets.size(), secret);
    }

    private List<String> lines(String secret) {
        return log.lines.stream().filter(line -> line.contains(secret))
                .map(line -> line.substring(0, Math.min(300, line.length())))
                .toList();
    }

    /** The service's log; the sandbox's, on Stripe's side, is left out. */
    private static final class Heard extends Handler {

        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        public void publish(LogRecord entry) {
            if (String.valueOf(entry.getLoggerName()).startsWith("io.coachpay.sandbox")) {
                return;
            }
            List<String> said = new ArrayList<>();
            said.add(entry.getLoggerName());
            said.add(ExtLogRecord.wrap(entry).getFormattedMessage());
            if (entry.getThrown() != null) {
                StringWriter trace = new StringWriter();
                entry.getThrown().printStackTrace(new PrintWriter(trace));
                said.add(trace.toString());
            }
            lines.add(String.join(" ", said));
        }

        @Override
        public void flush() {
        }

        @Override
        public void close() {
        }
    }
}
