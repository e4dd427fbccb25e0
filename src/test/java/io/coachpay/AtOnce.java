package io.coachpay;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The same, done by many at the same moment. */
public final class AtOnce {

    private AtOnce() {
    }

    /** What each of so many got, who all waited for each other before they began. */
    public static <T> List<T> each(int many, Supplier<T> action) {
        ExecutorService threads = Executors.newFixedThreadPool(many);
        try {
            CyclicBarrier start = new CyclicBarrier(many);
            Callable<T> one = () -> {
                start.await();
                return action.get();
            };
            return threads.invokeAll(Stream.generate(() -> one).limit(many).toList()).stream().map(AtOnce::result).toList();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static <T> T result(Future<T> done) {
        try {
            return done.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
