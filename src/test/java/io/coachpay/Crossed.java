package io.coachpay;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;

import io.coachpay.access.Access;

/** Two database transactions of the service that are open at the same moment. */
@ApplicationScoped
public class Crossed {

    private final Access access;
    private final EntityManager entities;

    Crossed(Access access, EntityManager entities) {
        this.access = access;
        this.entities = entities;
    }

    /**
     * Begins the first one, and then the second, which either ends or waits for the first; only then the first one goes on, and
     * ends. Fails where PostgreSQL ends one of them as a deadlock.
     *
     * @param last the rest of the first one
     */
    public void run(Runnable first, Runnable second, Runnable last) {
        AtomicReference<Integer> connection = new AtomicReference<>(0);
        AtomicReference<CompletableFuture<Void>> other = new AtomicReference<>();
        access.runAsService(() -> {
            work(first);
            other.set(CompletableFuture.runAsync(() -> access.runAsService(() -> {
                connection
                        .set((Integer) entities.createNativeQuery("select pg_backend_pid()", Integer.class).getSingleResult());
                work(second);
            }), work -> new Thread(work).start()));
            await().atMost(Duration.ofSeconds(30)).until(() -> other.get().isDone() || waits(connection.get()));
            work(last);
        });
        other.get().join();
    }

    private void work(Runnable work) {
        work.run();
        entities.flush();
    }

    private static boolean waits(int connection) {
        return !OwnerSql.rows("select 1 from pg_locks where pid = ? and not granted", connection).isEmpty();
    }
}
