package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sums that disputes took of a payment are those of their rows, whichever role writes them. */
class DisputeRulesTest {

    private static final String TAKES = "update disputes set withdrawn_amount = ? where id = ?";

    private final UUID payment;

    DisputeRulesTest() throws SQLException {
        UUID mentee = Rows.user();
        UUID coach = Rows.coach();
        payment = Rows.transaction(mentee, coach, Rows.session(mentee, coach), "completed");
    }

    @Test
    void sumsUpWhatDisputesTakeAndGiveBack() throws SQLException {
        UUID one = Rows.dispute(payment);
        UUID other = Rows.dispute(payment);

        assertThat(sums()).isEqualTo("0.0000 0.0000");
        Sql.run(Caller.SERVICE, TAKES, 100, one);
        Sql.run(Caller.SERVICE, TAKES, 25, other);
        assertThat(sums()).isEqualTo("125.0000 0.0000");
        Sql.run(Caller.SERVICE, "update disputes set closed_at = now() where id = ?", one);
        assertThat(sums()).isEqualTo("125.0000 100.0000");
        Sql.run(Caller.SERVICE, TAKES, 0, one);
        assertThat(sums()).isEqualTo("25.0000 0.0000");
        Sql.run(Caller.SERVICE, "update disputes set closed_at = null where id = ?", one);
        Sql.runAsOwner("delete from disputes where id = ?", other);
        assertThat(sums()).isEqualTo("0.0000 0.0000");
    }

    @Test
    void countsOneThatTakesWhenItIsWritten() throws SQLException {
        takingOne();

        assertThat(sums()).isEqualTo("10.0000 0.0000");
    }

    @Test
    void countsAllOfThoseThatComeAtOnce() throws Exception {
        var refusals = Together.attempt(12, this::takingOne);

        assertThat(refusals).isEmpty();
        assertThat(sums()).isEqualTo("120.0000 0.0000");
    }

    @Test
    void followsADisputeToAnotherPayment() throws SQLException {
        UUID dispute = takingOne();
        UUID mentee = Rows.user();
        UUID coach = Rows.coach();
        UUID other = Rows.transaction(mentee, coach, Rows.session(mentee, coach), "completed");

        Sql.runAsOwner("update disputes set transaction_id = ? where id = ?", other, dispute);

        assertThat(sums()).isEqualTo("0.0000 0.0000");
        assertThat(sums(other)).isEqualTo("10.0000 0.0000");
    }

    @ParameterizedTest
    @ValueSource(strings = { "disputed_amount = 0", "disputed_amount = 125", "lost_amount = 10",
            "disputed_amount = 20, lost_amount = 10" })
    void keepsTheServiceFromWritingTheSums(String other) throws SQLException {
        takingOne();

        for (Caller caller : new Caller[] { Caller.SERVICE, Caller.admin(Rows.user()) }) {
            assertThat(Refusal
                    .state(() -> Sql.run(caller, "update transactions set " + other + " where id = ?", payment)))
                    .isIn("23514", Refusal.MISSING_RIGHT);
        }
        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update transactions set " + other + " where id = ?", payment)))
                .isEqualTo("transactions_frozen");
        assertThat(sums()).isEqualTo("10.0000 0.0000");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "transactions | lost_amount = 0.01", "transactions | disputed_amount = -1",
            "transactions | disputed_amount = -1, lost_amount = -1", "disputes | withdrawn_amount = -0.01" })
    void refusesSumsThatCannotBe(String table, String odd) throws SQLException {
        UUID dispute = Rows.dispute(payment);

        assertThat(Refusal.constraint(() -> Sql.runAsOwner("update " + table + " set " + odd + " where id in (?, ?)",
                payment, dispute)))
                .isEqualTo(table.equals("disputes") ? "disputes_withdrawn_amount" : "transactions_disputed");
    }

    /** As a migration finds payments that were disputed before there was a trigger. */
    @Test
    void fillsInWhatWasTakenBefore() throws SQLException, IOException {
        takingOne();
        Sql.runAsOwner("update transactions set disputed_amount = 0 where id = ?", payment);
        String rule = Files.readString(Path.of("src/main/resources/db/rules/disputed-payments.sql"));

        Sql.runAsOwner(rule.substring(rule.indexOf("do $$"), rule.lastIndexOf("--rollback")));

        assertThat(sums()).isEqualTo("10.0000 0.0000");
    }

    private UUID takingOne() throws SQLException {
        return Rows.inserted("""
                insert into disputes (id, transaction_id, stripe_dispute_id, amount, currency, status, reason, opened_at,
                  withdrawn_amount) values (?, ?, ?, 10, 'USD', 'needs_response', 'general', now(), 10)""", payment,
                Rows.stripeId("dp"));
    }

    private String sums() throws SQLException {
        return sums(payment);
    }

    private static String sums(UUID payment) throws SQLException {
        return Sql.value(Caller.SERVICE, "select disputed_amount || ' ' || lost_amount from transactions where id = ?",
                payment);
    }
}
