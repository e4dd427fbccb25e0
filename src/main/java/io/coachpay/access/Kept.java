package io.coachpay.access;

import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * A value that many read at the same moment, such as the gauges of a scrape: read in one database transaction of the service,
 * and cached for a few seconds.
 */
public final class Kept<T> {

    private static final Duration FOR = Duration.ofSeconds(10);

    private final Access access;
    private final Supplier<T> reading;
    private final BiConsumer<T, T> told;
    private T value;
    private long readAt = System.nanoTime() - FOR.toNanos();

    /**
     * @param none the value before the first reading
     * @param reading joins the database transaction
     * @param told receives the value before and the new one after each reading
     */
    public Kept(Access access, T none, Supplier<T> reading, BiConsumer<T, T> told) {
        this.access = access;
        this.value = none;
        this.reading = reading;
        this.told = told;
    }

    /** The value, at most a few seconds old. */
    public synchronized T value() {
        if (System.nanoTime() - readAt >= FOR.toNanos()) {
            T before = value;
            value = access.asService(reading::get);
            told.accept(before, value);
            readAt = System.nanoTime();
        }
        return value;
    }
}
