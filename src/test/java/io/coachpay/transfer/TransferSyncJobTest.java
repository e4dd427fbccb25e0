package io.coachpay.transfer;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.access.Access;
import io.coachpay.journey.Marketplace;

/** Every payment has its turn, however many Stripe has no answer for. */
@ServiceTest
class TransferSyncJobTest {

    private static final String OWN = " where task_name = 'transfer-sync' and not picked";

    @Inject
    Access access;

    @Inject
    TransferSync sync;

    @Inject
    EntityManager entities;

    @Inject
    DataSource database;

    @Inject
    Clock clock;

    private TransferSyncJob job;
    private final List<UUID> untold = new ArrayList<>();

    @BeforeEach
    void forgetTransfers() {
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "GET", "path": "/v1/transfers*"}, "do": "error", "status": 400,
                               "type": "invalid_request_error", "code": "not_today", "message": "No."}]}""");
        job = new TransferSyncJob(access, sync, entities, database, clock);
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        for (int i = 0; i < 3; i++) {
            UUID payment = Marketplace.paid(Person.called("alice"), carol, 75);
            soon().until(() -> !access.asService(() -> Transfer.of(payment)).isEmpty());
            OwnerSql.run("delete from transfers where transaction_id = ?", payment);
            untold.add(payment);
        }
        StripeSandbox.advance(Duration.ofHours(1));
        restTheServicesOwn();
        OwnerSql.run("delete from stripe_cursors where listing = 'transfers'");
    }

    /** Otherwise the service's own job would move the cursor meanwhile. */
    private static void restTheServicesOwn() {
        soon().until(() -> {
            OwnerSql.run("update scheduled_tasks set execution_time = '2100-01-01', version = version + 1" + OWN);
            return !OwnerSql.rows("select 1 from scheduled_tasks" + OWN + " and execution_time = '2100-01-01'").isEmpty();
        });
    }

    @AfterEach
    void heal() {
        OwnerSql.run("update scheduled_tasks set execution_time = ?::timestamptz" + OWN,
                StripeSandbox.now().plus(Duration.ofHours(1)).toString());
        StripeSandbox.noFaults();
        untold.forEach(sync::sync);
    }

    @Test
    void asksForOthersEachTimeAndBeginsAgainAfterTheLast() {
        int all = job.next(10_000).size();
        List<UUID> asked = new ArrayList<>();
        for (int turn = 0; turn < all; turn++) {
            asked.addAll(job.next(1));
        }

        assertThat(asked).hasSize(all).doesNotHaveDuplicates().containsAll(untold);
        assertThat(job.next(1)).isEmpty();
        assertThat(job.next(1)).containsExactly(asked.get(0));
    }

    @Test
    void resumesWhereTheInstanceBeforeStopped() {
        UUID first = job.next(1).get(0);

        List<UUID> rest = new TransferSyncJob(access, sync, entities, database, clock).next(10_000);

        assertThat(rest).isNotEmpty().doesNotContain(first);
    }
}
