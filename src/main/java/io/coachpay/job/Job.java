package io.coachpay.job;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;

/**
 * One piece of recurring work. CDI collects all of them.
 * <p>
 * A job works in bounded steps, each in a transaction of its own, so that one which was killed goes on where it stopped. It
 * must bear to be run twice at once: an instance that was thought dead may wake up.
 */
public interface Job {

    /** Its name in the database and in metrics, lower case with dashes; never changed. */
    String name();

    /** When it runs, such as {@code Schedules.fixedDelay(Duration.ofMinutes(1))}. */
    Schedule schedule();

    /** Whether it also runs when the service starts, whatever its schedule says. */
    default boolean atStart() {
        return false;
    }

    /** Whether it needs Stripe, so that it stands still while Stripe refuses our key. */
    default boolean needsStripe() {
        return true;
    }

    /** Does the work, with no transaction open. What it throws is logged, and it is run again at its next turn. */
    void run();
}
