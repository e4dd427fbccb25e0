package io.coachpay;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The same thing done many times at the same moment. */
public final class AtOnce {

    private AtOnce() {
    }

    /** Runs it on as many threads as times, all started together; returns their results. */
    public static <T> List<T> times(int times, Callable<T> work) {
        return all(Collections.nCopies(times, work));
    }

    /** Runs each of them on a thread of its own, all started together; returns their results, in their order. */
    public static <T> List<T> all(List<? extends Callable<T>> works) {
        ExecutorService threads = Executors.newFixedThreadPool(works.size());
        CountDownLatch ready = new CountDownLatch(works.size());
        try {
            List<Future<T>> runs = new ArrayList<>();
            for (Callable<T> work : works) {
                runs.add(threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return work.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> run : runs) {
                results.add(run.get());
            }
            return results;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            threads.shutdownNow();
        }
    }
}
