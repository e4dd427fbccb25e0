package io.coachpay.database;

import static io.coachpay.database.Rows.line;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.database.Posting.Journal;

/** The function that posts journals, the walls that check what it worked out, and the statement of the release before. */
class PostingRulesTest {

    /** An account as the attack leaves it, and an entry of 10.00 USD that the owner gives a history. */
    private static final String FORGED = """
            with moved as (update ledger_accounts set balance = ?::numeric, lines = ? where id = ?)
            insert into ledger_entries (id, journal_id, account_id, currency, amount, balance_before, balance_after, line)
            values (gen_random_uuid(), ?, ?, ?, ?::numeric, ?::numeric, ?::numeric, ?),
                   (gen_random_uuid(), ?, (select id from ledger_accounts where kind = 'external' and currency = 'USD'), ?,
                    -?::numeric, null, null, null)""";

    @ParameterizedTest(name = "{0}")
    @CsvSource(nullValues = "null", value = {
            "allowed, 110, 2, USD, 10, 100, 110, 2",
            "ledger_entries_currency, 110, 2, EUR, 10, 100, 110, 2",
            "ledger_entries_digits, 100.001, 2, USD, 0.001, 100, 100.001, 2",
            "ledger_entries_owned, 110, 2, USD, 10, null, null, null",
            "ledger_entries_owned, 100, 1, USD, 10, null, null, null",
            "ledger_entries_continue, 111, 2, USD, 10, 100, 111, 2",
            "ledger_entries_continue, 110, 2, USD, 10, 100, 110, null",
            "ledger_entries_unbroken, 100, 2, USD, 10, 90, 100, 2",
            "ledger_entries_unbroken, 110, 3, USD, 10, 100, 110, 3",
            "ledger_entries_unbroken, 10, 0, USD, 10, 0, 10, 0",
            "ledger_entries_line, 10, 1, USD, 10, 0, 10, 1",
            "ledger_accounts_as_entered, 100, 1, USD, 10, 100, 110, 2",
            "ledger_accounts_as_entered, 100, 2, USD, 10, 100, 110, 2",
            "ledger_accounts_as_entered, 110, 1, USD, 10, 100, 110, 2",
            "ledger_accounts_as_entered, 110, 3, USD, 10, 100, 110, 2" })
    void refusesHistoryThatDoesNotGoOnEvenFromTheOwner(String outcome, String balance, long lines, String currency,
            String amount, String before, String after, Long number) throws SQLException {
        UUID coach = Rows.coach();
        Rows.post(line("external", null, "-100"), line("coach_pending", coach, "100"));
        UUID account = account("coach_pending", coach);
        UUID journal = journal();

        try (Connection owner = Database.owner()) {
            assertThat(Refusal.constraint(() -> Sql.run(owner, FORGED, balance, lines, account, journal, account, currency,
                    amount, before, after, number, journal, currency, amount))).isEqualTo(outcome);
        }
    }

    @ParameterizedTest
    @CsvSource({ "15, 10, 5, 1, ledger_entries_unbroken", "10, 10, 0, 2, ledger_entries_unbroken", "10, 10, 0, 1, allowed" })
    void beginsHistoryWithNothing(String balance, String amount, String before, long number, String outcome)
            throws SQLException {
        UUID coach = Rows.coach();
        Rows.insert("insert into ledger_accounts (id, kind, owner_id, currency) values (?, 'coach_pending', ?, 'USD')",
                UUID.randomUUID(), coach);
        UUID account = account("coach_pending", coach);
        UUID journal = journal();

        try (Connection owner = Database.owner()) {
            assertThat(Refusal.constraint(() -> Sql.run(owner, FORGED, balance, number, account, journal, account, "USD",
                    amount, before, balance, number, journal, "USD", amount))).isEqualTo(outcome);
        }
    }

    @Test
    void refusesHistoryOnSharedAccountEvenFromTheOwner() throws SQLException {
        UUID journal = Rows.post(line("external", null, "-10"), line("platform_revenue", null, "10"));
        UUID next = journal();

        try (Connection owner = Database.owner()) {
            assertThat(Refusal.constraint(() -> Sql.run(owner,
                    """
                            insert into ledger_entries (id, journal_id, account_id, currency, amount, balance_before, balance_after, line)
                            select gen_random_uuid(), ?, account_id, currency, 10, 0, 10, 1000000
                              from ledger_entries where journal_id = ? limit 1""",
                    next, journal))).isEqualTo("ledger_entries_owned");
        }
    }

    /** Not only what is left in the end: the history itself never shows credits that were not there. */
    @Test
    void refusesCreditsThatOnlyComeAfterTheyAreSpent() throws SQLException {
        UUID mentee = Rows.user();
        Journal spent = Journal.of(line("credits", mentee, "-3"), line("deferred", mentee, "3"));
        Journal bought = Journal.of(line("external", null, "-10"), line("credits", mentee, "10"));
        Journal repaid = Journal.of(line("credit_debt", mentee, "2"), line("external", null, "-2"));
        Journal owed = Journal.of(line("credit_debt", mentee, "-2"), line("external", null, "2"));

        assertThat(Refusal.constraint(() -> post(spent, bought))).isEqualTo("ledger_accounts_not_overdrawn");
        assertThat(Refusal.constraint(() -> post(repaid, owed))).isEqualTo("ledger_accounts_debt_not_positive");
        assertThat(post(bought, spent, owed, repaid)).hasSize(4);
        assertThat(Rows.balance("credits", mentee)).isEqualTo("7");
    }

    @ParameterizedTest
    @ValueSource(strings = { "balance_before, balance_after, line) values (?, ?, ?, 'USD', 10, 100, 110, 2)",
            "line) values (?, ?, ?, 'USD', 10, 2)" })
    void letsTheServiceForgeNoHistory(String attack) throws SQLException {
        UUID coach = Rows.coach();
        UUID journal = Rows.post(line("external", null, "-100"), line("coach_pending", coach, "100"));

        assertThat(Refusal.state(() -> Rows.inserted(
                "insert into ledger_entries (id, journal_id, account_id, currency, amount, " + attack, journal,
                account("coach_pending", coach)))).isEqualTo(Refusal.MISSING_RIGHT);
    }

    @Test
    void refusesOtherCurrencyFromTheReleaseBefore() throws SQLException {
        UUID coach = Rows.coach();
        UUID journal = Rows.post(line("external", null, "-10"), line("coach_pending", coach, "10"));

        assertThat(Refusal.constraint(() -> Rows.insert("""
                insert into ledger_entries (id, journal_id, account_id, currency, amount)
                select gen_random_uuid(), ?, id, 'EUR', 1 from ledger_accounts where owner_id = ?""", journal, coach)))
                .isEqualTo("ledger_entries_currency");
    }

    @Test
    void writesNothingWhereAnAccountIsMissing() throws SQLException {
        UUID coach = Rows.coach();
        Journal known = Journal.of(line("external", null, "-10"), line("platform_revenue", null, "10"));
        Journal unknown = Journal.of(line("external", null, "-10"), line("coach_pending", coach, "10"));
        post(Journal.of(known.lines().toArray(Rows.Line[]::new)));

        List<UUID> posted = Database.as(Caller.SERVICE, connection -> Posting.call(connection, List.of(known, unknown)));

        assertThat(posted).isNull();
        assertThat(Sql.column(Caller.SERVICE, "select id from ledger_journals where id in (?, ?)", known.id(), unknown.id()))
                .isEmpty();
        assertThat(post(known, unknown)).containsExactlyInAnyOrder(known.id(), unknown.id());
    }

    @Test
    void postsOfAFactToldTwiceTheFirst() throws SQLException {
        UUID coach = Rows.coach();
        Journal before = Journal.of(line("external", null, "-1"), line("coach_pending", coach, "1"));
        post(before);
        Journal first = Journal.of(line("external", null, "-10"), line("coach_pending", coach, "10"));
        Journal second = new Journal(UUID.fromString("00000000-0000-4000-8000-" + first.id().toString().substring(24)),
                first.kind(), first.reference(), null,
                List.of(line("external", null, "-20"), line("coach_pending", coach, "20")));

        assertThat(post(first, second, before)).containsExactly(first.id());
        assertThat(Rows.balance("coach_pending", coach)).isEqualTo("11");
        assertThat(post(first, second, before)).isEmpty();
    }

    @Test
    void postsTheSameTogetherAloneAndByTheReleaseBefore() throws Exception {
        UUID together = Rows.coach();
        UUID alone = Rows.coach();
        UUID before = Rows.coach();
        List<UUID> mentees = List.of(Rows.user(), Rows.user(), Rows.user());

        post(PostingTogetherTest.journals(new Random(7), 30, List.of(together), mentees.get(0)).toArray(Journal[]::new));
        List<Journal> lone = PostingTogetherTest.journals(new Random(7), 30, List.of(alone), mentees.get(1));
        List<Journal> last = PostingTogetherTest.journals(new Random(7), 30, List.of(before), mentees.get(2));
        Database.as(Caller.SERVICE, connection -> {
            for (Journal journal : lone) {
                Posting.post(connection, List.of(journal));
            }
            Posting.postAsBefore(connection, last);
            return null;
        });

        assertThat(history(together, mentees.get(0))).hasSizeGreaterThan(40).isEqualTo(history(alone, mentees.get(1)))
                .isEqualTo(history(before, mentees.get(2)));
        assertThat(Rows.figures(together)).isEqualTo(Rows.figures(alone)).isEqualTo(Rows.figures(before));
    }

    @Test
    void letsTheServiceAlonePost() throws SQLException {
        try (Connection owner = Database.owner()) {
            assertThat(Sql.column(owner, """
                    select r.rolname from pg_proc p join pg_roles r on has_function_privilege(r.oid, p.oid, 'execute')
                     where p.proname = 'post_journals' and not r.rolsuper""")).containsExactlyInAnyOrder("app_service",
                    "coachpay_owner");
        }
        assertThat(Refusal.state(() -> Database.as(Caller.ANONYMOUS,
                connection -> Posting.call(connection, List.of())))).isEqualTo(Refusal.MISSING_RIGHT);
    }

    private static List<UUID> post(Journal... journals) throws SQLException {
        return Database.as(Caller.SERVICE, connection -> Posting.post(connection, List.of(journals)));
    }

    private static UUID account(String kind, UUID owner) throws SQLException {
        return UUID.fromString(Sql.value(Caller.SERVICE, "select id from ledger_accounts where kind = ? and owner_id = ?", kind,
                owner));
    }

    /** A journal without entries. */
    private static UUID journal() throws SQLException {
        return Rows.inserted("insert into ledger_journals (id, kind, reference, occurred_at) values (?, 'test', ?, now())",
                "txn_" + UUID.randomUUID());
    }

    private static List<String> history(UUID... owners) throws SQLException {
        List<String> history = new ArrayList<>();
        for (UUID owner : owners) {
            history.addAll(Sql.column(Caller.SERVICE, """
                    select concat_ws(' ', a.kind, a.currency, e.line, e.balance_before, e.amount, e.balance_after)
                      from ledger_entries e join ledger_accounts a on a.id = e.account_id
                     where a.owner_id = ? order by a.kind, a.currency, e.line""", owner));
        }
        return history;
    }
}
