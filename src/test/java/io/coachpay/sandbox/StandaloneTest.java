package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;

import org.junit.jupiter.api.Test;

class StandaloneTest {

    @Test
    void postsEventsToBothAddressesOfTheService() {
        assertThat(Standalone.endpoints(URI.create("http://coachpay:8080"))).containsExactly(
                WebhookEndpoint.of(WebhookEndpoint.Kind.PLATFORM, URI.create("http://coachpay:8080/webhooks/stripe")),
                WebhookEndpoint.of(WebhookEndpoint.Kind.CONNECT, URI.create("http://coachpay:8080/webhooks/stripe/connect")));
    }
}
