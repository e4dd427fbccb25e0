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

/** Attacks the database's walls around credits in plain SQL. */
class CreditRulesTest {

    @Test
    void keepsNoCreditsBesideADebt() throws SQLException {
        UUID user = Rows.user();
        Rows.post(line("platform_promotions", null, "10"), line("credit_debt", user, "-10"));

        assertThat(Refusal.constraint(
                () -> Rows.post(line("platform_promotions", null, "-4"), line("credits", user, "4"))))
                .isEqualTo("ledger_accounts_debt_first");
        Rows.post(line("platform_promotions", null, "-12"), line("credit_debt", user, "10"), line("credits", user, "2"));
        assertThat(Refusal.constraint(
                () -> Rows.post(line("platform_promotions", null, "1"), line("credit_debt", user, "-1"))))
                .isEqualTo("ledger_accounts_debt_first");
    }

    @Test
    void countsWhatIsOutstandingAndNothingElseDoes() throws SQLException {
        UUID user = Rows.user();
        String before = outstanding();
        Rows.post(line("external", null, "-12.5"), line("credits", user, "12.5"));
        Rows.post(line("credits", user, "-5"), line("deferred", user, "5"));

        assertThat(difference(before)).isEqualTo("12.500000");
        assertThat(Refusal.state(() -> Sql.run(Caller.SERVICE, "update credit_capacity set outstanding = 0")))
                .isEqualTo(Refusal.MISSING_RIGHT);
        assertThat(Refusal.state(() -> Sql.run(Caller.admin(user), "update credit_capacity set outstanding = 0")))
                .isEqualTo(Refusal.MISSING_RIGHT);
        Rows.post(line("external", null, "12.5"), line("credits", user, "-7.5"), line("deferred", user, "-5"));
        assertThat(difference(before)).isEqualTo("0.000000");
    }

    @ParameterizedTest
    @CsvSource({
            "session_id = gen_random_uuid(), transactions_credit_purchase", "coach_id = payer_id, transactions_credit_purchase",
            "coach_payout = 1, transactions_credit_purchase", "platform_fee = 1, transactions_credit_purchase",
            "credit_amount = null, transactions_credit_purchase", "package_id = null, transactions_credit_purchase",
            "method = 'credits', transactions_credit_purchase",
            "credits_taken_back = 33.000001, transactions_credits_taken_back",
            "credits_taken_back = -1, transactions_credits_taken_back", "deferred_credits = 1, transactions_deferred_credits",
            "bonus_percentage = 10, transactions_bonus", "bonus_credits = 3.3, transactions_bonus",
            "bonus_percentage = 101, transactions_bonus", "bonus_percentage = 'NaN', transactions_bonus" })
    void sellsCreditsAndNothingBeside(String change, String constraint) throws SQLException {
        UUID purchase = Rows.creditPurchase(Rows.user(), "completed");
        try (Connection owner = Database.owner()) {
            owner.setAutoCommit(false);
            assertThat(Refusal.constraint(
                    () -> Sql.run(owner, "update transactions set " + change + " where id = ?", purchase)))
                    .isEqualTo(constraint);
            owner.rollback();
        }
    }

    /** Of 54.01805 credits 3.894593 are 7.77 % of the others, to the sixth digit. */
    @ParameterizedTest
    @CsvSource({ "3.894593, ''", "3.894592, transactions_bonus", "3.894594, transactions_bonus", "0, transactions_bonus" })
    void addsTheShareThatWasAgreed(String bonus, String wall) throws SQLException {
        UUID purchase = Rows.creditPurchase(Rows.user(), "completed");
        try (Connection owner = Database.owner()) {
            owner.setAutoCommit(false);
            String change = "update transactions set credit_amount = 50.123457 + 3.894593, bonus_percentage = 7.77,"
                    + " bonus_credits = ?::numeric where id = ?";
            if (wall.isEmpty()) {
                assertThat(Sql.run(owner, change, bonus, purchase)).isOne();
            } else {
                assertThat(Refusal.constraint(() -> Sql.run(owner, change, bonus, purchase))).isEqualTo(wall);
            }
            owner.rollback();
        }
    }

    /** Of the 33 credits 3 would be 10 % of the others. */
    @Test
    void keepsTheBonusThatWasAgreed() throws SQLException {
        UUID purchase = Rows.creditPurchase(Rows.user(), "pending");

        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE,
                "update transactions set bonus_credits = 3, bonus_percentage = 10 where id = ?", purchase)))
                .isEqualTo("transactions_frozen");
    }

    @Test
    void addsNothingToASessionsPayment() throws SQLException {
        UUID mentee = Rows.user();
        UUID coach = Rows.coach();
        UUID payment = Rows.transaction(mentee, coach, Rows.session(mentee, coach));
        try (Connection owner = Database.owner()) {
            assertThat(Refusal.constraint(
                    () -> Sql.run(owner, "update transactions set bonus_percentage = 10 where id = ?", payment)))
                    .isEqualTo("transactions_bonus");
        }
    }

    @ParameterizedTest
    @CsvSource({ "credit_amount = 126, transactions_paid_with_credits",
            "stripe_payment_intent_id = 'pi_1', transactions_paid_with_credits",
            "deferred_credits = 126, transactions_deferred_credits" })
    void paysASessionWithItsPriceInCredits(String change, String constraint) throws SQLException {
        UUID mentee = Rows.user();
        UUID coach = Rows.coach();
        UUID payment = Rows.transaction(mentee, coach, Rows.session(mentee, coach));
        try (Connection owner = Database.owner()) {
            owner.setAutoCommit(false);
            Sql.run(owner,
                    "update transactions set method = 'credits', stripe_payment_intent_id = null, credit_amount = amount,"
                            + " deferred_credits = amount where id = ?",
                    payment);
            assertThat(Refusal.constraint(() -> Sql.run(owner, "update transactions set " + change + " where id = ?", payment)))
                    .isEqualTo(constraint);
            owner.rollback();
        }
    }

    @Test
    void paysACoachOnceForCredits() throws SQLException {
        UUID mentee = Rows.user();
        UUID coach = Rows.coach();
        UUID payment = Rows.transaction(mentee, coach, Rows.session(mentee, coach));
        String step = """
                insert into transfer_steps (id, kind, purpose, transaction_id, amount, currency)
                values (gen_random_uuid(), '%s', 'credit_session', ?, 100, 'USD')""";
        Sql.run(Caller.SERVICE, step.formatted("transfer"), payment);

        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, step.formatted("transfer"), payment)))
                .isEqualTo("transfer_steps_one_credit_session");
        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, step.formatted("fee_refund"), payment)))
                .isEqualTo("transfer_steps_cause");
    }

    @Test
    void writesAWalletsHistoryBesideItsEntriesForGood() throws SQLException {
        UUID user = Rows.user();
        UUID coach = Rows.coach();
        UUID payment = Rows.transaction(user, coach, Rows.session(user, coach));
        UUID purchase = Rows.creditPurchase(user, "completed");
        Rows.creditAdjustment(user, "12.5");
        try (Connection owner = Database.owner()) {
            Rows.post(owner, "credits_bought", purchase.toString(), purchase, line("external", null, "-30"),
                    line("platform_promotions", null, "-3"),
                    line("credits", user, "33"));
            Rows.post(owner, "credits_booked", payment.toString(), payment, line("credits", user, "-25"),
                    line("deferred", user, "25"));
            Rows.post(line("external", null, "-25"), line("coach_pending", coach, "25"));

            assertThat(Sql.column(owner, """
                    select concat_ws(' ', l.line, j.kind, trim_scale(l.amount), trim_scale(l.balance_before),
                             trim_scale(l.balance_after), l.package_name, l.session_id = t.session_id, l.transaction_id = t.id)
                      from wallet_lines l
                      join ledger_entries e on e.id = l.id and e.line = l.line and e.journal_id = l.journal_id
                      join ledger_journals j on j.id = l.journal_id and j.kind = l.kind and j.occurred_at = l.occurred_at
                      left join transactions t on t.id = j.transaction_id
                     where l.user_id = '%s' order by l.line""".formatted(user))).containsExactly(
                    "1 test 12.5 0 12.5", "2 credits_bought 33 12.5 45.5 Starter t",
                    "3 credits_booked -25 45.5 20.5 t t");
            assertThat(Refusal.constraint(() -> Sql.run(owner, "update wallet_lines set amount = 1 where user_id = ?", user)))
                    .isEqualTo("wallet_lines_append_only");
            assertThat(Refusal.constraint(() -> Sql.run(owner, "delete from wallet_lines where user_id = ?", user)))
                    .isEqualTo("wallet_lines_append_only");
        }
        for (Caller caller : List.of(Caller.SERVICE, Caller.admin(user), Caller.user(user))) {
            assertThat(Refusal.state(() -> Sql.run(caller, "insert into wallet_lines select * from wallet_lines")))
                    .isEqualTo(Refusal.MISSING_RIGHT);
        }
    }

    @Test
    void writesAdjustmentsForGood() throws SQLException {
        UUID adjustment = Rows.creditAdjustment(Rows.user(), "12.5");
        try (Connection owner = Database.owner()) {
            assertThat(Refusal.constraint(
                    () -> Sql.run(owner, "update credit_adjustments set amount = 1 where id = ?", adjustment)))
                    .isEqualTo("credit_adjustments_append_only");
            assertThat(Refusal.constraint(() -> Sql.run(owner, "delete from credit_adjustments where id = ?", adjustment)))
                    .isEqualTo("credit_adjustments_append_only");
        }
    }

    private static String outstanding() throws SQLException {
        return Sql.value(Caller.SERVICE, "select outstanding from credit_capacity where currency = 'USD'");
    }

    private static String difference(String before) throws SQLException {
        return Sql.value(Caller.SERVICE, "select outstanding - ?::numeric from credit_capacity where currency = 'USD'", before);
    }
}
