package io.coachpay.sandbox;

import java.net.URI;
import java.util.List;

/** Runs the sandbox as a program of its own, for a service that runs somewhere else: {@code docker/compose.yaml}. */
public final class Standalone {

    private Standalone() {
    }

    /**
     * Runs until the process ends, and keeps nothing after it.
     *
     * @param arguments the port to listen on, on every interface, and the address of the service that events are posted to
     */
    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            System.err.println("usage: Standalone <port> <the service's address, such as http://coachpay:8080>");
            System.exit(2);
        }
        Sandbox sandbox = Sandbox.start(new Options(Integer.parseInt(arguments[0]), "0.0.0.0",
                endpoints(URI.create(arguments[1])), null, System.nanoTime()));
        Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close));
        System.out.println("The Stripe sandbox listens on port " + sandbox.port());
    }

    static List<WebhookEndpoint> endpoints(URI service) {
        return List.of(WebhookEndpoint.of(WebhookEndpoint.Kind.PLATFORM, service.resolve("/webhooks/stripe")),
                WebhookEndpoint.of(WebhookEndpoint.Kind.CONNECT, service.resolve("/webhooks/stripe/connect")));
    }
}
