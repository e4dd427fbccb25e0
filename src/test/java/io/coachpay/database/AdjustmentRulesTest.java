package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A movement at Stripe is booked once: by its fact or by hand, as Stripe has it, by any writer. */
class AdjustmentRulesTest {

    @Test
    void takesAnAdjustmentThatIsWhatItsLineSays() {
        assertThatCode(() -> Rows.adjustment(Rows.coach(), "5.00")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({ "5.00,5.01", "5.00,-5.00", "-5.00,-4.99" })
    void refusesAnotherAmountThanTheLines(String said, String booked) throws SQLException {
        UUID coach = Rows.coach();

        assertThat(Refusal.constraint(() -> Database.as(Caller.SERVICE,
                connection -> Rows.adjusted(connection, coach, said, booked))))
                .isEqualTo("stripe_balance_transactions_adjusted");
    }

    @Test
    void refusesWhatIsNoLineOfStripes() throws SQLException {
        UUID coach = Rows.coach();

        assertThat(Refusal.constraint(() -> Database.as(Caller.SERVICE,
                connection -> Rows.post(connection, "adjusted", Rows.stripeId("txn"), Rows.line("coach_pending", coach, "5"),
                        Rows.line("external", null, "-5")))))
                .isEqualTo("ledger_journals_adjusted");
    }

    @Test
    void refusesALineTwice() throws SQLException {
        UUID adjustment = Rows.adjustment(Rows.coach(), "5.00");

        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, """
                insert into adjustments (id, balance_transaction_id, journal_id, finding_id, source, reason, booked_by)
                select gen_random_uuid(), balance_transaction_id, journal_id, finding_id, source, reason, booked_by
                  from adjustments where id = ?""", adjustment))).isEqualTo("adjustments_once");
    }

    @Test
    void refusesToGiveALineAnotherFact() throws SQLException {
        UUID coach = Rows.coach();
        UUID adjustment = Rows.adjustment(coach, "5.00");
        UUID journal = Rows.post(Rows.line("coach_pending", coach, "5"), Rows.line("external", null, "-5"));

        for (String fact : List.of("'" + journal + "'", "null")) {
            assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, """
                    update stripe_balance_transactions set fact_journal_id = %s
                     where id = (select balance_transaction_id from adjustments where id = ?)""".formatted(fact), adjustment)))
                    .isEqualTo("stripe_balance_transactions_fact");
        }
    }

    @Test
    void refusesAFactThatComesAfterwards() throws SQLException {
        UUID coach = Rows.coach();
        UUID adjustment = Rows.adjustment(coach, "5.00");
        String source = Sql.value(Caller.SERVICE, "select source from adjustments where id = ?", adjustment);

        assertThat(Refusal.constraint(() -> Database.as(Caller.SERVICE, connection -> Rows.post(connection, "refund_repaid",
                source, Rows.line("coach_pending", coach, "5"), Rows.line("refund_clearing", null, "-5")))))
                .isEqualTo("adjustments_source_alone");
        UUID payment = Rows.transaction(Rows.user(), coach, Rows.session(Rows.user(), coach));
        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, """
                insert into transfers (id, transaction_id, connected_account_id, purpose, amount, currency,
                       stripe_transfer_id)
                select gen_random_uuid(), ?, id, 'payment', 5, 'USD', ? from stripe_connected_accounts
                 where user_id = ?""", payment, source, coach))).isEqualTo("adjustments_source_alone");
    }

    @Test
    void refusesAPaymentOnACoachsAccountWhileATransferIsAwaitedThere() throws SQLException {
        UUID coach = Rows.coach();
        UUID mentee = Rows.user();
        UUID payment = Rows.transaction(mentee, coach, Rows.session(mentee, coach));

        assertThat(Refusal.constraint(() -> Database.as(Caller.SERVICE, connection -> {
            UUID line = Rows.adjusted(connection, coach, "5", "5");
            // Only a payment that is not as agreed goes to another account.
            Sql.run(connection,
                    """
                            update transactions t set destination_account = b.account, status = 'completed', held_at = now(), mismatch = 'elsewhere'
                              from stripe_balance_transactions b where t.id = ? and b.id = ?""",
                    payment, line);
            return Rows.adjustment(connection, line);
        }))).isEqualTo("adjustments_transfer_heard");
    }

    /** It made no transfer of its own, and its coach is paid by a request of ours. */
    @Test
    void takesAPaymentOnTheAccountOfACoachWhoseSessionWasPaidWithCredits() throws SQLException {
        UUID coach = Rows.coach();
        UUID mentee = Rows.user();
        UUID session = Rows.session(mentee, coach);

        assertThatCode(() -> Database.as(Caller.SERVICE, connection -> {
            UUID line = Rows.adjusted(connection, coach, "5", "5");
            Sql.run(connection,
                    """
                            insert into transactions (id, type, status, method, amount, credit_amount, currency, platform_fee, coach_payout,
                              payer_id, coach_id, session_id, destination_account)
                            select gen_random_uuid(), 'session_payment', 'completed', 'credits', 125, 125, 'USD', 25, 100, ?, ?, ?, account
                              from stripe_balance_transactions where id = ?""",
                    mentee, coach, session, line);
            return Rows.adjustment(connection, line);
        })).doesNotThrowAnyException();
    }

    @Test
    void takesAnAdjustmentOnAnAccountThatWasReplaced() throws SQLException {
        UUID coach = Rows.coach();
        UUID account = Rows.connectedAccount(coach);
        Sql.run(Caller.SERVICE, "update stripe_connected_accounts set deauthorized_at = now() where id = ?", account);
        String old = Sql.value(Caller.SERVICE, """
                update stripe_connected_accounts set stripe_account_id = null, deauthorized_at = null,
                  replaced_accounts = array[stripe_account_id] where id = ? returning replaced_accounts[1]""", account);

        assertThatCode(() -> Database.as(Caller.SERVICE, connection -> {
            String transaction = Rows.stripeId("txn");
            UUID journal = Rows.post(connection, "adjusted", transaction, Rows.line("coach_pending", coach, "5"),
                    Rows.line("external", null, "-5"));
            return Sql.run(connection,
                    """
                            insert into stripe_balance_transactions (id, account, stripe_balance_transaction_id, type, source, amount, fee,
                              net, currency, created, available_on, fact_journal_id)
                            values (gen_random_uuid(), ?, ?, 'payment', ?, 5, 0, 5, 'USD', now(), now(), ?)""",
                    old, transaction,
                    Rows.stripeId("py"), journal);
        })).doesNotThrowAnyException();
    }

    @Test
    void refusesAnAdjustmentOfWhatAFactHasBooked() throws SQLException {
        UUID coach = Rows.coach();
        String source = Rows.stripeId("tr");
        Database.as(Caller.SERVICE, connection -> Rows.post(connection, "refund_repaid", source,
                Rows.line("coach_pending", coach, "5"), Rows.line("refund_clearing", null, "-5")));

        assertThat(Refusal.constraint(() -> Database.as(Caller.SERVICE, connection -> Rows.adjustment(connection,
                Rows.adjusted(connection, coach, "5", "5", source))))).isEqualTo("adjustments_source_unknown");
    }

    @ParameterizedTest
    @ValueSource(strings = { "update adjustments set reason = 'Another' where id = ?", "delete from adjustments where id = ?" })
    void keepsWhatWasDecided(String change) throws SQLException {
        UUID adjustment = Rows.adjustment(Rows.coach(), "5.00");

        try (var owner = Database.owner()) {
            assertThat(Refusal.constraint(() -> Sql.run(owner, change, adjustment))).isEqualTo("adjustments_append_only");
        }
    }

    @Test
    void refusesAnAdjustmentWithoutAReason() throws SQLException {
        UUID coach = Rows.coach();

        assertThat(Refusal.constraint(() -> Database.as(Caller.SERVICE, connection -> Sql.run(connection,
                """
                        insert into adjustments (id, balance_transaction_id, journal_id, finding_id, reason, booked_by)
                        select gen_random_uuid(), b.id, b.fact_journal_id, f.id, ' ', ?
                          from stripe_balance_transactions b cross join (select id from reconciliation_findings limit 1) f where b.id = ?""",
                coach, Rows.adjusted(connection, coach, "5", "5"))))).isEqualTo("adjustments_reason_check");
    }
}
