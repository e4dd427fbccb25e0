package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.coachpay.development.Postgres;
import liquibase.Contexts;
import liquibase.LabelExpression;

class MigrationTest {

    @Test
    void rollsBackToNothingAndMigratesAgain() throws SQLException {
        var server = Database.server();
        server.createDatabase("rollback");
        String url = server.jdbcUrl("rollback");

        Database.migrate(url, server, liquibase -> liquibase.update(""));
        List<String> first = objects(url);
        Database.migrate(url, server,
                liquibase -> liquibase.rollback(Integer.MAX_VALUE, null, new Contexts(), new LabelExpression()));
        List<String> rolledBack = objects(url);
        Database.migrate(url, server, liquibase -> liquibase.update(""));

        assertThat(first).contains("index transactions_pkey", "function app_user_id()", "extension btree_gist",
                "trigger sessions.status_edge", "policy sessions.own_read");
        assertThat(rolledBack).isEmpty();
        assertThat(objects(url)).isEqualTo(first);
    }

    @Test
    void runsRulesAndPoliciesAgainWithoutHarm() throws SQLException {
        var server = Database.server();
        server.createDatabase("again");
        String url = server.jdbcUrl("again");
        Database.migrate(url, server, liquibase -> liquibase.update(""));
        List<String> first = objects(url);

        // looks like a changed file to the next start
        try (Connection owner = Database.connect(url, server.owner())) {
            Sql.run(owner, "update databasechangelog set md5sum = '9:0' where filename ~ '^db/(rules|policies)/'");
        }
        Database.migrate(url, server, liquibase -> liquibase.update(""));

        assertThat(objects(url)).isEqualTo(first);
    }

    @Test
    void saysWhatToDoWhenARoleIsMissing() throws SQLException {
        var server = Database.server();
        server.createDatabase("without_role");
        String url = server.jdbcUrl("without_role");

        try (Connection administrator = Database.connect(url, new Postgres.Login("postgres", ""))) {
            Sql.run(administrator, "alter role analyst rename to somebody");
            try {
                assertThatThrownBy(() -> Database.migrate(url, server, liquibase -> liquibase.update("")))
                        .hasStackTraceContaining("run db/roles.sql");
            } finally {
                Sql.run(administrator, "alter role somebody rename to analyst");
            }
        }
    }

    /** Everything in the schema except Liquibase's own tables, with the rights on it. */
    private static List<String> objects(String url) throws SQLException {
        try (Connection owner = Database.connect(url, Database.server().owner())) {
            return Sql.column(owner,
                    """
                            select case relkind when 'r' then 'table ' when 'v' then 'view ' when 'i' then 'index ' else relkind::text || ' ' end
                                || relname || coalesce(' ' || relacl::text, '')
                              from pg_class where relnamespace = 'public'::regnamespace and relname !~ '^databasechangelog'
                                and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e')
                            union all
                            select 'function ' || oid::regprocedure || coalesce(' ' || proacl::text, '') from pg_proc
                              where pronamespace = 'public'::regnamespace
                                and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')
                            union all
                            select 'extension ' || extname from pg_extension where extname <> 'plpgsql'
                            union all
                            select 'trigger ' || tgrelid::regclass || '.' || tgname from pg_trigger where not tgisinternal
                            union all
                            select 'policy ' || tablename || '.' || policyname from pg_policies
                            union all
                            select 'constraint ' || conrelid::regclass || '.' || conname from pg_constraint
                              where connamespace = 'public'::regnamespace and conrelid::regclass::text !~ '^databasechangelog'
                            order by 1""");
        }
    }
}
