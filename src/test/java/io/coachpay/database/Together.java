package io.coachpay.database;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Concurrent attempts. */
final class Together {

    private Together() {
    }

    /** Lets so many threads attempt the same and returns the refusals of those that failed. */
    static List<Throwable> attempt(int threads, Callable<?> attempt) throws Exception {
        var pool = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch ready = new CountDownLatch(threads);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(pool.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return attempt.call();
                }));
            }
            List<Throwable> refusals = new ArrayList<>();
            for (Future<?> one : all) {
                try {
                    one.get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof SQLException)) {
                        throw e;
                    }
                    refusals.add(e.getCause());
                }
            }
            return refusals;
        } finally {
            pool.shutdownNow();
        }
    }
}
