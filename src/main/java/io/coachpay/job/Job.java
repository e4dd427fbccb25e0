package io.coachpay.job;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;

/**
 * One piece of recurring work. CDI collects all of them.
 * <p>
 * A job works in bounded steps, each in a database transaction of its own, so that a killed one continues where it stopped. It
 * must bear to be run twice at once: an instance that was thought dead may wake up.
 */
public interface Job {

    /** Its name in the database and in metrics, lower case with dashes; never changed. */
    String name();

    /** The schedule, such as {@code Schedules.fixedDelay(Duration.ofMinutes(1))}. */
    Schedule schedule();

    /** Whether it also runs when the service starts, whatever its schedule says. */
    default boolean atStart() {
        return false;
    }

    /** Whether it needs Stripe, so that it does not run while Stripe refuses our key. */
    default boolean needsStripe() {
        return true;
    }

    /** Does the work, while no database transaction is open. A failure is logged, and the job runs again at its next turn. */
    void run();
}
