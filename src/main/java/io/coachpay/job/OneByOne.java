package io.coachpay.job;

import java.util.List;
import java.util.function.Consumer;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Works through many items, and isolates failures: the others still have their turn. */
public final class OneByOne {

    private static final Logger LOG = Logger.getLogger(OneByOne.class);

    private OneByOne() {
    }

    /**
     * Works on each item, whether or not the ones before failed.
     *
     * @throws RuntimeException the first failure, after all items have had their turn, so that the run counts as failed;
     *         further failures are in the log
     */
    public static <T> void forEachIsolated(List<T> all, Consumer<? super T> doing) {
        @Nullable
        RuntimeException first = null;
        for (T one : all) {
            try {
                doing.accept(one);
            } catch (RuntimeException failure) {
                if (first == null) {
                    first = failure;
                } else {
                    LOG.errorf(failure, "%s is left for the next run", one);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
