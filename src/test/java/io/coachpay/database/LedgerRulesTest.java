package io.coachpay.database;

import static io.coachpay.database.Rows.line;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerRulesTest {

    @ParameterizedTest
    @ValueSource(strings = { "update ledger_entries set amount = 1", "delete from ledger_entries",
            "truncate ledger_entries cascade",
            "update ledger_journals set reference = 'x'", "delete from ledger_journals", "truncate ledger_journals cascade",
            "update payment_logs set event = 'x'", "delete from audit_log" })
    void refusesToChangeHistoryEvenToTheOwner(String attack) throws SQLException {
        try (Connection owner = Database.owner()) {
            assertThat(Refusal.constraint(() -> Sql.run(owner, attack))).endsWith("_append_only");
        }
        assertThat(Refusal.state(() -> Sql.run(Caller.SERVICE, attack)))
                .isEqualTo(Refusal.MISSING_RIGHT);
    }

    @Test
    void fillsInBalancesAndLines() throws SQLException {
        UUID coach = Rows.coach();

        Rows.post(line("external", null, "-125.00"), line("coach_pending", coach, "100.00"),
                line("platform_revenue", null, "25.00"));
        UUID second = Rows.post(line("coach_pending", coach, "-40.00"), line("coach_available", coach, "40.00"));

        assertThat(Sql.column(Caller.user(coach), """
                select concat_ws(' ', trim_scale(e.balance_before), trim_scale(e.amount), trim_scale(e.balance_after), e.line)
                from ledger_entries e join ledger_accounts a on a.id = e.account_id where a.kind = 'coach_pending'
                order by e.line""")).containsExactly("0 100 100 1", "100 -40 60 2");
        assertThat(Sql.value(Caller.SERVICE, "select count(*) from ledger_entries where journal_id = ? and line = 1", second))
                .isEqualTo("1");
        assertThat(Rows.figures(coach)).containsExactly("60", "40", "100");
    }

    @Test
    void keepsNoBalanceOnSharedAccounts() throws SQLException {
        UUID journal = Rows.post(line("external", null, "-10"), line("platform_revenue", null, "10"));

        assertThat(Sql.column(Caller.SERVICE, """
                select num_nulls(e.balance_before, e.balance_after, e.line) || ' ' || a.balance::int || ' ' || a.lines
                from ledger_entries e join ledger_accounts a on a.id = e.account_id where e.journal_id = ?""", journal))
                .containsOnly("3 0 0");
        try (Connection owner = Database.owner()) {
            assertThat(
                    Refusal.constraint(() -> Sql.run(owner, "update ledger_accounts set balance = 1 where kind = 'external'")))
                    .isEqualTo("ledger_accounts_shared_keep_none");
        }
    }

    @Test
    void refusesJournalThatDoesNotSumToZero() throws SQLException {
        UUID coach = Rows.coach();

        assertThat(Refusal.constraint(() -> Rows.post(line("external", null, "-125"), line("coach_pending", coach, "100"))))
                .isEqualTo("ledger_journals_balance");
    }

    @Test
    void refusesTwoCurrenciesThatSumToZeroOnlyTogether() throws SQLException {
        assertThat(Refusal.constraint(() -> Rows.post(line("external", null, "-10"), new Rows.Line("fx", null, "EUR", "10"))))
                .isEqualTo("ledger_journals_balance");
    }

    @Test
    void takesTwoCurrenciesThatBothSumToZero() throws SQLException {
        UUID coach = Rows.coach();

        Rows.post(line("coach_pending", coach, "-100"), line("fx", null, "100"),
                new Rows.Line("fx", null, "EUR", "-92.10"), new Rows.Line("coach_pending", coach, "EUR", "92.10"));

        assertThat(Rows.figures(coach)).as("euros are not in a profile in dollars").containsExactly("-100", "0", "-100");
    }

    @Test
    void refusesToAddToWrittenJournal() throws SQLException {
        UUID coach = Rows.coach();
        UUID journal = Rows.post(line("external", null, "-10"), line("coach_pending", coach, "10"));

        assertThat(Refusal.constraint(() -> Database.as(Caller.SERVICE, connection -> Posting.add(connection, journal,
                line("external", null, "-5"), line("coach_pending", coach, "5"))))).isEqualTo("ledger_journals_closed");
    }

    @Test
    void refusesEntryOfNothing() throws SQLException {
        assertThat(Refusal.constraint(() -> Rows.post(line("external", null, "0"), line("platform_revenue", null, "0"))))
                .isEqualTo("ledger_entries_move_something");
    }

    @ParameterizedTest
    @CsvSource({ "external, USD, 0.001, ledger_entries_digits", "external, USD, 0.01, allowed",
            "external, JPY, 0.5, ledger_entries_digits",
            "external, JPY, 1, allowed", "stripe_fees, KWD, 0.548, allowed", "stripe_fees, KWD, 0.0001, ledger_entries_digits",
            "external, ISK, 1.00, allowed", "platform_promotions, USD, 0.000001, allowed" })
    void allowsDigitsByKindAndCurrency(String kind, String currency, String amount, String outcome) {
        String opposite = kind.equals("platform_promotions") ? kind : "platform_revenue";

        assertThat(Refusal.constraint(() -> Rows.post(new Rows.Line(kind, null, currency, amount),
                new Rows.Line(opposite, null, currency, "-" + amount)))).isEqualTo(outcome);
    }

    @Test
    void booksFactOnce() throws SQLException {
        UUID coach = Rows.coach();
        Rows.Line[] lines = { line("external", null, "-10"), line("coach_pending", coach, "10") };
        String fact = "pi_" + UUID.randomUUID();

        Database.as(Caller.SERVICE, connection -> Rows.post(connection, fact, lines));
        Database.as(Caller.SERVICE, connection -> Rows.post(connection, fact, lines));

        assertThat(Rows.balance("coach_pending", coach)).isEqualTo("10");
        assertThat(Refusal.constraint(() -> Rows.insert(
                "insert into ledger_journals (id, kind, reference, occurred_at) values (?, 'test', ?, now())",
                UUID.randomUUID(), fact)))
                .isEqualTo("ledger_journals_once");
    }

    @Test
    void neverSpendsMoreCreditsThanThereAre() throws Exception {
        UUID mentee = Rows.user();
        Rows.post(line("external", null, "-10"), line("credits", mentee, "10"));

        var refusals = Together.attempt(8, () -> Rows.post(line("credits", mentee, "-3"), line("deferred", mentee, "3")));

        assertThat(refusals).hasSize(5)
                .allSatisfy(refusal -> assertThat(refusal).hasMessageContaining("ledger_accounts_not_overdrawn"));
        assertThat(Rows.balance("credits", mentee)).isEqualTo("1");
        assertThat(Rows.balance("deferred", mentee)).isEqualTo("9");
    }

    @Test
    void keepsDebtBelowZero() throws SQLException {
        UUID mentee = Rows.user();

        assertThat(Refusal.constraint(() -> Rows.post(line("credit_debt", mentee, "1"), line("external", null, "-1"))))
                .isEqualTo("ledger_accounts_debt_not_positive");
    }

    @Test
    void recomputesFiguresWhenTheProfilesCurrencyChanges() throws SQLException {
        UUID coach = Rows.coach();
        Rows.post(line("external", null, "-10"), line("coach_pending", coach, "10"));
        Rows.post(new Rows.Line("external", null, "EUR", "-7"), new Rows.Line("coach_available", coach, "EUR", "7"));

        Sql.run(Caller.user(coach), "update coach_profiles set currency = 'EUR'");

        assertThat(Rows.figures(coach)).containsExactly("0", "7", "7");
    }

    @Test
    void refusesAnotherCurrencyWhileSessionsAreToBeHeld() throws SQLException {
        UUID coach = Rows.coach();
        Rows.session(Rows.user(), coach);

        assertThat(Refusal.constraint(() -> Sql.run(Caller.user(coach), "update coach_profiles set currency = 'EUR'")))
                .isEqualTo("coach_profiles_currency_in_use");
    }

    @Test
    void beginsProfileWithWhatTheLedgerSays() throws SQLException {
        UUID coach = Rows.user();
        Rows.post(line("external", null, "-10"), line("coach_pending", coach, "10"));

        Rows.insert(
                "insert into coach_profiles (id, user_id, hourly_rate, currency, minimum_payout) values (?, ?, 100, 'USD', 100)",
                UUID.randomUUID(), coach);

        assertThat(Rows.figures(coach)).containsExactly("10", "0", "10");
    }

    @ParameterizedTest
    @ValueSource(strings = { "update ledger_accounts set balance = balance + 1", "update ledger_accounts set lines = 0",
            "update coach_profiles set total_earnings = 1", "update coach_profiles set available_balance = 1",
            "update coach_profiles set pending_balance = 1",
            "insert into ledger_accounts (id, kind, currency, balance) values (gen_random_uuid(), 'fx', 'CHF', 1)",
            "insert into coach_profiles (id, user_id, hourly_rate, currency, minimum_payout, available_balance) values (gen_random_uuid(), gen_random_uuid(), 1, 'USD', 0, 1)",
            "create temporary table mine (like ledger_entries)", "create table mine (id uuid)",
            "set session_replication_role = replica",
            "alter table ledger_entries disable trigger all", "set role coachpay_owner" })
    void letsNoRoleWriteFiguresOrSlipPastTheTriggers(String attack) throws SQLException {
        UUID coach = Rows.coach();

        for (Caller caller : List.of(Caller.SERVICE, Caller.user(coach), Caller.admin(coach), Caller.NOBODY)) {
            assertThat(Refusal.state(() -> Sql.run(caller, attack)))
                    .as("%s as %s", attack, caller.role()).isEqualTo(Refusal.MISSING_RIGHT);
        }
    }
}
