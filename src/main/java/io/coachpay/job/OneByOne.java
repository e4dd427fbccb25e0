package io.coachpay.job;

import java.util.List;
import java.util.function.Consumer;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Work on many things, in which one that goes wrong does not keep the others from their turn. */
public final class OneByOne {

    private static final Logger LOG = Logger.getLogger(OneByOne.class);

    private OneByOne() {
    }

    /**
     * Does it for each, whatever comes of the ones before.
     *
     * @throws RuntimeException what went wrong first, when all have had their turn, so that the run counts as failed; what went
     *         wrong with others is in the log
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
