package io.coachpay.access;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

/** Reads and writes rows by plain SQL, where they are many and no entity has to be kept in step. */
public final class Rows {

    private final DataSource database;

    public Rows(DataSource database) {
        this.database = database;
    }

    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /** Reads one row. */
    public interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /**
     * A column of many rows, as one value of a statement.
     *
     * @param type of the elements, by PostgreSQL's name
     */
    public record Column(String type, List<? extends @Nullable Object> values) {
    }

    /** All rows of a query. Question marks take the values given. */
    public <T> List<T> query(String sql, Reader<T> reader, @Nullable Object... values) {
        return on(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(connection, statement, values);
                try (ResultSet rows = statement.executeQuery()) {
                    List<T> read = new ArrayList<>();
                    while (rows.next()) {
                        read.add(reader.read(rows));
                    }
                    return read;
                }
            }
        });
    }

    /** Changes rows, and returns how many. */
    public int update(String sql, @Nullable Object... values) {
        return on(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(connection, statement, values);
                return statement.executeUpdate();
            }
        });
    }

    /** The moment in a column that is not null. */
    public static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** The moment in a column that may be null. */
    public static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private <T> T on(Work<T> work) {
        try (Connection connection = database.getConnection()) {
            return work.on(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("The database refused a statement", e);
        }
    }

    private static void bind(Connection connection, PreparedStatement statement, @Nullable Object... values)
            throws SQLException {
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            if (value instanceof Column column) {
                statement.setArray(i + 1,
                        connection.createArrayOf(column.type, column.values.stream().map(Rows::plain).toArray()));
            } else {
                statement.setObject(i + 1, plain(value));
            }
        }
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return value instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : value;
    }
}
