package io.coachpay.development;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

import io.quarkus.arc.profile.IfBuildProfile;
import io.vertx.core.json.JsonObject;

/**
 * The service's clock in development and tests. It follows the sandbox's virtual clock, so that holds, jobs and schedules move
 * along when that is advanced. It asks a few times a second, so it may trail by a moment.
 */
@ApplicationScoped
@IfBuildProfile(anyOf = { "dev", "test" })
class SandboxClock {

    private static final Logger LOG = Logger.getLogger(SandboxClock.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final HttpRequest question;
    private final Thread looks = new Thread(this::follow, "sandbox-clock");
    private volatile Duration ahead = Duration.ZERO;

    SandboxClock(@ConfigProperty(name = "coachpay.sandbox.url") URI sandbox) {
        question = HttpRequest.newBuilder(sandbox.resolve("/sandbox/clock")).timeout(Duration.ofSeconds(1)).build();
    }

    @Produces
    @ApplicationScoped
    Clock clock() {
        look();
        looks.setDaemon(true);
        looks.start();
        return new Following();
    }

    @PreDestroy
    void stop() {
        looks.interrupt();
    }

    /**
     * Asks at once; tests that advance the clock need not wait for the next regular look. While the sandbox starts, the last
     * answer holds.
     */
    void look() {
        try {
            HttpResponse<String> answer = client.send(question, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                ahead = Duration.ofSeconds(new JsonObject(answer.body()).getLong("offsetSeconds"));
            }
        } catch (IOException e) {
            LOG.debugf("The sandbox's clock cannot be read; the last offset stays in use: %s", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() {
        try {
            while (true) {
                Thread.sleep(BETWEEN_LOOKS.toMillis());
                look();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** The wall clock, as far ahead as the sandbox's is. */
    private final class Following extends Clock {

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return Clock.offset(Clock.system(zone), ahead);
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }
    }
}
