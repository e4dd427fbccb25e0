package io.coachpay.coach;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import java.time.Duration;
import java.util.Map;

import org.awaitility.core.ConditionFactory;

import io.coachpay.Person;
import io.coachpay.StripeSandbox;

/** Coaches at each step of onboarding. */
final class Onboarded {

    static final String ACCOUNT = "/v1/me/connected-account";
    static final Map<String, String> AMERICAN = Map.of("country", "US", "businessType", "individual");

    private Onboarded() {
    }

    static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60)).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20));
    }

    /** A person with a profile in this currency, and no account. */
    static Person profile(String currency) {
        Person coach = Person.called("carol");
        coach.puts("/v1/me/coach-profile", Map.of("hourlyRate", Map.of("amount", "100.00", "currency", currency)))
                .statusCode(200);
        return coach;
    }

    /** Creates the coach's account at Stripe; its id. */
    static String begun(Person coach) {
        return coach.posts(ACCOUNT, AMERICAN).statusCode(201).extract().path("stripeAccountId");
    }

    /** Creates the coach's account and completes its onboarding; its id. */
    static String onboarded(Person coach) {
        String account = begun(coach);
        StripeSandbox.completeOnboarding(account);
        soon().untilAsserted(() -> coach.gets(ACCOUNT).body("canCharge", equalTo(true)));
        return account;
    }

    static String fault(String path, String fault, int times) {
        return "{\"requests\": [{\"match\": {\"method\": \"POST\", \"path\": \"%s\"}, \"times\": %d, \"do\": \"%s\"}]}"
                .formatted(path, times, fault);
    }
}
