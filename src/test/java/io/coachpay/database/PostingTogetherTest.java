package io.coachpay.database;

import static io.coachpay.database.Rows.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.database.Posting.Journal;

/** Bunches of journals that several writers post at once, some of them as the release before does. */
class PostingTogetherTest {

    private static final int WRITERS = 6;
    private static final int ROUNDS = 20;
    private static final int MOST_AT_ONCE = 12;

    /** The database ends one of two that wait for each other, so a deadlock is among the refusals. */
    /** The database ends one of two that wait for each other, so a deadlock is among the refusals. */
    @Test
    void staysContinuousAndNeverDeadlocksBesideTheReleaseBefore() throws Exception {
        List<UUID> coaches = List.of(Rows.coach(), Rows.coach(), Rows.coach("EUR"), Rows.coach());
        Random seeds = new Random();

        var refusals = Together.attempt(WRITERS, () -> {
            Random random = new Random(seeds.nextLong());
            for (int i = 0; i < ROUNDS; i++) {
                boolean asBefore = random.nextInt(3) == 0;
                int count = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(MOST_AT_ONCE);
                List<Journal> journals = journals(random, count, coaches, coaches.get(0));
                Database.as(Caller.SERVICE, connection -> {
                    if (asBefore) {
                        Posting.postAsBefore(connection, journals);
                    } else {
                        Posting.post(connection, journals);
                    }
                    return null;
                });
            }
            return null;
        });

        assertThat(refusals).isEmpty();
        assertThat(broken(coaches)).isEmpty();
    }

    /** A writer that waits for an account holds none that comes after it, even without a profile that keeps writers apart. */
    @ParameterizedTest
    @ValueSource(ints = { 1, 2 })
    void locksAnOwnersAccountsInOrder(int count) throws Exception {
        UUID buyer = Rows.user();
        Rows.post(line("external", null, "-5"), line("credits", buyer, "3"), line("deferred", buyer, "2"));
        List<String> kinds = Sql.column(Caller.SERVICE, "select kind from ledger_accounts where owner_id = ? order by id",
                buyer);
        Journal[] backwards = IntStream.range(0, count).mapToObj(i -> Journal.of(line("external", null, "-2"),
                line(kinds.get(1), buyer, "1"), line(kinds.get(0), buyer, "1"))).toArray(Journal[]::new);
        String lock = "select id from ledger_accounts where owner_id = ? and kind = ? for no key update nowait";
        var pool = Executors.newSingleThreadExecutor();

        try (Connection first = Database.owner(); Connection looker = Database.owner()) {
            first.setAutoCommit(false);
            Sql.value(first, lock, buyer, kinds.get(0));
            var writer = pool.submit(() -> Database.as(Caller.SERVICE,
                    connection -> Posting.post(connection, List.of(backwards))));
            await().until(() -> Sql.value(looker, "select count(*) from pg_locks where not granted").equals("1"));

            assertThat(Refusal.state(() -> Sql.value(looker, lock, buyer, kinds.get(1)))).isEqualTo("allowed");
            first.rollback();
            assertThat(writer.get(10, TimeUnit.SECONDS)).hasSize(count);
        } finally {
            pool.shutdownNow();
        }
    }

    /** Two facts may be the first to move an account at once, while one of their writers has moved another of its owner's. */
    @Test
    void opensAnAccountThatAnotherWriterOpensToo() throws Exception {
        UUID coach = Rows.coach();
        Rows.post(line("external", null, "-2"), line("coach_pending", coach, "2"));
        Journal held = Journal.of(line("coach_pending", coach, "-1"), line("external", null, "1"));
        Journal opening = Journal.of(line("coach_pending", coach, "-1"), line("coach_available", coach, "1"));
        Journal openingToo = Journal.of(line("external", null, "-1"), line("coach_available", coach, "1"));
        var pool = Executors.newSingleThreadExecutor();

        try (Connection looker = Database.owner()) {
            var writer = Database.as(Caller.SERVICE, connection -> {
                Posting.post(connection, List.of(held));
                var waiting = pool.submit(() -> Database.as(Caller.SERVICE,
                        another -> asTheLedgerDoes(another, openingToo)));
                await().until(() -> Sql.value(looker, "select count(*) from pg_locks where not granted").equals("1"));
                asTheLedgerDoes(connection, opening);
                return waiting;
            });

            assertThat(writer.get(10, TimeUnit.SECONDS)).hasSize(1);
        } finally {
            pool.shutdownNow();
        }
    }

    /** Opens accounts only after the function has missed some. */
    private static List<UUID> asTheLedgerDoes(Connection connection, Journal journal) throws SQLException {
        List<UUID> posted = Posting.call(connection, List.of(journal));
        return posted == null ? Posting.post(connection, List.of(journal)) : posted;
    }

    /** Random movements of these coaches' money, in two currencies, and of the credits that somebody has bought. */
    static List<Journal> journals(Random random, int count, List<UUID> coaches, UUID buyer) {
        List<Journal> journals = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            UUID one = coaches.get(random.nextInt(coaches.size()));
            UUID other = coaches.get(random.nextInt(coaches.size()));
            journals.add(switch (random.nextInt(6)) {
                case 0 -> Journal.of(line("external", null, "-125"), line("coach_pending", one, "100"),
                        line("platform_revenue", null, "25"));
                case 1 -> Journal.of(line("coach_pending", one, "-7"), line("coach_available", one, "7"));
                case 2 -> Journal.of(line("coach_available", other, "-3.50"), line("coach_in_transit", one, "3.50"));
                case 3 -> Journal.of(line("coach_available", one, "-1"), line("coach_paid_out", other, "1"),
                        line("credits", buyer, "2"), line("external", null, "-2"));
                case 4 -> Journal.of(line("credits", buyer, "5"), line("external", null, "-5"));
                default -> Journal.of(line("coach_pending", one, "-100"), line("fx", null, "100"),
                        new Rows.Line("fx", null, "EUR", "-92.10"), new Rows.Line("coach_pending", one, "EUR", "92.10"));
            });
        }
        return journals;
    }

    /** Accounts and profiles of these people that are not what their entries say. */
    private static List<String> broken(List<UUID> people) throws Exception {
        try (Connection owner = Database.owner()) {
            Object ids = owner.createArrayOf("uuid", people.toArray());
            List<String> broken = new ArrayList<>(Sql.column(owner, """
                    select concat_ws(' ', a.kind, a.currency) from ledger_accounts a
                      left join lateral (
                           select count(*) as entries, min(line) as first, max(line) as last, sum(amount) as amount,
                                  bool_and(balance_before = before) as goes_on
                             from (select *, lag(balance_after, 1, 0) over (order by line) as before
                                     from ledger_entries where account_id = a.id) history) e on true
                     where a.owner_id = any (?)
                       and (a.lines, 1, a.lines, a.balance, true) is distinct from (entries, first, last, amount, goes_on)""",
                    ids));
            broken.addAll(Sql.column(owner,
                    """
                            select p.user_id from coach_profiles p
                              left join lateral (
                                   select coalesce(sum(balance) filter (where kind = 'coach_pending'), 0) as pending,
                                          coalesce(sum(balance) filter (where kind = 'coach_available'), 0) as available,
                                          coalesce(sum(balance), 0) as total
                                     from ledger_accounts where owner_id = p.user_id and currency = p.currency and kind like 'coach%') a on true
                             where p.user_id = any (?)
                               and (pending_balance, available_balance, total_earnings) is distinct from (pending, available, total)""",
                    ids));
            return broken;
        }
    }
}
