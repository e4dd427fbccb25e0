package io.coachpay.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.ServiceTest;

/** A story that met a deadlock says which statements did: without them, its cause cannot be told. */
@ServiceTest
class DeadlockReportTest {

    @Test
    void tellsWhichStatementsWaitedForEachOther() throws Exception {
        OwnerSql.run("create table if not exists deadlock_probe (id int primary key)");
        OwnerSql.run("insert into deadlock_probe values (1), (2) on conflict do nothing");
        try (Connection one = OwnerSql.another(); Connection other = OwnerSql.another()) {
            one.setAutoCommit(false);
            other.setAutoCommit(false);
            assertThat(List.of(lock(one, 1), lock(other, 2))).containsOnly("locked");
            CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> lock(one, 2));
            String second = lock(other, 1);

            assertThat(List.of(first.join(), second)).containsExactlyInAnyOrder("locked", "40P01");
        } finally {
            OwnerSql.run("drop table deadlock_probe");
        }

        assertThat(LedgerChecks.deadlocksInLog(1)).singleElement().asString().contains("deadlock_probe where id = 1",
                "deadlock_probe where id = 2");
    }

    /** Waits for a row; the answer is PostgreSQL's code where it refuses. */
    private static String lock(Connection connection, int id) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select from deadlock_probe where id = " + id + " for update");
            return "locked";
        } catch (SQLException refused) {
            return refused.getSQLState();
        }
    }
}
