package io.coachpay.sandbox;

import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Options for the start of a sandbox.
 *
 * @param port to listen on, 0 for any free one
 * @param host to bind to
 * @param endpoints the first receivers of webhooks; {@code PUT /sandbox/webhooks} replaces them
 * @param stateFile keeps the whole state between runs, or null to forget it
 * @param seed of ids; two sandboxes with one seed give the same ids
 */
public record Options(int port, String host, List<WebhookEndpoint> endpoints, @Nullable Path stateFile, long seed) {

    public Options {
        endpoints = List.copyOf(endpoints);
    }

    /** A free port on this machine, no endpoints, nothing kept, ids unlike any other run's. */
    public static Options ofTests() {
        return new Options(0, "127.0.0.1", List.of(), null, System.nanoTime());
    }

    public Options withEndpoints(List<WebhookEndpoint> wanted) {
        return new Options(port, host, wanted, stateFile, seed);
    }

    public Options withPort(int wanted) {
        return new Options(wanted, host, endpoints, stateFile, seed);
    }

    public Options withStateFile(@Nullable Path file) {
        return new Options(port, host, endpoints, file, seed);
    }
}
