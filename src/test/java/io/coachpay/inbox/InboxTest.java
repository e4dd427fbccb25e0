package io.coachpay.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import javax.sql.DataSource;

import jakarta.inject.Inject;

import org.jboss.logging.MDC;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

import io.coachpay.ServiceTest;
import io.coachpay.job.Background;
import io.coachpay.stripe.SomeRefusal;

@ServiceTest
class InboxTest {

    @Inject
    StoredEvents stored;
    @Inject
    EventClaims claims;
    @Inject
    EventProcessing attempts;
    @Inject
    BunchProcessing bunches;
    @Inject
    SeriesProcessing series;
    @Inject
    InboxMetrics metrics;
    @Inject
    InboxSettings settings;
    @Inject
    DataSource database;
    @Inject
    @io.quarkus.agroal.DataSource("service")
    DataSource service;
    @Inject
    Clock clock;

    @Test
    void triesAgainWhatFailed() {
        Delivery event = Delivery.of(Notes.CREATED);
        AtomicInteger calls = new AtomicInteger();
        Notes.whileApplying(event.objectId(), () -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("cannot write to alice@example.com with whsec_abc");
            }
        });

        event.post();

        StoredEvents.Stored failed = stored.awaitStatus(event.eventId(), "failed");
        assertThat(failed.attempts()).isOne();
        assertThat(failed.error()).isEqualTo("IllegalStateException: cannot write to … with …");
        assertThat(stored.wrote(event.objectId())).isFalse();
        StoredEvents.Stored processed = stored.awaitStatus(event.eventId(), "processed");
        assertThat(processed.attempts()).isEqualTo(2);
        assertThat(processed.error()).isNull();
        assertThat(stored.wrote(event.objectId())).isTrue();
    }

    @Test
    void namesTheEventInEachLineThatIsLoggedMeanwhile() {
        Delivery event = Delivery.of(Notes.CREATED);
        AtomicReference<Object> logged = new AtomicReference<>();
        Notes.whileApplying(event.objectId(), () -> logged.set(MDC.get("event")));

        event.post();

        stored.awaitStatus(event.eventId(), "processed");
        assertThat(logged).hasValue(event.eventId());
    }

    @Test
    void givesUpAfterTheLastAttempt() {
        Delivery event = Delivery.of(Notes.CREATED);
        Notes.whileApplying(event.objectId(), () -> {
            throw new IllegalStateException("never");
        });

        event.post();
        stored.awaitStatus(event.eventId(), "failed");
        stored.setAttempts(event.eventId(), settings.attempts() - 1);
        stored.makeDue(event.eventId());

        StoredEvents.Stored dead = stored.awaitStatus(event.eventId(), "dead");
        assertThat(dead.attempts()).isEqualTo(settings.attempts());
        assertThat(dead.error()).isEqualTo("IllegalStateException: never");
    }

    @Test
    void goesOnAfterAnError() {
        AtomicInteger looks = new AtomicInteger();
        EventClaims breaking = new EventClaims(new PGSimpleDataSource(), new PGSimpleDataSource(), Clock.systemUTC()) {
            @Override
            List<Claimed> take(Lane lane, int atMost, Duration lease) {
                if (looks.incrementAndGet() == 1) {
                    throw new OutOfMemoryError("as it might be");
                }
                return List.of();
            }
        };
        InboxWorker worker = new InboxWorker(breaking, attempts, bunches, series, new HandOver(settings), new InboxSignal(),
                metrics, settings);

        worker.start();

        await().atMost(Duration.ofSeconds(10)).until(() -> looks.get() > 2);
        worker.stop();
    }

    @Test
    void waitsAsLongAsStripeSays() {
        Delivery event = Delivery.of(Notes.CREATED);
        Notes.whileLooking(event.objectId(), () -> {
            throw SomeRefusal.rateLimited(Duration.ofSeconds(50));
        });

        event.post();

        assertThat(stored.awaitPause(event.eventId())).isBetween(Duration.ofSeconds(45), Duration.ofSeconds(60));
    }

    @Test
    void appliesAChildOnceItsParentHasCome() {
        Delivery parent = Delivery.of(Notes.PARENT);
        Delivery child = Delivery.of(Notes.CHILD, ",\"parent\":\"" + parent.objectId() + "\"");

        child.post();
        stored.awaitStatus(child.eventId(), "failed");
        parent.post();

        stored.awaitStatus(child.eventId(), "processed");
        assertThat(stored.wrote(child.objectId())).isTrue();
    }

    @Test
    void ignoresWhatNobodyKnowsAfterAnHour() {
        Delivery foreign = Delivery.of(Notes.CHILD, ",\"parent\":\"nobody\"");
        Delivery ours = Delivery.of(Notes.CHILD, ",\"parent\":\"nobody\",\"metadata\":{\"coachpay_id\":\"1\"}");

        for (Delivery event : List.of(foreign, ours)) {
            event.post();
            stored.awaitStatus(event.eventId(), "failed");
            stored.age(event.eventId(), Duration.ofMinutes(61));
            stored.makeDue(event.eventId());
        }

        assertThat(stored.awaitStatus(foreign.eventId(), "ignored").error()).startsWith("Foreign: ");
        await().until(() -> stored.get(ours.eventId()).attempts() > 1);
        stored.awaitStatus(ours.eventId(), "failed");
    }

    @Test
    void looksAgainHoweverOldAnEventIs() {
        Delivery event = Delivery.of(Notes.CREATED);
        AtomicInteger calls = new AtomicInteger();
        Notes.whileApplying(event.objectId(), () -> {
            if (calls.incrementAndGet() < 3) {
                throw new Undecided(event.objectId());
            }
        });

        event.post();
        for (int attempt = 1; attempt < 3; attempt++) {
            int before = attempt;
            await().until(() -> calls.get() == before);
            stored.awaitStatus(event.eventId(), "failed");
            stored.age(event.eventId(), Duration.ofMinutes(61));
            stored.makeDue(event.eventId());
        }

        stored.awaitStatus(event.eventId(), "processed");
        assertThat(calls).hasValue(3);
    }

    @Test
    void appliesAllHandlersOrNone() {
        Delivery event = Delivery.of(Notes.SHARED);
        AtomicInteger calls = new AtomicInteger();
        Notes.whileApplying(event.objectId() + ":second", () -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("the second one fails");
            }
        });

        event.post();

        stored.awaitStatus(event.eventId(), "failed");
        assertThat(stored.wrote(event.objectId())).isFalse();
        assertThat(stored.wrote(event.objectId() + ":second")).isFalse();
        stored.awaitStatus(event.eventId(), "processed");
        assertThat(stored.wrote(event.objectId())).isTrue();
        assertThat(stored.wrote(event.objectId() + ":second")).isTrue();
    }

    @Test
    void appliesAgainAtOnceAfterAConflict() {
        Delivery event = Delivery.of(Notes.CREATED);
        AtomicInteger calls = new AtomicInteger();
        Notes.whileApplying(event.objectId(), () -> {
            if (calls.incrementAndGet() <= 2) {
                throw new IllegalStateException(new SQLException("deadlock detected", "40P01"));
            }
        });

        event.post();

        assertThat(stored.awaitStatus(event.eventId(), "processed").attempts()).isOne();
        assertThat(calls).hasValue(3);
    }

    @Test
    void leavesAnEventToWhoeverClaimedItLater() throws Exception {
        Delivery event = Delivery.of(Notes.CREATED);
        CountDownLatch firstLooks = new CountDownLatch(1);
        CountDownLatch firstGoesOn = new CountDownLatch(1);
        AtomicInteger looks = new AtomicInteger();
        Notes.whileLooking(event.objectId(), () -> {
            if (looks.incrementAndGet() == 1) {
                firstLooks.countDown();
                pass(firstGoesOn);
            }
        });

        event.post();
        pass(firstLooks);
        stored.makeDue(event.eventId());
        stored.awaitStatus(event.eventId(), "processed");
        firstGoesOn.countDown();

        await().during(Duration.ofMillis(300)).until(() -> Notes.applied(event.objectId()) == 1);
        assertThat(stored.get(event.eventId()).attempts()).isEqualTo(2);
        assertThat(stored.get(event.eventId()).status()).isEqualTo("processed");
    }

    @Test
    void appliesEachEventOnceWithSeveralWorkers() {
        InboxWorker second = new InboxWorker(claims, attempts, bunches, series, new HandOver(settings), new InboxSignal(),
                metrics, settings);
        InboxWorker third = new InboxWorker(claims, attempts, bunches, series, new HandOver(settings), new InboxSignal(),
                metrics, settings);
        List<Delivery> events = Stream.generate(() -> Delivery.of(Notes.CREATED)).limit(150).toList();

        second.start();
        third.start();
        try {
            events.parallelStream().forEach(Delivery::post);

            for (Delivery event : events) {
                assertThat(stored.awaitStatus(event.eventId(), "processed").attempts()).isOne();
                assertThat(Notes.applied(event.objectId())).isOne();
            }
        } finally {
            second.stop();
            third.stop();
        }
    }

    @Test
    void givesAnEventBackUntried() {
        Delivery event = Delivery.of(Notes.CREATED);
        AtomicInteger calls = new AtomicInteger();
        Notes.whileApplying(event.objectId(), () -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("fails once");
            }
        });
        event.post();
        stored.awaitStatus(event.eventId(), "failed");
        UUID id = stored.leaseForLong(event.eventId(), 7);

        claims.release(claimed(id, event, 6, clock.instant()));
        assertThat(stored.get(event.eventId()).attempts()).as("another one's claim is not given back").isEqualTo(7);
        claims.release(claimed(id, event, 7, clock.instant()));

        assertThat(stored.awaitStatus(event.eventId(), "processed").attempts()).isEqualTo(7);
    }

    @Test
    void beginsNothingWhoseLeaseHasPassed() {
        Delivery event = Delivery.of(Notes.CREATED);
        AtomicInteger calls = new AtomicInteger();
        Notes.whileLooking(event.objectId(), () -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("fails once");
            }
        });
        event.post();
        stored.awaitStatus(event.eventId(), "failed");
        UUID id = stored.leaseForLong(event.eventId(), 7);

        // Another worker has claimed it since: there is nothing to give back.
        attempts.make(claimed(id, event, 6, clock.instant()));
        assertThat(stored.get(event.eventId()).attempts()).isEqualTo(7);
        assertThat(calls).hasValue(1);
        attempts.make(claimed(id, event, 7, clock.instant()));

        assertThat(stored.awaitStatus(event.eventId(), "processed").attempts()).as("the claim that lapsed counts for none")
                .isEqualTo(7);
        assertThat(calls).hasValue(2);
    }

    @Test
    void claimsNoMoreToFetchThanItHasThreadsFor() throws Exception {
        List<Integer> asked = new CopyOnWriteArrayList<>();
        EventClaims none = new EventClaims(database, service, clock) {
            @Override
            List<Claimed> take(Lane lane, int atMost, Duration lease) {
                if (lane == Lane.FETCHING) {
                    assertThat(lease).isGreaterThanOrEqualTo(settings.fetchingLease());
                    asked.add(atMost);
                }
                return List.of();
            }
        };
        InboxWorker worker = new InboxWorker(none, attempts, bunches, series, new HandOver(settings), new InboxSignal(),
                metrics, settings);

        worker.start();
        try {
            await().until(() -> !asked.isEmpty());
        } finally {
            worker.stop();
        }

        assertThat(asked).allMatch(room -> room <= settings.fetchingThreads());
    }

    @Test
    void handsOnWhatHasToLookAtStripe() {
        Delivery event = Delivery.of(Notes.FETCHING);
        List<String> threads = new CopyOnWriteArrayList<>();
        Notes.whileLooking(event.objectId(), () -> threads.add(Thread.currentThread().getName().replaceAll("-\\d+$", "")));

        event.post();

        assertThat(stored.awaitStatus(event.eventId(), "processed").attempts()).isOne();
        assertThat(threads).containsExactly("inbox-quick", "inbox-fetching");
    }

    private static Claimed claimed(UUID id, Delivery event, int attempt, Instant until) {
        return new Claimed(id, event.eventId(), null, Endpoint.PLATFORM, Notes.CREATED, null, until, false,
                new Payload(event.body()), until,
                attempt, Lane.QUICK, until);
    }

    @Test
    void worksInTheBackground() {
        Delivery event = Delivery.of(Notes.CREATED);
        AtomicBoolean marked = new AtomicBoolean();
        Notes.whileLooking(event.objectId(), () -> marked.set(Background.isOn()));

        event.post();

        stored.awaitStatus(event.eventId(), "processed");
        assertThat(marked).isTrue();
    }

    private static void pass(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
