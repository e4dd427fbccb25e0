package io.coachpay.development;

import io.quarkus.arc.Arc;

/** Lets the running service notice at once that the sandbox's clock was moved. */
public final class SandboxTime {

    private SandboxTime() {
    }

    public static void notice() {
        Arc.container().instance(SandboxClock.class).get().look();
    }
}
