package io.coachpay.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows on their way into one table, in PostgreSQL's binary format, which neither side has to parse. The fields of a row are
 * given in the order of the columns.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">PostgreSQL: COPY</a>
 */
final class Copy {

    private static final byte[] SIGNATURE = { 'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0 };
    private static final int BUFFER = 256 * 1024;
    private static final int LARGEST_ROW = 8 * 1024;
    /** PostgreSQL counts from 2000 on. */
    private static final long EPOCH_MILLIS = 946_684_800_000L;
    private static final long EPOCH_DAY = EPOCH_MILLIS / 86_400_000L;
    private static final int GROUP = 10_000;
    private static final int FRACTION_DIGITS = 4;

    private final CopyIn copy;
    private final int columns;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private int fields;
    private long rows;

    /** @param columns separated by commas */
    Copy(Connection connection, String table, String columns) throws SQLException {
        this.columns = columns.split(",").length;
        this.copy = connection.unwrap(PGConnection.class).getCopyAPI()
                .copyIn("copy " + table + " (" + columns + ") from stdin (format binary)");
        buffer.put(SIGNATURE).putInt(0).putInt(0);
    }

    Copy uuid(UUID value) {
        begin(2 * Long.BYTES).putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
        return this;
    }

    Copy text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        begin(bytes.length).put(bytes);
        return this;
    }

    Copy flag(boolean value) {
        begin(1).put((byte) (value ? 1 : 0));
        return this;
    }

    Copy number(long value) {
        begin(Long.BYTES).putLong(value);
        return this;
    }

    /** @param epochMillis as Java counts time */
    Copy time(long epochMillis) {
        begin(Long.BYTES).putLong((epochMillis - EPOCH_MILLIS) * 1000);
        return this;
    }

    /** @param epochDay as Java counts days */
    Copy day(long epochDay) {
        begin(Integer.BYTES).putInt((int) (epochDay - EPOCH_DAY));
        return this;
    }

    /** @param minor number of the smallest units, of which a whole has 10 to the power of {@code digits} */
    Copy amount(long minor, int digits) {
        long rest = Math.abs(minor);
        for (int i = digits; i < FRACTION_DIGITS; i++) {
            rest *= 10;
        }
        int groups = 0;
        for (long left = rest; left > 0; left /= GROUP) {
            groups++;
        }
        begin((4 + groups) * Short.BYTES).putShort((short) groups).putShort((short) (groups - 2))
                .putShort((short) (minor < 0 ? 0x4000 : 0)).putShort((short) FRACTION_DIGITS);
        int end = buffer.position() + groups * Short.BYTES;
        for (int at = end - Short.BYTES; rest > 0; at -= Short.BYTES, rest /= GROUP) {
            buffer.putShort(at, (short) (rest % GROUP));
        }
        buffer.position(end);
        return this;
    }

    /** A list of texts of one element. */
    Copy texts(String only) {
        byte[] bytes = only.getBytes(StandardCharsets.UTF_8);
        int typeOfText = 25;
        begin(6 * Integer.BYTES + bytes.length).putInt(1).putInt(0).putInt(typeOfText).putInt(1).putInt(1)
                .putInt(bytes.length).put(bytes);
        return this;
    }

    Copy nothing() {
        begin(-1);
        return this;
    }

    Copy uuidOrNothing(@Nullable UUID value) {
        return value == null ? nothing() : uuid(value);
    }

    Copy textIf(boolean there, String value) {
        return there ? text(value) : nothing();
    }

    Copy timeIf(boolean there, long epochMillis) {
        return there ? time(epochMillis) : nothing();
    }

    /** The row is complete. */
    void end() throws SQLException {
        if (fields != columns) {
            throw new IllegalStateException("A row of " + fields + " fields for " + columns + " columns");
        }
        fields = 0;
        rows++;
        if (buffer.remaining() < LARGEST_ROW) {
            flush();
        }
    }

    /** Waits until the table has taken all rows, and returns how many. */
    long close() throws SQLException {
        buffer.putShort((short) -1);
        flush();
        long taken = copy.endCopy();
        if (taken != rows) {
            throw new IllegalStateException("Of " + rows + " rows, " + taken + " were taken");
        }
        return taken;
    }

    private ByteBuffer begin(int length) {
        if (fields++ == 0) {
            buffer.putShort((short) columns);
        }
        return buffer.putInt(length);
    }

    private void flush() throws SQLException {
        copy.writeToCopy(buffer.array(), 0, buffer.position());
        buffer.clear();
    }
}
