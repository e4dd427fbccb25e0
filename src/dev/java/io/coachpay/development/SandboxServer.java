package io.coachpay.development;

import java.net.URI;
import java.util.List;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.sandbox.Options;
import io.coachpay.sandbox.Sandbox;
import io.coachpay.sandbox.WebhookEndpoint;
import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;

/**
 * The Stripe sandbox of development, beside the service in the same process. Like the database, it keeps its state between
 * starts. With a developer's own Stripe key the service calls Stripe itself, and the sandbox stays off.
 */
@ApplicationScoped
@IfBuildProfile("dev")
class SandboxServer {

    private static final Logger LOG = Logger.getLogger(SandboxServer.class);

    private final URI sandbox;
    private final int servicePort;
    private final boolean wanted;
    private @Nullable Sandbox running;

    SandboxServer(@ConfigProperty(name = "coachpay.sandbox.url") URI sandbox,
            @ConfigProperty(name = "quarkus.http.port") int servicePort,
            @ConfigProperty(name = "coachpay.stripe.secret-key") String key) {
        this.sandbox = sandbox;
        this.servicePort = servicePort;
        this.wanted = key.equals(Development.SANDBOX_KEY);
    }

    void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent start) {
        if (!wanted) {
            LOG.info("A Stripe key is set: payments go to Stripe itself, the sandbox stays off");
            return;
        }
        running = Sandbox.start(Options.ofTests().withPort(sandbox.getPort())
                .withStateFile(Development.HOME.resolve("sandbox.json"))
                .withEndpoints(List.of(
                        WebhookEndpoint.of(WebhookEndpoint.Kind.PLATFORM, webhooks("/webhooks/stripe")),
                        WebhookEndpoint.of(WebhookEndpoint.Kind.CONNECT, webhooks("/webhooks/stripe/connect")))));
        LOG.infof("The Stripe sandbox listens on %s", sandbox);
    }

    void stop(@Observes ShutdownEvent end) {
        if (running != null) {
            running.close();
        }
    }

    private URI webhooks(String path) {
        return URI.create("http://localhost:" + servicePort + path);
    }
}
