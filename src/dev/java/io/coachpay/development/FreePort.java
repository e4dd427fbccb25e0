package io.coachpay.development;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers that are yet to start. */
public final class FreePort {

    /** Below those that Linux, macOS and Windows give to outgoing connections, which may take any of theirs at any moment. */
    private static final int FIRST = 10_240;
    private static final int AFTER_LAST = 32_000;
    private static final int MOST_TRIES = 1_000;

    private FreePort() {
    }

    /**
     * A port on which nobody listens on this machine.
     *
     * @throws IllegalStateException when none is found
     */
    public static int any() {
        for (int tried = 0; tried < MOST_TRIES; tried++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, AFTER_LAST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("No port is free between " + FIRST + " and " + AFTER_LAST);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
