package io.coachpay.access;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

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
     * The id of another row's nth child of this name. It is the same every time, even on a database that has lost the row, and
     * sorts beside its parent's. UUID version 8 (RFC 9562, section 5.8): the parent's time, the number, then the hash of parent
     * and name that version 5 uses (SHA-1).
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

    /** Reads an id of ours where another system carries it as text; empty for any other text, and for none. */
    public static Optional<UUID> find(@Nullable String text) {
        try {
            return text == null ? Optional.empty() : Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }

    /** The smallest id of that millisecond: all ids made before it are smaller. */
    public static UUID first(Instant at) {
        return new UUID(at.toEpochMilli() << 16 | 0x7000L, Long.MIN_VALUE);
    }
}
