package io.coachpay.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** Plain SQL in few words. Question marks take the values given. */
final class Sql {

    private Sql() {
    }

    /** The first column of every row, as text. */
    static List<String> column(Connection connection, String query, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(connection, query, values); ResultSet rows = statement.executeQuery()) {
            List<String> column = new ArrayList<>();
            while (rows.next()) {
                column.add(rows.getString(1));
            }
            return column;
        }
    }

    /** The only value of the only row. */
    static String value(Connection connection, String query, @Nullable Object... values) throws SQLException {
        List<String> found = column(connection, query, values);
        if (found.size() != 1) {
            throw new SQLException("Expected one row, found " + found.size());
        }
        return found.get(0);
    }

    /** Runs a statement and returns how many rows it changed. */
    static int run(Connection connection, String statement, @Nullable Object... values) throws SQLException {
        try (PreparedStatement prepared = prepare(connection, statement, values)) {
            return prepared.execute() ? 0 : prepared.getUpdateCount();
        }
    }

    /** Queries in a database transaction of its own, as this caller. */
    static List<String> column(Caller caller, String query, @Nullable Object... values) throws SQLException {
        return Database.as(caller, connection -> column(connection, query, values));
    }

    /** Queries one value in a database transaction of its own, as this caller. */
    static String value(Caller caller, String query, @Nullable Object... values) throws SQLException {
        return Database.as(caller, connection -> value(connection, query, values));
    }

    /** Runs a statement as the schema's owner, who may change columns that are frozen for the service. */
    static int runAsOwner(String statement, @Nullable Object... values) throws SQLException {
        try (Connection owner = Database.owner()) {
            return run(owner, statement, values);
        }
    }

    /** Runs a statement in a database transaction of its own, as this caller. */
    static int run(Caller caller, String statement, @Nullable Object... values) throws SQLException {
        return Database.as(caller, connection -> run(connection, statement, values));
    }

    private static PreparedStatement prepare(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }
}
