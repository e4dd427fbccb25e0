package io.coachpay.packaged;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.coachpay.packaged.CrashScene.Visitor;
import io.coachpay.simulation.Reply;

/**
 * Mentees who book, pay, cancel and are refunded, and coaches who are paid out, each mentee on a thread of its own, so many
 * stories a second at most. Accepted requests are recorded: each must be found in the end, once.
 */
final class Crowd {

    /** Settings under which a few people may send as many requests as a crowd. */
    static final Map<String, String> LIMITS = Map.of("COACHPAY_HTTP_MONEY_MOVING_PER_MINUTE", "100000",
            "COACHPAY_HTTP_ASKING_STRIPE_PER_MINUTE", "100000", "COACHPAY_SESSION_OPEN_HOLDS_PER_MENTEE", "20",
            "COACHPAY_SESSION_OPEN_HOLDS_PER_COACH", "200");

    /** The chances of a person's next act, out of a hundred. */
    private static final int PAYS = 55;
    private static final int IS_REFUNDED = 75;
    private static final int CANCELS = 85;
    private static final Duration BETWEEN_STORIES = Duration.ofMillis(100);
    private static final Duration LONGEST_OUTAGE = Duration.ofSeconds(60);
    private static final Duration LONGEST_STORY = Duration.ofMinutes(5);
    /** Far from those that the scene books. */
    private static final AtomicInteger HOURS = new AtomicInteger(3000);

    /** A coach, and the coach's id. */
    record Coach(Persistent person, String id) {
    }

    private record Paid(String payment, String session, Coach coach) {
    }

    /** Ids in 2xx answers, by the kind of object. */
    final Map<String, Set<String>> accepted = new ConcurrentSkipListMap<>();
    /** Failures that must not happen. */
    final Queue<String> problems = new ConcurrentLinkedQueue<>();
    final Queue<Persistent.Unanswered> unanswered = new ConcurrentLinkedQueue<>();
    final AtomicInteger answered = new AtomicInteger();
    /** Refusals, which are answers too. */
    final Map<String, AtomicInteger> refusals = new ConcurrentSkipListMap<>();

    private final CrashScene scene;
    private final List<Integer> ports;
    private final List<Coach> coaches = new ArrayList<>();
    private final ScheduledExecutorService threads;
    private final List<Future<?>> stories = new ArrayList<>();
    private final int mentees;
    private final long seed;

    /** @param coaches who have been set up */
    Crowd(CrashScene scene, List<Integer> ports, List<Visitor> coaches, int mentees, long seed) {
        this.scene = scene;
        this.ports = ports;
        this.mentees = mentees;
        this.seed = seed;
        coaches.forEach(coach -> this.coaches.add(new Coach(persistent(coach), coach.id())));
        threads = Executors.newScheduledThreadPool(mentees);
    }

    private Persistent persistent(Visitor somebody) {
        return new Persistent(ports, somebody.token(), unanswered, answered);
    }

    /** Starts everybody; returns their names. */
    List<String> begin() {
        List<String> people = new ArrayList<>();
        for (int number = 0; number < mentees; number++) {
            Visitor visitor = scene.somebody("mentee");
            people.add(visitor.id());
            Mentee mentee = new Mentee(persistent(visitor), new Random(seed * 31 + number));
            stories.add(threads.scheduleWithFixedDelay(mentee::story, 0, BETWEEN_STORIES.toMillis(), TimeUnit.MILLISECONDS));
        }
        return people;
    }

    /** Lets everybody end their story, and begin no other. */
    void end() throws InterruptedException {
        if (stories.stream().anyMatch(Future::isDone)) {
            problems.add("Somebody's stories came to an end by themselves");
        }
        threads.shutdown();
        if (!threads.awaitTermination(LONGEST_STORY.toSeconds(), TimeUnit.SECONDS)) {
            problems.add("Somebody waits for an answer for longer than " + LONGEST_STORY);
            threads.shutdownNow();
        }
    }

    Set<String> accepted(String what) {
        return accepted.computeIfAbsent(what, any -> ConcurrentHashMap.newKeySet());
    }

    Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>();
        accepted.forEach((what, ids) -> counts.put(what, ids.size()));
        return counts;
    }

    /** One of them. */
    private final class Mentee {

        private final Persistent person;
        private final Random random;
        private final List<Paid> paid = new ArrayList<>();

        Mentee(Persistent person, Random random) {
            this.person = person;
            this.random = random;
        }

        /** The next story; it never throws, since then no other would follow. */
        void story() {
            try {
                int dice = random.nextInt(100);
                if (paid.isEmpty() || dice < PAYS) {
                    pays();
                } else if (dice < IS_REFUNDED) {
                    isRefunded(paid.remove(random.nextInt(paid.size())));
                } else if (dice < CANCELS) {
                    cancels(paid.remove(random.nextInt(paid.size())));
                } else {
                    isPaidOut(paid.remove(random.nextInt(paid.size())));
                }
            } catch (Exception | AssertionError e) {
                problems.add("A story broke off: " + e);
            }
        }

        private void pays() {
            Coach coach = coaches.get(random.nextInt(coaches.size()));
            Instant start = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(Duration.ofHours(HOURS.addAndGet(1)));
            Reply session = made("sessions", person, "/v1/sessions",
                    Map.of("coachId", coach.id(), "startsAt", start.toString(), "durationMinutes", 60), "id");
            String path = "/v1/sessions/" + session.text("id") + "/payment";
            Reply payment = made("payments", person, path, Map.of("method", "payment_intent"), "transactionId");
            scene.pay(payment.text("clientSecret"));
            paid.add(new Paid(payment.text("transactionId"), session.text("id"), coach));
        }

        private void isRefunded(Paid what) {
            if (!isBooked(what)) {
                return;
            }
            boolean part = random.nextBoolean();
            Map<String, ?> form = part
                    ? Map.of("reason", "ill", "amount", Map.of("amount", "30.00", "currency", "USD"))
                    : Map.of("reason", "ill");
            made("refunds", what.coach().person(), "/v1/transactions/" + what.payment() + "/refunds", form, "id");
        }

        private void cancels(Paid what) {
            String path = "/v1/sessions/" + what.session() + "/cancel";
            if (!isBooked(what)) {
                return;
            }
            Reply reply = made("cancellations", person, path, Map.of(), "id");
            // A mentee who missed the answer hears that nothing is left to cancel, and looks.
            if (!reply.ok() && person.get("/v1/sessions/" + what.session()).text("status").equals("cancelled")) {
                accepted("cancellations").add(what.session());
            }
        }

        /** Moves the session into the past, and has the coach ask for a payout. */
        private void isPaidOut(Paid what) {
            if (isBooked(what)) {
                await().atMost(LONGEST_OUTAGE).ignoreExceptions().until(() -> {
                    scene.tookPlace(what.session());
                    return true;
                });
                made("payouts", what.coach().person(), "/v1/me/payouts", Map.of("method", "standard"), "id");
            }
        }

        /** Whether Stripe's event has come; otherwise the payment is for another turn. */
        private boolean isBooked(Paid what) {
            boolean booked = person.get("/v1/sessions/" + what.session()).text("status").equals("confirmed");
            if (!booked) {
                paid.add(what);
            }
            return booked;
        }

        /** Posts under a key, now and then a second time, which must get the same answer. */
        private Reply made(String what, Persistent who, String path, Map<String, ?> form, String id) {
            String key = UUID.randomUUID().toString();
            Reply reply = who.post(path, form, key);
            if (reply.ok()) {
                accepted(what).add(reply.text(id));
            } else {
                refusals.computeIfAbsent(what + " " + reply.brief(), any -> new AtomicInteger()).incrementAndGet();
            }
            if (random.nextInt(10) == 0) {
                Reply again = who.post(path, form, key);
                if (again.status() != reply.status() || !again.text(id).equals(reply.text(id))) {
                    problems.add("%s was answered %s, and under the same key %s".formatted(path, reply, again));
                }
            }
            return reply;
        }
    }
}
