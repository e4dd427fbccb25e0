package io.coachpay.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;

@ServiceTest
class HousekeepingJobTest {

    @Inject
    HousekeepingJob housekeeping;

    @Test
    void clearsAwayWhatHasExpiredAndNothingElse() {
        String expired = used();
        String kept = used();
        OwnerSql.run("update idempotency_keys set expires_at = locked_at where key = ?", expired);
        String idle = limit(-1000);
        String busy = limit(60_000);

        housekeeping.run();

        assertThat(OwnerSql.rows("select key from idempotency_keys where key in (?, ?)", expired, kept)).extracting("key")
                .containsExactly(kept);
        assertThat(OwnerSql.rows("select id from rate_limit_buckets where id in (?, ?)", idle, busy)).extracting("id")
                .containsExactly(busy);
    }

    private static String used() {
        String key = UUID.randomUUID().toString();
        Person.called("alice").asks().header("Idempotency-Key", key).body(Map.of()).post("/v1/sessions").then()
                .statusCode(400);
        return key;
    }

    private static String limit(int millisFromNow) {
        String id = "test:" + UUID.randomUUID();
        OwnerSql.run("insert into rate_limit_buckets (id, expires_at) values (?, ?)", id,
                System.currentTimeMillis() + millisFromNow);
        return id;
    }
}
