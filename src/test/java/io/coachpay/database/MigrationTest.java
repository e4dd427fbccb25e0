package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import org.junit.jupiter.api.Test;

class MigrationTest {

    @Test
    void migratesRollsBackToNothingAndMigratesAgain() throws SQLException {
        var server = Database.server();
        server.createDatabase("rollback");
        String url = server.jdbcUrl("rollback");

        Database.migrate(url, server, liquibase -> liquibase.update(""));
        List<String> first = objects(url);
        Database.migrate(url, server, liquibase -> liquibase.rollback(Integer.MAX_VALUE, null, new liquibase.Contexts(),
                new liquibase.LabelExpression()));
        List<String> rolledBack = objects(url);
        Database.migrate(url, server, liquibase -> liquibase.update(""));

        assertThat(first).contains("table transactions");
        assertThat(rolledBack).isEmpty();
        assertThat(objects(url)).isEqualTo(first);
    }

    private static List<String> objects(String url) throws SQLException {
        try (Connection owner = Database.connect(url, Database.server().owner())) {
            return Sql.column(owner, """
                    select 'table ' || relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
                      and relname not like 'databasechangelog%'
                    order by 1""");
        }
    }
}
