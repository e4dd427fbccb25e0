package io.coachpay.reconciliation;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * The progress of the comparison of all books, which runs share: it finds changes that nobody should have made, within a week.
 *
 * @param began null before the first
 * @param part null when it is over
 * @param after the last compared object of that part
 */
record Sweep(@Nullable Instant began, @Nullable Part part, String after) {

    private static final Duration WEEKLY = Duration.ofDays(7);

    /** The parts of a sweep, in their order. */
    enum Part {
        JOURNALS("00000000-0000-0000-0000-000000000000"),
        BALANCES("00000000-0000-0000-0000-000000000000"),
        DAYS("0001-01-01"),
        COACHES("00000000-0000-0000-0000-000000000000");

        private final String first;

        Part(String first) {
            this.first = first;
        }
    }

    static final Sweep NONE = new Sweep(null, null, "");

    /** Reads a sweep from a run's row. */
    static Sweep of(@Nullable Instant began, @Nullable String at) {
        if (at == null) {
            return new Sweep(began, null, "");
        }
        int space = at.indexOf(' ');
        return new Sweep(began, Part.valueOf(at.substring(0, space)), at.substring(space + 1));
    }

    @Nullable
    String column() {
        return part == null ? null : part + " " + after;
    }

    /** The one under way, or another one a week after the last began. */
    Sweep due(Instant now) {
        boolean again = part == null && (began == null || !began.plus(WEEKLY).isAfter(now));
        return again ? new Sweep(now, Part.JOURNALS, Part.JOURNALS.first) : this;
    }

    Sweep after(String last) {
        return new Sweep(began, part, last);
    }

    Sweep nextPart() {
        Part[] parts = Part.values();
        int next = part == null ? parts.length : part.ordinal() + 1;
        return next == parts.length ? new Sweep(began, null, "") : new Sweep(began, parts[next], parts[next].first);
    }

    UUID id() {
        return UUID.fromString(after);
    }

    LocalDate day() {
        return LocalDate.parse(after);
    }
}
