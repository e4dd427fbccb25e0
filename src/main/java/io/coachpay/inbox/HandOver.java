package io.coachpay.inbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/**
 * Queues claimed events of the quick lane in memory until they are applied. Most come straight from their arrival: they are
 * stored as claimed already, so they are neither claimed nor read again. Those are bounded in number and in bytes; without
 * room an arrival is stored as due, and is claimed like any other.
 */
@ApplicationScoped
class HandOver {

    /** Bytes of memory that handed-over events may take, however few they are. */
    private static final long HEAVIEST = 32L * 1024 * 1024;

    private final Duration lease;
    private final Semaphore room;
    private final AtomicLong weight = new AtomicLong();
    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private volatile boolean closed;

    @Inject
    HandOver(InboxSettings settings) {
        this(settings.handOverLease(), settings.eventsHandedOver());
    }

    HandOver(Duration lease, int most) {
        this.lease = lease;
        this.room = new Semaphore(most);
    }

    /**
     * A claimed event that waits.
     *
     * @param done to be run once, when this instance has nothing more to do with the event
     */
    record Waiting(Claimed claimed, Runnable done) {
    }

    /** The time after which a handed-over event counts as left, and any instance claims it. */
    Duration lease() {
        return lease;
    }

    /** Reserves room for an arrival that is about to be stored as claimed; answers whether there was some. */
    boolean reserve(Arrival arrival) {
        if (closed || !room.tryAcquire()) {
            return false;
        }
        if (weight.addAndGet(arrival.weight()) > HEAVIEST) {
            giveBack(arrival);
            return false;
        }
        return true;
    }

    /** Gives back reserved room. */
    void giveBack(Arrival arrival) {
        weight.addAndGet(-arrival.weight());
        room.release();
    }

    /** Hands over an arrival that has been stored as claimed, in the room reserved for it. */
    void handOver(Arrival arrival) {
        add(new Waiting(Claimed.handedOver(arrival, lease), () -> giveBack(arrival)));
    }

    /** Queues an event that was claimed; its claimer bounds how many. */
    void add(Waiting waiting) {
        queue.add(waiting);
    }

    /** Takes what waits, in its order; empty after a while without anything. */
    List<Waiting> take(int atMost, Duration longest) throws InterruptedException {
        List<Waiting> taken = new ArrayList<>();
        Waiting first = queue.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
            taken.add(first);
            queue.drainTo(taken, atMost - 1);
        }
        return taken;
    }

    /** Takes no more arrivals, and returns what still waits. */
    List<Waiting> close() {
        closed = true;
        List<Waiting> left = new ArrayList<>();
        queue.drainTo(left);
        return left;
    }
}
