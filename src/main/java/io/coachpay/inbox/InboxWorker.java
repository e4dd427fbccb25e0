package io.coachpay.inbox;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;

import io.coachpay.job.Background;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;

/**
 * Works the inbox off. One thread claims what is due, in batches and never more than can be worked on soon; a few others make
 * the attempts, several at once also about one object, for handlers lock what they decide about.
 */
@ApplicationScoped
class InboxWorker {

    private static final Logger LOG = Logger.getLogger(InboxWorker.class);
    private static final Duration BETWEEN_FIGURES = Duration.ofSeconds(10);
    private static final Duration LONGEST_END = Duration.ofSeconds(15);

    private final Claims claims;
    private final Attempts attempts;
    private final InboxSignal signal;
    private final InboxMetrics metrics;
    private final InboxSettings settings;
    private final ExecutorService dispatcher = Executors.newSingleThreadExecutor(work -> new Thread(work, "inbox-dispatcher"));
    private final ExecutorService threads;
    private final AtomicInteger claimed = new AtomicInteger();
    private volatile boolean stopping;
    private long figuresAt = System.nanoTime() - BETWEEN_FIGURES.toNanos();

    InboxWorker(Claims claims, Attempts attempts, InboxSignal signal, InboxMetrics metrics, InboxSettings settings) {
        this.claims = claims;
        this.attempts = attempts;
        this.signal = signal;
        this.metrics = metrics;
        this.settings = settings;
        AtomicInteger number = new AtomicInteger();
        threads = Executors.newFixedThreadPool(settings.threads(),
                work -> new Thread(work, "inbox-worker-" + number.incrementAndGet()));
    }

    void start(@Observes StartupEvent start) {
        start();
    }

    void start() {
        dispatcher.execute(this::dispatch);
    }

    void stop(@Observes ShutdownEvent shutdown) {
        stop();
    }

    /** Lets the attempts under way end, and gives back what was claimed and not begun. */
    void stop() {
        stopping = true;
        dispatcher.shutdownNow();
        try {
            dispatcher.awaitTermination(LONGEST_END.toSeconds(), TimeUnit.SECONDS);
            threads.shutdown();
            if (!threads.awaitTermination(LONGEST_END.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("Some events are still worked on at the end; they are tried again when their lease has run out");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void dispatch() {
        try {
            while (!stopping) {
                if (!claimSome()) {
                    measure();
                    signal.await(settings.pollInterval());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it is worth looking again at once. */
    private boolean claimSome() throws InterruptedException {
        int room = settings.batchSize() - claimed.get();
        // Half a batch at a time, at least: a statement for each event would cost more than the events.
        if (room <= settings.batchSize() / 2) {
            return false;
        }
        try {
            List<Claimed> batch = claims.take(room, settings.lease());
            claimed.addAndGet(batch.size());
            batch.forEach(one -> threads.execute(() -> work(one)));
            return batch.size() == room;
        } catch (RuntimeException e) {
            LOG.errorf("The inbox cannot be read, looking again in a moment: %s", Failure.text(e));
            Thread.sleep(settings.pollInterval().toMillis());
            return false;
        }
    }

    private void work(Claimed one) {
        try {
            if (stopping) {
                claims.release(one);
            } else {
                Background.run("event", one.eventId(), () -> attempts.make(one));
            }
        } catch (RuntimeException e) {
            LOG.errorf("%s is left to its lease, its outcome could not be recorded: %s", one.eventId(), Failure.text(e));
        } finally {
            if (claimed.decrementAndGet() == settings.batchSize() / 2 - 1) {
                signal.raise();
            }
        }
    }

    private void measure() {
        if (System.nanoTime() - figuresAt < BETWEEN_FIGURES.toNanos()) {
            return;
        }
        figuresAt = System.nanoTime();
        try {
            Claims.Backlog backlog = claims.backlog();
            metrics.backlog(backlog.oldest(), backlog.dead());
        } catch (RuntimeException e) {
            LOG.debugf("The inbox's figures cannot be read: %s", Failure.text(e));
        }
    }
}
