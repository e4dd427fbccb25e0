package io.coachpay.packaged;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Kills one of two instances at once and without a warning, the connections to PostgreSQL, or PostgreSQL itself. Requests may
 * stay unanswered because of a strike, and for no other reason.
 */
final class Strikes {

    /** A kind of death. */
    enum Kind {
        KILL,
        CUT,
        CRASH
    }

    /**
     * The time after its end for which a strike may still be felt: by earlier requests, and until connections are made again.
     */
    private static final Duration ECHO = Duration.ofSeconds(2);

    /**
     * One strike.
     *
     * @param port of the instance that was killed; 0 where both were concerned
     * @param begin when, as {@link System#nanoTime()} counts
     * @param end when everything was there again
     */
    record Strike(Kind kind, int port, long begin, long end, String told) {

        /** Whether a request stayed unanswered because of it. */
        boolean explains(Persistent.Unanswered unanswered) {
            boolean met = unanswered.begin() <= end + ECHO.toNanos() && unanswered.end() >= begin;
            // A killed process ends connections; one that has lost its database says so.
            return met && (kind == Kind.KILL ? unanswered.status() == 0 && unanswered.port() == port
                    : unanswered.status() == 503);
        }
    }

    private final CrashScene scene;
    private final OwnPostgres postgres;
    private final PackagedService[] instances;
    private final Queue<Strike> all = new ConcurrentLinkedQueue<>();

    Strikes(CrashScene scene, OwnPostgres postgres, PackagedService first, PackagedService second) {
        this.scene = scene;
        this.postgres = postgres;
        this.instances = new PackagedService[] { first, second };
    }

    /** Strikes once, and returns when everything is there again. */
    void strike(Kind kind, Random random) throws Exception {
        switch (kind) {
            case KILL -> kill(random.nextInt(instances.length));
            case CUT -> during(kind, 0, () -> postgres.cutConnections() + " connections are cut");
            case CRASH -> during(kind, 0, () -> {
                postgres.crash();
                postgres.start();
                return "PostgreSQL crashes";
            });
        }
    }

    private void kill(int which) throws Exception {
        PackagedService doomed = instances[which];
        during(Kind.KILL, doomed.port(), () -> {
            doomed.kill();
            instances[which] = scene.again(doomed);
            return "instance %d is killed, and back after %.1f s".formatted(which + 1, instances[which].startSeconds());
        });
    }

    private void during(Kind kind, int port, Callable<String> striking) throws Exception {
        long begin = System.nanoTime();
        String told = striking.call();
        all.add(new Strike(kind, port, begin, System.nanoTime(), told));
    }

    List<Strike> all() {
        return List.copyOf(all);
    }

    List<Integer> ports() {
        return List.of(instances[0].port(), instances[1].port());
    }

    /** The ports for health and metrics now. */
    List<Integer> managementPorts() {
        return List.of(instances[0].managementPort(), instances[1].managementPort());
    }

    long count(Kind kind) {
        return all.stream().filter(strike -> strike.kind() == kind).count();
    }

    /** Ends what is left of the second instance; the scene ends the first. */
    void close() {
        instances[1].close();
    }
}
