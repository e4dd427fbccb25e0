package io.coachpay.http;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

/**
 * Collects the bodies of requests on the event loop, so that no thread waits for a slow client: each within its own limit and
 * until a deadline, all together within one budget of bytes.
 * <p>
 * When the budget is spent, the long body that has been arriving for longest gives up its bytes. A body that arrives at once,
 * as Stripe and ordinary clients send it, is never that one.
 */
@ApplicationScoped
public class Bodies {

    private final Vertx vertx;
    private final MeterRegistry registry;
    private final Duration deadline;
    private final long budget;
    private final AtomicLong held = new AtomicLong();
    /** Bodies of more than one part that have not ended, in the order they began. */
    private final Set<Collecting> unfinished = new LinkedHashSet<>();

    Bodies(Vertx vertx, HttpSettings settings, MeterRegistry registry) {
        this.vertx = vertx;
        this.registry = registry;
        this.deadline = settings.bodyDeadline();
        this.budget = settings.bodyBudget().asLongValue();
        Gauge.builder("coachpay.http.body.bytes", held, AtomicLong::get)
                .description("Bytes of all bodies that are being collected or worked on").register(registry);
    }

    /**
     * Collects a request's body. Must be called on the request's event loop, where the answer comes too.
     *
     * @param largest bytes it may have
     * @param then receives the body, and has to {@link Body#forget} it; is not called when the client hangs up before the
     *        body's end
     * @param refuse answers why the body is not read: too large (413), too slow (408), or no room for it now (503)
     */
    public void collect(HttpServerRequest request, int largest, Consumer<Body> then, Consumer<Refused> refuse) {
        new Collecting(this, request, largest, then, refuse).begin();
    }

    /** Discards the rest of an unwanted body, and hangs up when that takes longer than a body may. */
    public void discard(HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        long timer = inTime(() -> request.connection().close());
        request.handler(part -> {
            // not wanted
        }).exceptionHandler(gone -> vertx.cancelTimer(timer)).endHandler(end -> vertx.cancelTimer(timer)).resume();
    }

    /** Counts a request that was refused before a thread was taken for it. */
    void refused(Refused refused) {
        registry.counter("coachpay.http.refused", "reason", refused.name()).increment();
    }

    Duration deadline() {
        return deadline;
    }

    /** Runs this at the deadline of a body that begins now. */
    long inTime(Runnable work) {
        return vertx.setTimer(deadline.toMillis(), timer -> work.run());
    }

    void notInTime(long timer) {
        vertx.cancelTimer(timer);
    }

    /** Takes so many bytes from the budget, unless there is no room for them. */
    boolean take(int bytes) {
        while (held.addAndGet(bytes) > budget) {
            held.addAndGet(-bytes);
            Collecting longest = longest();
            if (longest == null) {
                return false;
            }
            longest.makeRoom();
        }
        return true;
    }

    void giveBack(int bytes) {
        held.addAndGet(-bytes);
    }

    void goesOn(Collecting body) {
        synchronized (unfinished) {
            unfinished.add(body);
        }
    }

    void isOver(Collecting body) {
        synchronized (unfinished) {
            unfinished.remove(body);
        }
    }

    private @Nullable Collecting longest() {
        synchronized (unfinished) {
            Iterator<Collecting> inOrder = unfinished.iterator();
            if (!inOrder.hasNext()) {
                return null;
            }
            Collecting first = inOrder.next();
            inOrder.remove();
            return first;
        }
    }
}
