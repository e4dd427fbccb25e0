package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

class OnboardingTest extends SandboxTest {

    private static final Pattern VISIT = Pattern.compile("name=\"visit\" value=\"(\\w+)\"");

    @Test
    void completesOnThePage() {
        String account = stripe.newAccount("US");
        String path = link(account);

        String page = stripe.get(path).response().body();
        Matcher visit = VISIT.matcher(page);
        assertThat(visit.find()).isTrue();
        StripeClient.Reply done = form(path, "outcome=complete&visit=" + visit.group(1));

        assertThat(page).contains(account, "individual.first_name");
        assertThat(done.header("Location")).isEqualTo("http://localhost/return");
        JsonObject onboarded = stripe.get("/v1/accounts/" + account).json();
        assertThat(onboarded.getBoolean("charges_enabled")).isTrue();
        assertThat(onboarded.getJsonObject("capabilities").getString("transfers")).isEqualTo("active");
        assertThat(onboarded.getJsonObject("requirements").getJsonArray("currently_due")).isEmpty();
    }

    @Test
    void opensEachLinkOnce() {
        String path = link(stripe.newAccount("US"));

        stripe.get(path);

        assertThat(stripe.get(path).header("Location")).isEqualTo("http://localhost/refresh");
        assertThat(form(path, "outcome=complete&visit=guessed").header("Location")).isEqualTo("http://localhost/refresh");
    }

    @Test
    void letsLinksEndAfterMinutes() {
        String path = link(stripe.newAccount("US"));

        stripe.advance(6 * 60);

        assertThat(stripe.get(path).header("Location")).isEqualTo("http://localhost/refresh");
    }

    @Test
    void returnsWithoutBeingComplete() {
        String account = stripe.newAccount("US");
        String path = link(account);
        Matcher visit = VISIT.matcher(stripe.get(path).response().body());
        assertThat(visit.find()).isTrue();

        StripeClient.Reply later = form(path, "outcome=later&visit=" + visit.group(1));

        assertThat(later.header("Location")).isEqualTo("http://localhost/return");
        assertThat(stripe.get("/v1/accounts/" + account).json().getBoolean("details_submitted")).isFalse();
    }

    @Test
    void letsRequirementsComeBack() {
        String account = stripe.onboardedAccount();

        stripe.control("POST", "/accounts/" + account + "/require",
                new JsonObject().put("currentlyDue", new JsonArray().add("individual.verification.document")));

        JsonObject required = stripe.get("/v1/accounts/" + account).json();
        assertThat(required.getBoolean("charges_enabled")).isFalse();
        assertThat(required.getJsonObject("requirements").getString("disabled_reason")).isEqualTo("requirements.past_due");
        assertThat(stripe.pay(account, 1000, 100, "usd").error().getString("code"))
                .isEqualTo("insufficient_capabilities_for_transfer");
        assertThat(stripe.control("/accounts/" + account + "/require").status()).isEqualTo(400);
    }

    @Test
    void setsPayoutsManual() {
        String account = stripe.onboardedAccount();

        JsonObject settings = stripe.on(account).post("/v1/balance_settings", "payments[debit_negative_balances]", "false",
                "payments[payouts][schedule][interval]", "manual").json();

        assertThat(settings.getJsonObject("payments").getBoolean("debit_negative_balances")).isFalse();
        assertThat(stripe.get("/v1/accounts/" + account).json().getJsonObject("settings").getJsonObject("payouts")
                .getJsonObject("schedule").getString("interval")).isEqualTo("manual");
        assertThat(stripe.on(account).get("/v1/events?type=balance_settings.updated").json().getJsonArray("data")).hasSize(1);
    }

    private String link(String account) {
        return URI.create(stripe.post("/v1/account_links", "account", account, "type", "account_onboarding", "return_url",
                "http://localhost/return", "refresh_url", "http://localhost/refresh").json().getString("url")).getPath();
    }

    private StripeClient.Reply form(String path, String form) {
        return stripe.send("POST", path, "application/x-www-form-urlencoded", form);
    }
}
