package io.coachpay.packaged;

import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import io.coachpay.simulation.Http;
import io.coachpay.simulation.Reply;

/**
 * Somebody who asks one instance after the other until one of them answers, and sends what moves something again under the same
 * key. A minute after its holder's death a key is free again, so that is how long it may take.
 */
final class Persistent {

    /** Somebody was not answered, or was told that the database is away, or that something is wrong with us. */
    record Unanswered(String asked, int port, int status, long begin, long end) {
    }

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

    private final List<Integer> ports;
    private final List<Http> instances = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();
    private final Queue<Unanswered> unanswered;
    private final AtomicInteger answered;

    /**
     * @param unanswered where it is noted who was not answered
     * @param answered counts answers
     */
    Persistent(List<Integer> ports, String token, Queue<Unanswered> unanswered, AtomicInteger answered) {
        this.ports = ports;
        ports.forEach(port -> instances.add(new Http(URI.create("http://127.0.0.1:" + port), "Bearer " + token)));
        this.unanswered = unanswered;
        this.answered = answered;
    }

    Reply get(String path) {
        return insist("GET " + path, instance -> instance.get(path));
    }

    /** Under a key of its own; the answer that stands. */
    Reply post(String path, Map<String, ?> body) {
        return post(path, body, UUID.randomUUID().toString());
    }

    /** Under this key. */
    Reply post(String path, Map<String, ?> body, String key) {
        return insist("POST " + path, instance -> instance.json("POST", path, body, Map.of("Idempotency-Key", key)));
    }

    /** How one instance is asked. */
    private interface Asking {
        Reply of(Http instance);
    }

    private Reply insist(String asked, Asking asking) {
        return await(asked).atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(BETWEEN_TRIES).until(
                () -> once(asked, asking),
                Persistent::stands);
    }

    private Reply once(String asked, Asking asking) {
        int which = Math.floorMod(next.getAndIncrement(), ports.size());
        long begin = System.nanoTime();
        Reply reply = asking.of(instances.get(which));
        if (reply.status() == 0 || reply.status() >= 500) {
            unanswered.add(new Unanswered(asked + " " + reply.brief() + " " + reply.body(), ports.get(which), reply.status(),
                    begin, System.nanoTime()));
        } else {
            answered.incrementAndGet();
        }
        return reply;
    }

    /** A key is in use as long as the request that died with it is not taken for dead. */
    private static boolean stands(Reply reply) {
        return reply.status() != 0 && reply.status() < 500 && !reply.brief().endsWith("idempotency-key-in-use");
    }
}
