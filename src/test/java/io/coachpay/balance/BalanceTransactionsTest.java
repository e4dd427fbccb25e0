package io.coachpay.balance;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.joda.money.Money;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.access.Access;
import io.coachpay.access.Ids;
import io.coachpay.journey.Marketplace;
import io.coachpay.stripe.StripeBalanceTransaction;

/** A page of Stripe's lines is stored while others match and book the lines that are known already. */
@ServiceTest
class BalanceTransactionsTest {

    private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private final String account = "acct_" + Ids.next().toString().replace("-", "");
    private final List<String> ids = Stream.generate(() -> "txn_" + Ids.next().toString().replace("-", "")).limit(3).toList();

    @Inject
    BalanceTransactions lines;
    @Inject
    Access access;

    @BeforeEach
    void stored() {
        for (String id : ids) {
            assertThat(store(MAY, id)).isTrue();
        }
    }

    @AfterEach
    void leavesNothingToCompare() {
        OwnerSql.run("delete from stripe_balance_transactions where account = ?", account);
    }

    @Test
    void storesWhatIsNewInAPageOfKnownLines() {
        assertThat(store(MAY, ids.get(0), ids.get(1))).isFalse();
        assertThat(store(MAY, ids.get(0), "txn_new" + account.substring(5))).isTrue();

        assertThat(dates()).hasSize(4).containsOnly(MAY.toString());
    }

    @Test
    void takesOverAnotherDateUntilTheMoneyIsBooked() {
        UUID payment = Marketplace.paid(Person.called("alice"), Marketplace.coach("carol", "100.00", "USD"), 75);
        OwnerSql.run("""
                update stripe_balance_transactions set journal_id = (select id from ledger_journals where transaction_id = ?)
                 where stripe_balance_transaction_id = ?""", payment, ids.get(0));

        assertThat(store(MAY.plus(DAY), ids.toArray(String[]::new))).isTrue();

        assertThat(dates()).containsExactly(MAY.toString(), MAY.plus(DAY).toString(), MAY.plus(DAY).toString());
    }

    /** Stripe lists the newest first, and lines are matched oldest first: locking what it lists would end in a deadlock. */
    @Test
    void waitsForNobodyWhoHoldsALineThatIsAsBefore() throws Exception {
        try (Connection other = holding(ids.get(0), ids.get(1), ids.get(2))) {
            CompletableFuture<Boolean> stored = CompletableFuture
                    .supplyAsync(() -> store(MAY, ids.get(2), ids.get(1), ids.get(0)));

            assertThat(stored.get(30, TimeUnit.SECONDS)).isFalse();
            other.rollback();
        }
    }

    @Test
    void locksLinesWithAnotherDateOldestFirst() throws Exception {
        CompletableFuture<Boolean> stored;
        try (Connection other = holding(ids.get(0))) {
            stored = CompletableFuture.supplyAsync(() -> store(MAY.plus(DAY), ids.get(2), ids.get(1), ids.get(0)));
            soon().until(() -> !OwnerSql.rows("select from pg_stat_activity where cardinality(pg_blocking_pids(pid)) > 0")
                    .isEmpty());

            assertThat(isFree(ids.get(1))).isTrue();
            assertThat(isFree(ids.get(2))).isTrue();
            other.rollback();
        }

        assertThat(stored.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(dates()).containsOnly(MAY.plus(DAY).toString());
    }

    private boolean store(Instant available, String... page) {
        Money amount = Money.parse("USD 10.00");
        return access.asService(() -> lines.store(account, Stream.of(page).map(id -> new StripeBalanceTransaction(id, "payment",
                "charge", amount, Money.parse("USD 0.00"), amount, "py_" + id.substring(4), MAY, available, false, null, null))
                .toList()));
    }

    private List<String> dates() {
        return OwnerSql.rows("select available_on from stripe_balance_transactions where account = ? order by id", account)
                .stream().map(row -> ((Timestamp) row.get("available_on")).toInstant().toString()).toList();
    }

    /** A connection of its own that has locked these lines. */
    private static Connection holding(String... ids) throws SQLException {
        Connection other = OwnerSql.another();
        other.setAutoCommit(false);
        for (String id : ids) {
            lock(other, id, "");
        }
        return other;
    }

    private static boolean isFree(String id) throws SQLException {
        try (Connection third = OwnerSql.another()) {
            return lock(third, id, "skip locked");
        }
    }

    private static boolean lock(Connection connection, String id, String how) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select from stripe_balance_transactions where stripe_balance_transaction_id = ? for update " + how)) {
            statement.setString(1, id);
            return statement.executeQuery().next();
        }
    }
}
