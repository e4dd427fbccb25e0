package io.coachpay.access;

import java.time.Instant;
import java.util.UUID;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;

/**
 * Ids of our rows: by default UUID version 7 (RFC 9562), so that rows land at the end of their index and lists page by id
 * alone.
 */
public final class Ids {

    private static final int MOST_UNDER_ONE_NAME = 0xfff;
    private static final TimeBasedEpochGenerator GENERATOR = Generators.timeBasedEpochGenerator();

    private Ids() {
    }

    /** A new id, later in order than any this process made before. */
    public static UUID next() {
        return GENERATOR.generate();
    }

    /**
     * The id of another row's so-manieth of this name: the same however often it is made up, also on a database that has
     * forgotten it, and as far down an index as its parent's. UUID version 8 (RFC 9562, section 5.8): the parent's time, the
     * number, then the hash of parent and name that version 5 has (SHA-1).
     *
     * @param number from 0 to 4095
     */
    public static UUID under(UUID parent, String name, int number) {
        if (number < 0 || number > MOST_UNDER_ONE_NAME) {
            throw new IllegalArgumentException("There are no " + number + " of one name: " + name);
        }
        long hash = Generators.nameBasedGenerator(parent).generate(name).getLeastSignificantBits();
        return new UUID(parent.getMostSignificantBits() & ~0xffffL | 0x8000L | number, hash);
    }

    /** The least id that can have been made at that millisecond: all made before are less. */
    public static UUID first(Instant at) {
        return new UUID(at.toEpochMilli() << 16 | 0x7000L, Long.MIN_VALUE);
    }
}
