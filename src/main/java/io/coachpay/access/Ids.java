package io.coachpay.access;

import java.time.Instant;
import java.util.UUID;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;

/**
 * Ids of our rows: UUID version 7 (RFC 9562), so that rows land at the end of their index and lists page by id alone.
 */
public final class Ids {

    private static final TimeBasedEpochGenerator GENERATOR = Generators.timeBasedEpochGenerator();

    private Ids() {
    }

    /** A new id, later in order than any this process made before. */
    public static UUID next() {
        return GENERATOR.generate();
    }

    /** The least id that can have been made at that millisecond: all made before are less. */
    public static UUID first(Instant at) {
        return new UUID(at.toEpochMilli() << 16 | 0x7000L, Long.MIN_VALUE);
    }
}
