package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wall that holds for every refund: a payment never gives back more than was paid. */
class RefundRulesTest {

    private final UUID mentee = Rows.user();
    private final UUID coach = Rows.coach();
    private final UUID payment = Rows.transaction(mentee, coach, Rows.session(mentee, coach), "completed");

    RefundRulesTest() throws SQLException {
    }

    @ParameterizedTest
    @ValueSource(strings = { "requested", "pending", "requires_action", "succeeded" })
    void countsWhatMayReachThePayer(String status) throws SQLException {
        for (int i = 0; i < 5; i++) {
            Rows.refund(payment, status);
        }

        assertThat(Refusal.constraint(() -> Rows.refund(payment, "requested"))).isEqualTo("refunds_within_payment");
    }

    @ParameterizedTest
    @ValueSource(strings = { "refused", "failed", "canceled" })
    void countsNothingThatNeverWill(String status) throws SQLException {
        for (int i = 0; i < 6; i++) {
            Rows.refund(payment, status);
        }

        Rows.refund(payment, "requested");
    }

    @ParameterizedTest
    @ValueSource(strings = { "amount = 125.01", "currency = 'EUR'", "amount = 1250000" })
    void refusesToGrowARefund(String change) throws SQLException {
        UUID refund = Rows.refund(payment, "requested");

        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, "update refunds set " + change + " where id = ?", refund)))
                .isEqualTo("refunds_within_payment");
        try (Connection owner = Database.owner()) {
            assertThat(Refusal.constraint(() -> Sql.run(owner, "update refunds set " + change + " where id = ?", refund)))
                    .isEqualTo("refunds_within_payment");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "requested", "pending", "succeeded" })
    void countsARefusedOneThatStripeHasMadeAfterAll(String status) throws SQLException {
        UUID refused = Rows.refund(payment, "refused");
        for (int i = 0; i < 4; i++) {
            Rows.refund(payment, "succeeded");
        }
        UUID last = Rows.refund(payment, "requested");
        String become = "update refunds set status = '" + status + "' where id = ?";

        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, become, refused))).isEqualTo("refunds_within_payment");

        Sql.run(Caller.SERVICE, "update refunds set status = 'refused' where id = ?", last);
        Sql.run(Caller.SERVICE, become, refused);
    }

    @ParameterizedTest
    @ValueSource(strings = { "125.01", "-0.01" })
    void refusesToOweWhatWasNotPaid(String due) {
        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE,
                "update transactions set refund_due = " + due + ", refund_due_reason = 'greed' where id = ?", payment)))
                .isEqualTo("transactions_refund_due_within_amount");
    }

    @Test
    void owesNothingWithoutAReason() {
        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, "update transactions set refund_due = 1 where id = ?",
                payment))).isEqualTo("transactions_refund_due_for_a_reason");
    }

    @ParameterizedTest
    @ValueSource(strings = { "refunds", "transfer_steps" })
    void decidesNothingWithoutSomebodyWhoDoes(String table) throws SQLException {
        UUID row = table.equals("refunds") ? Rows.refund(payment, "requested") : Rows.transferStep(payment, "requested");

        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE,
                "update " + table + " set decision = 'retry', decided_at = now() where id = ?", row)))
                .isEqualTo(table + "_decided_by_somebody");
    }

    @Test
    void refusesTwoForOneRequest() throws SQLException {
        UUID request = UUID.randomUUID();
        Sql.runAsOwner("update refunds set request_id = ? where id = ?", request, Rows.refund(payment, "requested"));
        UUID another = Rows.refund(payment, "requested");

        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update refunds set request_id = ? where id = ?", request, another)))
                .isEqualTo("refunds_one_a_request");
    }

    @Test
    void refusesManyInOneStatement() {
        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, """
                insert into refunds (id, transaction_id, amount, currency, status, reason)
                select gen_random_uuid(), ?, 25, 'USD', 'requested', 'greed' from generate_series(1, 6)""", payment)))
                .isEqualTo("refunds_within_payment");
    }

    @Test
    void letsInNoMoreThanFitHoweverManyAskAtOnce() throws Exception {
        var refusals = Together.attempt(20, () -> Rows.refund(payment, "requested"));

        assertThat(refusals).hasSize(15)
                .allSatisfy(refusal -> assertThat(refusal).hasMessageContaining("are refunded and 25"));
    }

    @Test
    void letsAFailedOneMakeRoom() throws SQLException {
        UUID failing = Rows.refund(payment, "succeeded");
        for (int i = 0; i < 4; i++) {
            Rows.refund(payment, "succeeded");
        }

        Sql.run(Caller.SERVICE, "update refunds set status = 'failed' where id = ?", failing);

        Rows.refund(payment, "requested");
    }

    @Test
    void asksForTheRestOfATransferOnceAtATime() throws SQLException {
        UUID transfer = Rows.transfer(payment, Rows.connectedAccount(coach));
        UUID refund = Rows.refund(payment, "succeeded");
        step("reversal", "refund_rest", refund, transfer);

        assertThat(Refusal.constraint(() -> step("reversal", "refund_rest", refund, transfer)))
                .isEqualTo("transfer_steps_one_rest_of_transfer");
        step("fee_refund", "refund_rest", refund, null);
        assertThat(Refusal.constraint(() -> step("fee_refund", "refund_rest", refund, null)))
                .isEqualTo("transfer_steps_one_rest_of_fee");
    }

    @Test
    void repaysAFailedRefundOnce() throws SQLException {
        UUID refund = Rows.refund(payment, "failed");
        step("transfer", "refund_failed", refund, null);

        assertThat(Refusal.constraint(() -> step("transfer", "refund_failed", refund, null)))
                .isEqualTo("transfer_steps_one_repayment");
    }

    @Test
    void givesBackWhatARefundTookOnce() throws SQLException {
        UUID refund = taken("failed");
        repaid(refund, "20");

        assertThat(Refusal.constraint(() -> repaid(refund, "5"))).isEqualTo("refunds_repaid_once");
        assertThat(Refusal.constraint(() -> repaid(refund, "null"))).isEqualTo("refunds_repaid_once");
        try (Connection owner = Database.owner()) {
            assertThat(Refusal.constraint(() -> Sql.run(owner, "update refunds set repaid = 5 where id = ?", refund)))
                    .isEqualTo("refunds_repaid_once");
        }
    }

    @Test
    void givesBackNothingOnceThatIsDecided() throws SQLException {
        UUID refund = taken("canceled");
        repaid(refund, "0");

        assertThat(Refusal.constraint(() -> repaid(refund, "20"))).isEqualTo("refunds_repaid_once");
    }

    @Test
    void givesBackNoMoreThanARefundTook() throws SQLException {
        UUID refund = taken("failed");

        assertThat(Refusal.constraint(() -> repaid(refund, "25.01"))).isEqualTo("refunds_repaid_within_taken");
        repaid(refund, "25");
    }

    @ParameterizedTest
    @ValueSource(strings = { "succeeded", "refused" })
    void givesBackOnlyWhatHasFailed(String status) throws SQLException {
        UUID refund = taken(status);

        assertThat(Refusal.constraint(() -> repaid(refund, "20"))).isEqualTo("refunds_repaid_after_failure");
    }

    @Test
    void givesBackNoLessThanNothing() throws SQLException {
        UUID refund = taken("failed");

        assertThat(Refusal.constraint(() -> repaid(refund, "-1"))).isEqualTo("refunds_repaid_after_failure");
    }

    @ParameterizedTest
    @ValueSource(strings = { "decision = 'repay'", "decision = 'retry', decision_reason = 'why not'",
            "decision = 'repay', decision_reason = ' '" })
    void decidesARepaymentForAReason(String decision) throws SQLException {
        UUID refund = taken("failed");

        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE,
                "update refunds set " + decision + ", decided_by = ?, decided_at = now() where id = ?", coach, refund)))
                .isIn("refunds_repay_for_a_reason", "refunds_decision_reason_check");
    }

    /** A refund of 25 that took all of it from the coach. */
    private UUID taken(String status) throws SQLException {
        UUID refund = Rows.refund(payment, status);
        UUID transfer = Rows.transfer(payment, Rows.connectedAccount(coach));
        Sql.run(Caller.SERVICE, """
                insert into transfer_reversals (id, transfer_id, refund_id, stripe_reversal_id, amount, currency, occurred_at)
                values (gen_random_uuid(), ?, ?, ?, 25, 'USD', now())""", transfer, refund, Rows.stripeId("trr"));
        return refund;
    }

    private static void repaid(UUID refund, String amount) throws SQLException {
        Sql.run(Caller.SERVICE, "update refunds set repaid = " + amount + " where id = ?", refund);
    }

    private void step(String kind, String purpose, UUID refund, UUID transfer) throws SQLException {
        Sql.run(Caller.SERVICE, """
                insert into transfer_steps (id, transaction_id, kind, purpose, refund_id, transfer_id, amount, currency)
                values (gen_random_uuid(), ?, ?, ?, ?, ?, 10, 'USD')""", payment, kind, purpose, refund, transfer);
    }
}
