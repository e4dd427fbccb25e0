package io.coachpay.development;

import io.quarkus.arc.Arc;

/** Lets the running service notice at once that somebody has moved the sandbox's clock. */
public final class SandboxTime {

    private SandboxTime() {
    }

    public static void notice() {
        Arc.container().instance(SandboxClock.class).get().look();
    }
}
