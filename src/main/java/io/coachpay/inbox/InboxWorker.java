package io.coachpay.inbox;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;

import io.coachpay.inbox.HandOver.Waiting;
import io.coachpay.inbox.SeriesProcessing.Member;
import io.coachpay.job.Background;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;

/**
 * Processes the inbox. For each lane one thread claims due events, in batches and never more than can be worked on soon; a few
 * others make the attempts, several at once even about one object, since handlers lock the rows they decide about.
 * <p>
 * Events of the quick lane wait for an applier, which takes many at once and applies them together; most of them were handed
 * over by their arrival and never had to be claimed. What cannot be applied together is applied alone, by threads of its own,
 * so that it holds up no bunch; events about one object wait in one queue, of which one thread at a time takes all.
 * <p>
 * Of events that need objects from Stripe no more are claimed than there are threads for: a call may take a minute, and an
 * event waiting behind it would lose its lease.
 */
@ApplicationScoped
class InboxWorker {

    private static final Logger LOG = Logger.getLogger(InboxWorker.class);
    private static final Duration BETWEEN_FIGURES = Duration.ofSeconds(10);
    private static final Duration LONGEST_END = Duration.ofSeconds(15);

    private final EventClaims claims;
    private final EventProcessing attempts;
    private final BunchProcessing bunches;
    private final SeriesProcessing series;
    private final HandOver handOver;
    private final InboxSignal signal;
    private final InboxMetrics metrics;
    private final InboxSettings settings;
    private final Crew quick;
    private final List<Crew> crews;
    private final Queues<Queued> queues = new Queues<>();
    private final ExecutorService appliers;
    private volatile boolean stopping;

    InboxWorker(EventClaims claims, EventProcessing attempts, BunchProcessing bunches, SeriesProcessing series,
            HandOver handOver, InboxSignal signal, InboxMetrics metrics, InboxSettings settings) {
        this.claims = claims;
        this.attempts = attempts;
        this.bunches = bunches;
        this.series = series;
        this.handOver = handOver;
        this.signal = signal;
        this.metrics = metrics;
        this.settings = settings;
        appliers = Executors.newFixedThreadPool(settings.appliers(), work -> new Thread(work, "inbox-applier"));
        // Half a batch at a time, at least: a statement for each event would cost more than the events.
        quick = new Crew(Lane.QUICK, settings.threads(), settings.batchSize(), settings.batchSize() / 2 + 1, settings.lease());
        crews = List.of(quick,
                new Crew(Lane.FETCHING, settings.fetchingThreads(), settings.fetchingThreads(), 1, settings.fetchingLease()));
    }

    /** An event that waits behind others about its object. */
    private record Queued(Waiting waiting, Member member) {
    }

    /** The threads of one lane, and the events they have claimed. */
    private static final class Crew {

        private final Lane lane;
        private final int most;
        private final int leastRoom;
        private final Duration lease;
        private final ExecutorService dispatcher;
        private final ExecutorService threads;
        private final AtomicInteger claimed = new AtomicInteger();
        private long figuresAt = System.nanoTime() - BETWEEN_FIGURES.toNanos();

        /**
         * @param most how many events are claimed at once
         * @param leastRoom how many of them must be free before more are claimed
         */
        Crew(Lane lane, int size, int most, int leastRoom, Duration lease) {
            this.lane = lane;
            this.most = most;
            this.leastRoom = leastRoom;
            this.lease = lease;
            dispatcher = Executors.newSingleThreadExecutor(work -> new Thread(work, "inbox-dispatcher-" + lane.code()));
            AtomicInteger number = new AtomicInteger();
            threads = Executors.newFixedThreadPool(size,
                    work -> new Thread(work, "inbox-" + lane.code() + "-" + number.incrementAndGet()));
        }
    }

    void start(@Observes StartupEvent start) {
        start();
    }

    void start() {
        for (int i = 0; i < settings.appliers(); i++) {
            appliers.execute(this::applyTogether);
        }
        crews.forEach(crew -> crew.dispatcher.execute(() -> dispatch(crew)));
    }

    void stop(@Observes ShutdownEvent shutdown) {
        stop();
    }

    /** Lets attempts under way end, and gives back events that were claimed and not begun. */
    void stop() {
        stopping = true;
        crews.forEach(crew -> crew.dispatcher.shutdownNow());
        appliers.shutdown();
        Instant end = Instant.now().plus(LONGEST_END);
        try {
            for (Crew crew : crews) {
                ended(crew.dispatcher, end);
            }
            ended(appliers, end);
            handOver.close().forEach(waiting -> quick.threads.execute(() -> work(waiting)));
            crews.forEach(crew -> crew.threads.shutdown());
            for (Crew crew : crews) {
                if (!ended(crew.threads, end)) {
                    LOG.warn(
                            "Some events are still being applied at shutdown; they are tried again when their lease has run out");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean ended(ExecutorService threads, Instant by) throws InterruptedException {
        return threads.awaitTermination(Duration.between(Instant.now(), by).toMillis(), TimeUnit.MILLISECONDS);
    }

    private void dispatch(Crew crew) {
        try {
            while (!stopping) {
                measure(crew);
                if (!claimSome(crew)) {
                    signal.await(crew.lane, settings.pollInterval());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Claims due events; returns whether it is worth looking again at once. */
    private boolean claimSome(Crew crew) throws InterruptedException {
        int room = crew.most - crew.claimed.get();
        if (room < crew.leastRoom) {
            return false;
        }
        try {
            List<Claimed> batch = claims.take(crew.lane, room, crew.lease);
            crew.claimed.addAndGet(batch.size());
            for (Claimed one : batch) {
                Waiting waiting = new Waiting(one, () -> done(crew));
                if (crew == quick) {
                    handOver.add(waiting);
                } else {
                    crew.threads.execute(() -> work(waiting));
                }
            }
            return batch.size() == room;
        } catch (RuntimeException | Error e) {
            LOG.errorf("The inbox cannot be read, looking again in a moment: %s", EventFailure.text(e));
            Thread.sleep(settings.pollInterval().toMillis());
            return false;
        }
    }

    private void applyTogether() {
        try {
            while (!stopping) {
                applyTogether(handOver.take(settings.eventsTogether(), settings.pollInterval()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void applyTogether(List<Waiting> waiting) {
        Set<UUID> over = new HashSet<>();
        try {
            Background.run(() -> over.addAll(bunches.apply(waiting.stream().map(Waiting::claimed).toList())));
        } catch (RuntimeException | Error e) {
            LOG.errorf("%d events could not be applied together: %s", waiting.size(), EventFailure.text(e));
        }
        for (Waiting one : waiting) {
            if (over.contains(one.claimed().id())) {
                one.done().run();
            } else {
                Optional<Member> member = series.member(one.claimed());
                if (member.isEmpty()) {
                    quick.threads.execute(() -> work(one));
                } else if (queues.add(member.get().object(), new Queued(one, member.get()))) {
                    quick.threads.execute(() -> workOn(member.get().object()));
                }
            }
        }
    }

    /** Applies what waits about an object, and what has come meanwhile. */
    private void workOn(String object) {
        for (List<Queued> some = queues.take(object, settings.eventsTogether()); !some.isEmpty(); some = queues.take(object,
                settings.eventsTogether())) {
            try {
                work(some);
            } catch (RuntimeException | Error e) {
                // Without its worker the queue would take events, and none of them would be applied.
                LOG.errorf("%d events about %s are left to their lease: %s", some.size(), object, EventFailure.text(e));
            }
        }
    }

    /** Applies events about one object in one go, or else each alone. */
    private void work(List<Queued> some) {
        Set<UUID> over = new HashSet<>();
        try {
            if (!stopping) {
                Background.run(() -> over.addAll(series.apply(some.stream().map(Queued::member).toList())));
            }
        } catch (RuntimeException | Error e) {
            LOG.errorf("%d events could not be applied in series: %s", some.size(), EventFailure.text(e));
        }
        for (Queued each : some) {
            if (over.contains(each.waiting().claimed().id())) {
                each.waiting().done().run();
            } else {
                work(each.waiting());
            }
        }
    }

    private void work(Waiting waiting) {
        Claimed one = waiting.claimed();
        try {
            if (stopping) {
                claims.release(one);
            } else {
                Background.run("event", one.eventId(), () -> attempts.make(one));
            }
        } catch (RuntimeException | Error e) {
            LOG.errorf("%s is left to its lease, its outcome could not be recorded: %s", one.eventId(), EventFailure.text(e));
        } finally {
            waiting.done().run();
        }
    }

    private void done(Crew crew) {
        if (crew.most - crew.claimed.decrementAndGet() == crew.leastRoom) {
            signal.raise(crew.lane);
        }
    }

    private void measure(Crew crew) {
        if (System.nanoTime() - crew.figuresAt < BETWEEN_FIGURES.toNanos()) {
            return;
        }
        crew.figuresAt = System.nanoTime();
        try {
            metrics.backlog(crew.lane, claims.backlog(crew.lane));
            metrics.dead(claims.dead());
        } catch (RuntimeException | Error e) {
            LOG.debugf("The inbox's metrics cannot be read: %s", EventFailure.text(e));
        }
    }
}
