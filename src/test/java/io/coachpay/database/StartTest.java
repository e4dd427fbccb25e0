package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.coachpay.Migrations;
import io.coachpay.development.Postgres;

/** A start, or a migration apart from it, on databases in various states. */
class StartTest {

    /** Delimiters between which a semicolon ends nothing. */
    private static final String[][] QUOTES = { { "--", "\n" }, { "'", "'" }, { "$$", "$$" }, { "begin atomic", " end" } };

    private static final Postgres SERVER = Database.server();
    /** A database that has everything; each test leaves it so. */
    private static String url;

    @BeforeAll
    static void migrate() {
        url = Database.fresh("start");
    }

    @Test
    void isNotKeptOutByTheLockOfAnInstanceThatDied() throws SQLException {
        run(url, "update databasechangeloglock set locked = true, lockgranted = now(), lockedby = 'a host that is no more'",
                "update databasechangelog set md5sum = '9:0' where id = 'updated_at'");

        assertThatCode(() -> migrations(url).migrate()).doesNotThrowAnyException();

        assertThat(asked(url, "select locked from databasechangeloglock")).containsExactly("f");
        assertThat(asked(url, "select md5sum from databasechangelog where id = 'updated_at'")).doesNotContain("9:0");
    }

    @Test
    void migratesOnceWhenTwoStart() throws Exception {
        SERVER.createDatabase("two");
        String two = SERVER.jdbcUrl("two");

        Executor threads = work -> new Thread(work).start();
        CompletableFuture<Void> first = CompletableFuture.runAsync(migrations(two)::migrate, threads);
        CompletableFuture<Void> second = CompletableFuture.runAsync(migrations(two)::migrate, threads);
        CompletableFuture.allOf(first, second).get(60, TimeUnit.SECONDS);

        assertThat(asked(two, "select count(distinct deployment_id) from databasechangelog")).containsExactly("1");
    }

    @Test
    void touchesNothingBesideTablesThatOnlyLookLikeOurs() throws SQLException {
        SERVER.createDatabase("strangers");
        String full = SERVER.jdbcUrl("strangers");
        run(full, "create table refunds (id int)", "create table theirs (id int)");

        assertThatThrownBy(() -> migrations(full).migrate()).isInstanceOf(Migrations.Refused.class)
                .hasMessageContaining("refunds").hasMessageContaining("Nothing was touched")
                .hasMessageContaining("a database of its own").hasMessageNotContaining("theirs");
        assertThatThrownBy(() -> migrations(full).pending()).isInstanceOf(Migrations.Refused.class);

        assertThat(asked(full, "select relname from pg_class where relnamespace = 'public'::regnamespace"))
                .containsExactlyInAnyOrder("refunds", "theirs");
    }

    @Test
    void namesTablesThatStandWhereItsViewsWouldBe() throws SQLException {
        SERVER.createDatabase("reports");
        String full = SERVER.jdbcUrl("reports");
        List<String> theirs = List.of("balance_transactions", "credit_adjustments", "credit_capacity", "credit_packages",
                "payment_transactions", "user_balances", "user_credit_purchases");
        run(full, theirs.stream().map(table -> "create table " + table + " (id int)").toArray(String[]::new));

        assertThatThrownBy(() -> migrations(full).migrate()).isInstanceOf(Migrations.Refused.class)
                .hasMessageContaining("made it: " + String.join(", ", theirs) + ". Nothing was touched");

        assertThat(asked(full, "select relname from pg_class where relnamespace = 'public'::regnamespace"))
                .containsExactlyInAnyOrderElementsOf(theirs);
    }

    @Test
    void tellsThePendingSqlAndChangesNothing() throws SQLException {
        SERVER.createDatabase("pending");
        String empty = SERVER.jdbcUrl("pending");
        assertThatThrownBy(() -> requireDone(empty)).isInstanceOf(Migrations.Refused.class).hasMessageContaining("--migrate");

        String sql = migrations(empty).pending();

        assertThat(sql).containsIgnoringCase("create table transactions")
                .containsIgnoringCase("insert into public.databasechangelog ");
        assertThat(asked(empty, "select relname from pg_class where relnamespace = 'public'::regnamespace")).isEmpty();

        run(empty, asPsqlSendsThem(sql));
        assertThat(migrations(empty).pending()).contains("Nothing is missing");
        assertThatCode(() -> requireDone(empty)).doesNotThrowAnyException();
    }

    /** One statement after the other, since some cannot share a database transaction with others. */
    private static String[] asPsqlSendsThem(String sql) {
        List<String> statements = new ArrayList<>();
        int begin = 0;
        for (int at = 0; at < sql.length(); at++) {
            if (sql.charAt(at) == ';') {
                statements.add(sql.substring(begin, at));
                begin = at + 1;
            } else {
                for (String[] quote : QUOTES) {
                    if (sql.startsWith(quote[0], at)) {
                        at = sql.indexOf(quote[1], at + quote[0].length()) + quote[1].length() - 1;
                        break;
                    }
                }
            }
        }
        return statements.toArray(String[]::new);
    }

    @Test
    void saysToTheServiceThatTheDatabaseIsBehind() throws SQLException {
        run(url, "update databasechangelog set md5sum = '9:0' where id = 'policies_users'");

        assertThatThrownBy(() -> requireDone(url)).hasMessageContaining("behind this release by 1 changes")
                .hasMessageContaining("policies_users");

        migrations(url).migrate();
        assertThatCode(() -> requireDone(url)).doesNotThrowAnyException();
    }

    @Test
    void leavesTheRulesOfALaterReleaseAlone() throws SQLException {
        run(url, "insert into databasechangelog select 'of_a_later_release', author, 'db/tables/0999-later.sql', now(), 999, 'EXECUTED',"
                + " '9:1', '', '', null, liquibase, null, null, '1' from databasechangelog limit 1",
                "update databasechangelog set md5sum = '9:0' where id = 'policies_users'");

        migrations(url).migrate();

        assertThat(asked(url, "select md5sum from databasechangelog where id = 'policies_users'")).containsExactly("9:0");
        assertThatCode(() -> requireDone(url)).doesNotThrowAnyException();
        run(url, "delete from databasechangelog where id = 'of_a_later_release'");
        migrations(url).migrate();
    }

    private static Migrations migrations(String url) {
        return new Migrations(url, SERVER.owner().user(), SERVER.owner().password());
    }

    private static void requireDone(String url) {
        Migrations.requireDone(url, SERVER.application().user(), SERVER.application().password());
    }

    private static List<String> asked(String url, String query) throws SQLException {
        try (Connection owner = Database.connect(url, SERVER.owner())) {
            return Sql.column(owner, query);
        }
    }

    private static void run(String url, String... statements) throws SQLException {
        try (Connection owner = Database.connect(url, SERVER.owner()); var statement = owner.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
        }
    }
}
