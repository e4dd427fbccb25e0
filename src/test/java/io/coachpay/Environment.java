package io.coachpay;

import java.util.HashMap;
import java.util.Map;

import io.coachpay.database.Database;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** What a started service finds around itself in tests: a real PostgreSQL, and settings that lead nowhere else. */
public final class Environment implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = new HashMap<>(Database.server().properties());
        settings.put("coachpay.stripe.secret-key", "sk_test_123");
        settings.put("coachpay.stripe.publishable-key", "pk_test_123");
        settings.put("coachpay.stripe.api-base", "http://127.0.0.1:9");
        settings.put("coachpay.sandbox.url", "http://127.0.0.1:9");
        return settings;
    }

    @Override
    public void stop() {
        // The server ends with the JVM, as for all other tests.
    }
}
