package io.coachpay.http;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

import jakarta.ws.rs.QueryParam;

import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * The part of a list that is asked for: {@code ?limit=} (1 to 100) and {@code &after=}, the cursor that the page before gave.
 */
public class Paging {

    /** Rows that a page may have. */
    public static final int LARGEST_PAGE = 100;

    /** Later than every version 7 id: the cursor of the first page. */
    private static final UUID NEWEST = new UUID(-1L, -1L);

    /** The limit when the caller gives none. */
    private static final int USUAL_PAGE = 20;

    // A text, since the framework would answer 404 to a malformed number.
    @QueryParam("limit")
    @Parameter(description = "The most rows to return", schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "100", defaultValue = "20"))
    @Nullable
    String limit;

    @QueryParam("after")
    @Parameter(description = "The `next` of the page before")
    @Nullable
    String after;

    /**
     * The most rows of the page.
     *
     * @throws InvalidField for anything but a number from 1 to {@value #LARGEST_PAGE}
     */
    public int limit() {
        if (limit == null) {
            return USUAL_PAGE;
        }
        try {
            int asked = Integer.parseInt(limit);
            if (asked >= 1 && asked <= LARGEST_PAGE) {
                return asked;
            }
        } catch (NumberFormatException e) {
            throw new InvalidField("limit", "must be a number");
        }
        throw new InvalidField("limit", "must be from 1 to " + LARGEST_PAGE);
    }

    /**
     * Only rows with a smaller id belong to this page.
     *
     * @throws InvalidField for a cursor that no page gave
     */
    public UUID before() {
        if (after == null) {
            return NEWEST;
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(after));
            if (bytes.remaining() != 2 * Long.BYTES) {
                throw new InvalidField("after", "is not a cursor of this list");
            }
            return new UUID(bytes.getLong(), bytes.getLong());
        } catch (IllegalArgumentException e) {
            throw new InvalidField("after", "is not a cursor of this list");
        }
    }

    /** Whether this page follows another. */
    public boolean continues() {
        return after != null;
    }

    /** The cursor that {@code next} holds, to come back as {@link #before}. */
    public static String cursorOf(UUID id) {
        byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES).putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
