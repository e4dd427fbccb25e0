package io.coachpay.job;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;

/**
 * The state of one list of one account.
 *
 * @param listedUntil everything before has been listed; null before the first listing has ended
 * @param resumeAfter the last object of a listing that was cut off; null for the beginning
 * @param listingFrom when the listing under way began, which is the next {@code listedUntil}; null when none is
 * @param typesLeft the types of events still to list; null when none is under way, and for other lists
 * @param movedAt when the newest object appeared, or the account's books moved; null for never
 * @param lines how many entries the ledger had about the account at the last listing; null before, and where nobody counts
 * @param failures in a row, without those that are not the account's fault
 * @param failure why the last listing stopped; null when it did not
 */
public record Cursor(@Nullable Instant listedUntil, @Nullable String resumeAfter, @Nullable Instant listingFrom,
        @Nullable List<String> typesLeft, @Nullable Instant movedAt, @Nullable Long lines, int failures,
        @Nullable String failure) {

    static Cursor read(ResultSet row) throws SQLException {
        Array left = row.getArray("types_left");
        return new Cursor(Rows.instantOrNull(row, "listed_until"), row.getString("resume_after"),
                Rows.instantOrNull(row, "listing_from"), left == null ? null : List.of((String[]) left.getArray()),
                Rows.instantOrNull(row, "moved_at"), row.getObject("lines", Long.class), row.getInt("failures"),
                row.getString("failure"));
    }
}
