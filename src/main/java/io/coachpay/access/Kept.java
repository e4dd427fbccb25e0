package io.coachpay.access;

import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * What many ask for at the same moment, such as the gauges of a scrape: read in one transaction of the service, and kept for a
 * few seconds.
 */
public final class Kept<T> {

    private static final Duration FOR = Duration.ofSeconds(10);

    private final Access access;
    private final Supplier<T> reading;
    private final BiConsumer<T, T> told;
    private T value;
    private long readAt = System.nanoTime() - FOR.toNanos();

    /**
     * @param none until it is read for the first time
     * @param reading joins a transaction
     * @param told what it was and what it is, each time it was read
     */
    public Kept(Access access, T none, Supplier<T> reading, BiConsumer<T, T> told) {
        this.access = access;
        this.value = none;
        this.reading = reading;
        this.told = told;
    }

    /** What it is, or was a few seconds ago. */
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
