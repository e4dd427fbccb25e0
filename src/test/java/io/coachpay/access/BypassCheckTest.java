package io.coachpay.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

import io.coachpay.database.Database;
import io.quarkus.runtime.StartupEvent;

/** The service starts as a role that row level security binds, and as no other. */
class BypassCheckTest {

    @Test
    void startsAsTheApplication() {
        assertThatCode(() -> start("coachpay_app", "coachpay_app")).doesNotThrowAnyException();
    }

    @Test
    void refusesASuperuser() {
        assertThatThrownBy(() -> start("postgres", "")).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'postgres'").hasMessageContaining("is a superuser").hasMessageContaining("coachpay_app");
    }

    @Test
    void refusesTheOwnerOfTheTables() {
        assertThatThrownBy(() -> start("coachpay_owner", "coachpay_owner")).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("owns tables");
    }

    @ParameterizedTest
    @CsvSource({ "noinherit bypassrls, has BYPASSRLS", "inherit, inherits its groups' rights" })
    void refusesARoleThatSeesMore(String attributes, String because) throws SQLException {
        String role = "test_" + attributes.replace(' ', '_');
        asSuperuser("drop role if exists " + role);
        asSuperuser("create role " + role + " login password '" + role + "' " + attributes);
        asSuperuser("grant connect on database coachpay to " + role);

        assertThatThrownBy(() -> start(role, role)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Refusing to start").hasMessageContaining(because);
    }

    @Test
    void knowsWhatPostgresqlLetsEverybodyDo() throws SQLException {
        try (Connection administrator = database("postgres", "").getConnection();
                Connection service = database("coachpay_app", "coachpay_app").getConnection()) {
            assertThat(BypassCheck.loose(administrator)).containsExactly("connect to the database postgres",
                    "connect to the database template1", "make large objects");
            assertThat(BypassCheck.loose(service)).isEmpty();
        }
    }

    private static void start(String user, String password) {
        new BypassCheck(database(user, password)).atStart(new StartupEvent());
    }

    private static void asSuperuser(String statement) throws SQLException {
        try (Connection connection = database("postgres", "").getConnection(); Statement run = connection.createStatement()) {
            if (statement.startsWith("drop role") && exists(connection, statement.replaceAll(".* ", ""))) {
                run.execute("drop owned by " + statement.replaceAll(".* ", ""));
            }
            run.execute(statement);
        }
    }

    private static boolean exists(Connection connection, String role) throws SQLException {
        try (Statement look = connection.createStatement()) {
            return look.executeQuery("select from pg_roles where rolname = '" + role + "'").next();
        }
    }

    private static PGSimpleDataSource database(String user, String password) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(Database.server().jdbcUrl());
        database.setUser(user);
        database.setPassword(password);
        return database;
    }
}
