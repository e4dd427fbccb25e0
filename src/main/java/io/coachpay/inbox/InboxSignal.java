package io.coachpay.inbox;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;

/** Tells this instance's worker at once that something has become due, so that it need not wait for its next look. */
@ApplicationScoped
class InboxSignal {

    private final Semaphore raised = new Semaphore(0);

    void raise() {
        // One is enough: whoever waits looks for everything that is due.
        if (raised.availablePermits() == 0) {
            raised.release();
        }
    }

    void await(Duration longest) throws InterruptedException {
        if (raised.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            raised.drainPermits();
        }
    }
}
