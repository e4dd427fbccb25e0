package io.coachpay.job;

import org.jboss.logging.MDC;

import io.coachpay.access.Leftovers;

/**
 * Marks the threads of background work: a job's, or one that applies events. Callers that wait for an answer take precedence
 * where something is scarce. The mark does not follow work that is handed to other threads.
 */
public final class Background {

    private static final ThreadLocal<Boolean> ON = ThreadLocal.withInitial(() -> false);

    private Background() {
    }

    /** Does the work with the mark on, on a thread that carries nothing from earlier work, and leaves the thread as it was. */
    public static void run(Runnable work) {
        boolean before = ON.get();
        if (!before) {
            Leftovers.rollBack();
        }
        ON.set(true);
        try {
            work.run();
        } finally {
            ON.set(before);
        }
    }

    /**
     * Does the work with the mark on, and with an id in each line that is logged meanwhile.
     *
     * @param what the kind of id: {@code job} or {@code event}
     */
    public static void run(String what, String id, Runnable work) {
        Object before = MDC.get(what);
        MDC.put(what, id);
        try {
            run(work);
        } finally {
            if (before == null) {
                MDC.remove(what);
            } else {
                MDC.put(what, before);
            }
        }
    }

    /** Whether this thread works in the background. */
    public static boolean isOn() {
        return ON.get();
    }
}
