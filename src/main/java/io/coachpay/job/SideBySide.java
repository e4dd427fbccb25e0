package io.coachpay.job;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Works on several items at once, since the work mostly waits for others. Failures are isolated: the other items still have
 * their turn.
 */
public final class SideBySide {

    private static final Logger LOG = Logger.getLogger(SideBySide.class);

    private SideBySide() {
    }

    /**
     * Works on each item, in this order, until one says that the rest is useless. Items that have begun still end.
     *
     * @param atOnce number of threads, this one included
     * @param doing runs in the background; false when something it needs is away, for the other items too
     * @throws RuntimeException the first failure, after all items have had their turn; further failures are in the log
     */
    public static <T> void run(List<T> all, int atOnce, Predicate<? super T> doing) {
        Work<T> work = new Work<>(all, doing);
        List<Thread> helpers = new ArrayList<>();
        for (int i = 1; i < Math.min(atOnce, all.size()); i++) {
            Thread helper = new Thread(work, Thread.currentThread().getName() + "-" + i);
            helpers.add(helper);
            helper.start();
        }
        work.run();
        helpers.forEach(work::await);
        RuntimeException failed = work.first.get();
        if (failed != null) {
            throw failed;
        }
    }

    private record Work<T>(List<T> all, Predicate<? super T> doing, AtomicInteger next, AtomicBoolean goesOn,
            AtomicReference<@Nullable RuntimeException> first) implements Runnable {

        Work(List<T> all, Predicate<? super T> doing) {
            this(all, doing, new AtomicInteger(), new AtomicBoolean(true), new AtomicReference<>());
        }

        @Override
        public void run() {
            Background.run(() -> {
                for (int i = next.getAndIncrement(); i < all.size() && goesOn.get(); i = next.getAndIncrement()) {
                    one(all.get(i));
                }
            });
        }

        private void one(T one) {
            try {
                if (!doing.test(one)) {
                    goesOn.set(false);
                }
            } catch (RuntimeException failure) {
                if (!first.compareAndSet(null, failure)) {
                    LOG.errorf(failure, "%s is left for the next run", one);
                }
            }
        }

        /** An interrupted thread interrupts the helpers and does not wait for them. */
        private void await(Thread helper) {
            try {
                helper.join();
            } catch (InterruptedException stopped) {
                goesOn.set(false);
                helper.interrupt();
                Thread.currentThread().interrupt();
            }
        }
    }
}
