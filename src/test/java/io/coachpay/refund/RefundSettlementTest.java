package io.coachpay.refund;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.ServiceTest;
import io.coachpay.SoldSession;
import io.coachpay.Undone;
import io.coachpay.access.Ids;
import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionQueries;

/** Money between platform and coach once a refund has succeeded or failed. */
@ServiceTest
class RefundSettlementTest {

    @Inject
    Undone undone;
    @Inject
    Ledger ledger;
    @Inject
    RefundSettlement settlement;

    private SoldSession sold;
    private Instant now;

    // ---- after success

    @Test
    void movesNothingWhereStripeTookAllWithTheRefund() {
        story(() -> {
            UUID refund = refund("succeeded", "125", "late");
            reversed(refund, "125");
            feeRefunded("25");

            settle(refund);

            assertThat(steps()).isEmpty();
            assertThat(checked(refund)).containsExactly("-");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = { "late", "stripe_dashboard" })
    void takesTheRestOnceAllOfAPaymentIsRefunded(String reason) {
        story(() -> {
            UUID refund = refund("succeeded", "125", reason);
            reversed(refund, "50");
            feeRefunded("5");

            settle(refund);
            settle(refund);

            assertThat(steps()).containsExactly("reversal refund_rest 75 " + refund, "fee_refund refund_rest 20 " + refund);
        });
    }

    @Test
    void takesNothingMoreForAPartOfAPayment() {
        story(() -> {
            UUID refund = refund("succeeded", "25", "late");

            settle(refund);

            assertThat(steps()).isEmpty();
            assertThat(checked(refund)).containsExactly("-");
        });
    }

    @Test
    void leavesTheRestToTheRefundThatIsSettledLast() {
        story(() -> {
            UUID first = refund("succeeded", "50", "late");
            UUID second = refund("succeeded", "75", "late");

            settle(first);
            assertThat(steps()).isEmpty();
            settle(second);

            assertThat(steps()).containsExactly("reversal refund_rest 125 " + second, "fee_refund refund_rest 25 " + second);
        });
    }

    @Test
    void takesNothingFromTheCoachForWhatThePlatformBears() {
        story(() -> {
            UUID alone = refund("succeeded", "50", "late");
            undone.change("update refunds set borne_alone = true where id = ?", alone);
            settle(alone);
            UUID rest = refund("succeeded", "75", "late");

            settle(rest);

            assertThat(steps()).isEmpty();
        });
    }

    @Test
    void waitsWhileMoneyMovesForSomethingElse() {
        story(() -> {
            UUID refund = refund("succeeded", "125", "late");
            undone.run("""
                    insert into transfer_steps (id, transaction_id, kind, purpose, transfer_id, amount, currency, status)
                    values (?, ?, 'reversal', 'dispute_recovery', ?, 10, 'USD', 'waiting_for_funds')""", Ids.next(),
                    sold.payment,
                    sold.transferId);

            settle(refund);

            assertThat(steps()).hasSize(1);
            assertThat(checked(refund)).containsExactly("true");
        });
    }

    // ---- after failure

    /** All of 125.00 was taken, and 25.00 of the fee given back for it: the coach gets 100.00, the platform its 25.00. */
    @ParameterizedTest
    @CsvSource({ "failed, 125, 25, 100, 25", "canceled, 50, 10, 40, 10", "failed, 125, 0, 125, 0", "failed, 5, 25, 0, 5" })
    void givesBackWhatAFailedRefundTook(String status, String taken, String fee, String toCoach, String kept) {
        story(() -> {
            UUID refund = refund(status, "125", "late");
            reversed(refund, taken);
            if (!fee.equals("0")) {
                feeRefunded(fee);
            }

            settle(refund);

            assertThat(steps()).containsExactlyElementsOf(
                    toCoach.equals("0") ? List.of() : List.of("transfer refund_failed " + toCoach + " " + refund));
            assertThat(undone.journals(sold.payment)).filteredOn(journal -> journal.startsWith("fee_regained"))
                    .containsExactlyElementsOf(kept.equals("0") ? List.of()
                            : List.of("fee_regained " + sold.stripeId("re", "125") + ": platform_revenue " + kept
                                    + " USD, refund_clearing -" + kept + " USD"));
            assertThat(undone.texts("select repaid from refunds where id = ?", refund)).containsExactly(toCoach);
            assertThat(checked(refund)).containsExactly("-");
        });
    }

    @Test
    void repaysNothingWhereNothingWasTaken() {
        story(() -> {
            UUID refund = refund("failed", "125", "late");

            settle(refund);

            assertThat(steps()).isEmpty();
            assertThat(undone.journals(sold.payment)).containsExactly(sold.paid());
            assertThat(undone.texts("select repaid from refunds where id = ?", refund)).containsExactly("0");
        });
    }

    /** Stripe does not say for which of several refunds a fee went back, so an administrator decides. */
    @Test
    void leavesTheRepaymentOfOneOfSeveralToAPerson() {
        story(() -> {
            UUID failed = refund("failed", "50", "late");
            reversed(failed, "50");
            refund("succeeded", "25", "late");

            settle(failed);

            assertThat(steps()).isEmpty();
            assertThat(undone.texts("select repaid, check_at from refunds where id = ?", failed)).containsExactly("- -");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = { "requested", "refused", "pending", "requires_action" })
    void movesNothingForARefundThatIsNotOver(String status) {
        story(() -> {
            settle(refund(status, "125", "late"));

            assertThat(steps()).isEmpty();
        });
    }

    // ---- an administrator's decision

    @Test
    void keepsForThePlatformWhatAPersonDoesNotGiveBack() {
        story(() -> {
            UUID refund = refund("failed", "50", "late");
            reversed(refund, "50");
            assertThat(settlement.takenFor(Refund.locked(refund).orElseThrow())).isEqualTo(Money.parse("USD 50.00"));

            settlement.repay(payment(), Refund.locked(refund).orElseThrow(), Money.parse("USD 30.01"));

            assertThat(steps()).containsExactly("transfer refund_failed 30.01 " + refund);
            assertThat(undone.journals(sold.payment)).contains("fee_regained " + sold.stripeId("re", "50")
                    + ": platform_revenue 19.99 USD, refund_clearing -19.99 USD");
        });
    }

    private void story(Runnable story) {
        undone.run(() -> {
            now = undone.now();
            sold = SoldSession.transferred(undone, ledger);
            story.run();
        });
    }

    private void settle(UUID refund) {
        settlement.settle(payment(), Refund.locked(refund).orElseThrow());
    }

    private Transaction payment() {
        return TransactionQueries.locked(sold.payment).orElseThrow();
    }

    /** A refund that is to be checked; a succeeded one is in the books. */
    private UUID refund(String status, String amount, String reason) {
        UUID id = Ids.next();
        boolean known = !status.equals("requested") && !status.equals("refused");
        @Nullable
        String stripeId = known ? sold.stripeId("re", amount) : null;
        undone.run("""
                insert into refunds (id, transaction_id, stripe_refund_id, amount, currency, status, reason, check_at)
                values (?, ?, ?, ?::numeric, 'USD', ?, ?, ?)""", id, sold.payment, stripeId, amount, status, reason, now);
        if (status.equals("succeeded")) {
            ledger.post(Postings.refunded(sold.stripeId("re", amount), Money.parse("USD " + amount), now).of(sold.payment));
            undone.change(
                    """
                            update transactions set refunded_amount = refunded_amount + ?::numeric,
                                   status = case when refunded_amount + ?::numeric = amount then 'refunded' else 'partially_refunded' end
                             where id = ?""",
                    amount, amount, sold.payment);
        }
        return id;
    }

    /** Stripe took this much from the coach, gross, for a refund. */
    private void reversed(UUID refund, String amount) {
        String id = sold.stripeId("trr", amount);
        undone.run("""
                insert into transfer_reversals (id, transfer_id, refund_id, stripe_reversal_id, amount, currency, occurred_at)
                values (?, ?, ?, ?, ?::numeric, 'USD', ?)""", Ids.next(), sold.transferId, refund, id, amount, now);
        ledger.post(Postings.transferReversed(id, sold.coach, Money.parse("USD " + amount), now).of(sold.payment));
    }

    private void feeRefunded(String amount) {
        String id = sold.stripeId("fr", amount);
        undone.run("""
                insert into fee_refunds (id, transaction_id, stripe_fee_refund_id, stripe_application_fee_id, amount, currency,
                       occurred_at) values (?, ?, ?, ?, ?::numeric, 'USD', ?)""", Ids.next(), sold.payment, id, sold.fee,
                amount,
                now);
        ledger.post(Postings.feeRefunded(id, sold.coach, Money.parse("USD " + amount), now).of(sold.payment));
    }

    private List<String> steps() {
        return undone.texts("""
                select kind, purpose, amount, coalesce(refund_id, dispute_id) from transfer_steps where transaction_id = ?
                 order by kind desc""", sold.payment);
    }

    /** A dash once nothing more follows; else whether it is in an hour. */
    private List<String> checked(UUID refund) {
        return undone.texts("select check_at > ?::timestamptz + interval '50 minutes' from refunds where id = ?", now, refund);
    }
}
