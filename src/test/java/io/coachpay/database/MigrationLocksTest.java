package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.coachpay.Migrations;
import io.coachpay.development.Postgres;

/** A migration during a long read, such as the reconciliation's of minutes: later statements wait for neither. */
class MigrationLocksTest {

    private static final Postgres SERVER = Database.server();
    private static String url;

    @BeforeAll
    static void migrate() {
        url = Database.fresh("locks");
    }

    @Test
    void waitsForNothingWhereNoPolicyChanged() throws Exception {
        try (Connection reader = reading(tables())) {
            run("update databasechangelog set md5sum = '9:0' where filename ~ '^db/policies/' and filename !~ 'public-'");

            migrations().get(30, TimeUnit.SECONDS);

            assertThat(asked("select count(*) from databasechangelog where md5sum = '9:0'")).containsExactly("0");
            reader.rollback();
        }
    }

    @Test
    void holdsNobodyUpForLongWhereOneChanged() throws Exception {
        run("update databasechangelog set md5sum = '9:0' where id = 'policies_transactions'");
        run("comment on policy own_read on transactions is 'as it was before'");
        try (Connection reader = reading(List.of("transactions"))) {
            CompletableFuture<Void> migration = migrations();
            await().atMost(Duration.ofSeconds(20)).until(() -> !asked("""
                    select pid from pg_stat_activity where datname = 'locks' and wait_event_type = 'Lock'""").isEmpty());

            long begun = System.nanoTime();
            assertThat(asked("select count(*) from transactions")).containsExactly("0");

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
            assertThat(migration).isNotDone();
            reader.rollback();
            migration.get(30, TimeUnit.SECONDS);
        }
        assertThat(asked("select obj_description(oid, 'pg_policy') from pg_policy where polname = 'own_read'"
                + " and polrelid = 'transactions'::regclass")).doesNotContain("as it was before");
    }

    private static CompletableFuture<Void> migrations() {
        return CompletableFuture.runAsync(new Migrations(url, SERVER.owner().user(), SERVER.owner().password())::migrate,
                work -> new Thread(work).start());
    }

    /** A reader of all these tables whose database transaction stays open. */
    private static Connection reading(List<String> tables) throws SQLException {
        Connection reader = Database.connect(url, SERVER.owner());
        reader.setAutoCommit(false);
        for (String table : tables) {
            Sql.column(reader, "select 1 from " + table + " limit 1");
        }
        return reader;
    }

    private static List<String> tables() throws SQLException {
        return asked("select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
                + " and relname !~ '^databasechangelog'");
    }

    private static List<String> asked(String query) throws SQLException {
        try (Connection owner = Database.connect(url, SERVER.owner())) {
            return Sql.column(owner, query);
        }
    }

    private static void run(String statement) throws SQLException {
        try (Connection owner = Database.connect(url, SERVER.owner())) {
            Sql.run(owner, statement);
        }
    }
}
