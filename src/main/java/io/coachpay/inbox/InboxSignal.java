package io.coachpay.inbox;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;

/** Wakes a lane of this instance when something has become due, so that it need not wait for its next poll. */
@ApplicationScoped
class InboxSignal {

    private final Map<Lane, Semaphore> raised = Map.of(Lane.QUICK, new Semaphore(0), Lane.FETCHING, new Semaphore(0));

    void raise(Lane lane) {
        Semaphore its = of(lane);
        // One permit is enough: the woken thread looks for everything that is due.
        if (its.availablePermits() == 0) {
            its.release();
        }
    }

    void await(Lane lane, Duration longest) throws InterruptedException {
        Semaphore its = of(lane);
        if (its.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            its.drainPermits();
        }
    }

    private Semaphore of(Lane lane) {
        return Objects.requireNonNull(raised.get(lane));
    }
}
