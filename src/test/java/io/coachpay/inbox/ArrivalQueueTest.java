package io.coachpay.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

import io.coachpay.ServiceTest;
import io.coachpay.access.Ids;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;

@ServiceTest
class ArrivalQueueTest {

    @Inject
    Arrivals arrivals;
    @Inject
    InboxMetrics metrics;
    @Inject
    InboxSettings settings;
    @Inject
    StoredEvents stored;

    @Test
    void storesTheOthersWhenOneIsRefused() throws Exception {
        ArrivalQueue queue = new ArrivalQueue(arrivals, settings);
        List<String> ids = IntStream.range(0, 10).mapToObj(i -> "evt_" + UUID.randomUUID().toString().replace("-", ""))
                .toList();

        // All wait before the first writer starts, so one statement stores them.
        List<CompletableFuture<Boolean>> good = ids.stream().map(id -> queue.add(arrival(id)).toCompletableFuture()).toList();
        CompletableFuture<Boolean> bad = queue.add(arrival("refused by the table's check")).toCompletableFuture();
        queue.start(new StartupEvent());

        for (CompletableFuture<Boolean> one : good) {
            assertThat(one.get(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThatThrownBy(() -> bad.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(InboxUnavailable.class);
        assertThat(ids).allSatisfy(id -> assertThat(stored.all(id)).hasSize(1));
        queue.stop(new ShutdownEvent());
    }

    @Test
    void tellsNewEventsFromDuplicatesInOneBatch() throws Exception {
        ArrivalQueue queue = new ArrivalQueue(arrivals, settings);
        String id = "evt_" + UUID.randomUUID().toString().replace("-", "");

        List<CompletableFuture<Boolean>> twice = List.of(queue.add(arrival(id)).toCompletableFuture(),
                queue.add(arrival(id)).toCompletableFuture());
        queue.start(new StartupEvent());

        assertThat(List.of(twice.get(0).get(10, TimeUnit.SECONDS), twice.get(1).get(10, TimeUnit.SECONDS)))
                .containsExactlyInAnyOrder(true, false);
        assertThat(stored.all(id)).hasSize(1);
        queue.stop(new ShutdownEvent());
    }

    @Test
    void refusesWhatItHasNoRoomFor() {
        ArrivalQueue idle = new ArrivalQueue(arrivals, settings);

        IntStream.range(0, settings.arrivalsWaiting()).forEach(i -> idle.add(arrival("evt_" + i)));
        CompletableFuture<Boolean> tooMany = idle.add(arrival("evt_last")).toCompletableFuture();

        assertThatThrownBy(tooMany::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(InboxUnavailable.class);
        idle.stop(new ShutdownEvent());
    }

    @Test
    void answersThatItIsUnavailableWithoutADatabase() {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setServerNames(new String[] { "127.0.0.1" });
        nowhere.setPortNumbers(new int[] { 1 });
        ArrivalQueue queue = new ArrivalQueue(new Arrivals(nowhere, metrics, new InboxSignal(), new HandOver(settings)),
                settings);
        queue.start(new StartupEvent());

        CompletableFuture<Boolean> answer = queue.add(arrival("evt_1")).toCompletableFuture();

        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(InboxUnavailable.class);
        queue.stop(new ShutdownEvent());
    }

    @Test
    void goesOnAfterAnError() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        Arrivals breaking = new Arrivals(new PGSimpleDataSource(), metrics, new InboxSignal(), new HandOver(settings)) {
            @Override
            Set<UUID> store(List<Arrival> some) throws SQLException {
                if (broken.get()) {
                    throw new OutOfMemoryError("as it might be");
                }
                return arrivals.store(some);
            }
        };
        ArrivalQueue queue = new ArrivalQueue(breaking, settings);
        queue.start(new StartupEvent());
        String id = "evt_" + UUID.randomUUID().toString().replace("-", "");

        for (int i = 0; i < 2 * settings.writers(); i++) {
            CompletableFuture<Boolean> answer = queue.add(arrival(id)).toCompletableFuture();
            assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(InboxUnavailable.class);
        }
        broken.set(false);

        assertThat(queue.add(arrival(id)).toCompletableFuture().get(10, TimeUnit.SECONDS)).isTrue();
        queue.stop(new ShutdownEvent());
    }

    private static Arrival arrival(String eventId) {
        Envelope envelope = new Envelope(eventId, "test.nobody.cares", null, null, Instant.now(), false, false);
        return new Arrival(Ids.next(), Endpoint.PLATFORM, envelope, "{\"data\":{}}", Instant.now(), false);
    }
}
