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
 * Work on many things, several at once, for it mostly waits for others. One that goes wrong does not keep the others from their
 * turn.
 */
public final class SideBySide {

    private static final Logger LOG = Logger.getLogger(SideBySide.class);

    private SideBySide() {
    }

    /**
     * Does it for each, in this order, until one says that there is no use in going on. Those that have begun end all the same.
     *
     * @param atOnce how many threads work, of which this is one
     * @param doing in the background; false when what it needs is away, for the others too
     * @throws RuntimeException what went wrong first, when all have had their turn; what went wrong with others is in the log
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

        /** Who is told to stop tells the others, and waits for nobody. */
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
