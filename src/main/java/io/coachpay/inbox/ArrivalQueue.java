package io.coachpay.inbox;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;

/**
 * Queues arrivals until they are stored. A few writers take all that has queued up during their last commit, and commit it
 * together: under load one commit serves many events, and a lone event waits for nothing.
 */
@ApplicationScoped
class ArrivalQueue {

    private static final Logger LOG = Logger.getLogger(ArrivalQueue.class);
    /** Bytes of memory that waiting arrivals may take, however few they are. */
    private static final long HEAVIEST = 64L * 1024 * 1024;

    private final Arrivals arrivals;
    private final int writers;
    private final int batchSize;
    private final BlockingQueue<Waiting> waiting;
    private final AtomicLong weight = new AtomicLong();
    private final ExecutorService threads;

    ArrivalQueue(Arrivals arrivals, InboxSettings settings) {
        this.arrivals = arrivals;
        writers = settings.writers();
        batchSize = settings.arrivalsPerWrite();
        waiting = new ArrayBlockingQueue<>(settings.arrivalsWaiting());
        threads = Executors.newFixedThreadPool(writers, work -> new Thread(work, "inbox-writer"));
    }

    /** An arrival, and the future to complete when it is stored. */
    private record Waiting(Arrival arrival, CompletableFuture<Boolean> stored) {
    }

    /**
     * Stores an arrival, and answers after the commit whether it was new. The answer fails with {@link InboxUnavailable} when
     * there is no room or no database.
     */
    CompletionStage<Boolean> add(Arrival arrival) {
        CompletableFuture<Boolean> stored = new CompletableFuture<>();
        if (weight.addAndGet(arrival.weight()) > HEAVIEST || !waiting.offer(new Waiting(arrival, stored))) {
            weight.addAndGet(-arrival.weight());
            stored.completeExceptionally(new InboxUnavailable("More events arrive than can be stored"));
        }
        return stored;
    }

    void start(@Observes StartupEvent start) {
        for (int i = 0; i < writers; i++) {
            threads.execute(this::write);
        }
    }

    /** Requests under way have been answered by now, so nobody waits any more. */
    void stop(@Observes ShutdownEvent shutdown) {
        threads.shutdownNow();
    }

    private void write() {
        List<Waiting> batch = new ArrayList<>();
        while (!Thread.currentThread().isInterrupted()) {
            try {
                batch.add(waiting.take());
                waiting.drainTo(batch, batchSize - 1);
                batch.forEach(one -> weight.addAndGet(-one.arrival().weight()));
                store(batch);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Throwable e) {
                // Even an error ends this batch alone: without its writers the inbox would take events and answer none.
                refuse(batch, e);
            } finally {
                batch.clear();
            }
        }
    }

    private void store(List<Waiting> batch) {
        try {
            var isNew = arrivals.store(batch.stream().map(Waiting::arrival).toList());
            batch.forEach(one -> one.stored().complete(isNew.contains(one.arrival().id())));
        } catch (SQLException | RuntimeException e) {
            if (batch.size() > 1 && e instanceof SQLException refused && !isAway(refused)) {
                // One of them is refused; the others must not suffer for it.
                batch.forEach(one -> store(List.of(one)));
                return;
            }
            refuse(batch, e);
        }
    }

    private static void refuse(List<Waiting> batch, Throwable failure) {
        InboxUnavailable away = new InboxUnavailable("The event could not be stored");
        batch.forEach(one -> one.stored().completeExceptionally(away));
        LOG.errorf("%d events could not be stored: %s", batch.size(), EventFailure.text(failure));
    }

    /** Whether the server failed, rather than the statement: no connection, shutting down, out of resources. */
    private static boolean isAway(SQLException failure) {
        String state = failure.getSQLState();
        return state == null || state.startsWith("08") || state.startsWith("57") || state.startsWith("53");
    }
}
