package io.coachpay;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.coachpay.database.Database;
import io.coachpay.development.FreePort;
import io.coachpay.sandbox.Options;
import io.coachpay.sandbox.Sandbox;
import io.coachpay.sandbox.WebhookEndpoint;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** Starts PostgreSQL and the Stripe sandbox for tests of the whole service, one of each for all of them. */
public class Environment implements QuarkusTestResourceLifecycleManager {

    private Sandbox sandbox;

    @Override
    public Map<String, String> start() {
        int port = FreePort.any();
        sandbox = Sandbox.start(Options.ofTests().withEndpoints(List.of(
                WebhookEndpoint.of(WebhookEndpoint.Kind.PLATFORM, URI.create("http://127.0.0.1:" + port + "/webhooks/stripe")),
                WebhookEndpoint.of(WebhookEndpoint.Kind.CONNECT,
                        URI.create("http://127.0.0.1:" + port + "/webhooks/stripe/connect")))));
        Map<String, String> settings = new HashMap<>(database());
        settings.put("quarkus.http.test-port", Integer.toString(port));
        settings.put("coachpay.public-url", "http://127.0.0.1:" + port);
        settings.put("coachpay.currencies", "USD,EUR,GBP,CHF,AUD,CAD,JPY,KWD,HUF");
        settings.put("coachpay.sandbox.url", sandbox.uri().toString());
        settings.put("coachpay.stripe.api-base", sandbox.uri().toString());
        return settings;
    }

    /** The settings that lead to the database. */
    protected Map<String, String> database() {
        return Database.server().properties();
    }

    @Override
    public void stop() {
        if (sandbox != null) {
            sandbox.close();
        }
        // PostgreSQL ends with the JVM, as for all other tests.
    }
}
