package io.coachpay.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.ServiceTest;
import io.coachpay.SoldSession;
import io.coachpay.Undone;
import io.coachpay.access.Ids;
import io.coachpay.ledger.Ledger;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionQueries;
import io.coachpay.transfer.TransferRequest.Purpose;

/** Requests to move money between the platform and a coach, before and after Stripe answers. */
@ServiceTest
class TransferRequestBooksTest {

    @Inject
    Undone undone;
    @Inject
    Ledger ledger;
    @Inject
    TransferRequestBooks books;

    private SoldSession sold;
    private Instant now;
    private UUID refund;
    private UUID dispute;

    @Test
    void recordsWhatIsToMoveAndWhy() {
        story(() -> {
            books.reverse(transfer(), usd("80.00"), Purpose.DISPUTE_RECOVERY, dispute);
            books.refundFee(payment(), usd("5.00"), Purpose.REFUND_REST, refund);
            books.send(payment(), usd("0.01"), Purpose.REFUND_FAILED, refund);

            assertThat(undone.texts(
                    """
                            select kind, purpose, amount, currency, status, attempt, refund_id, dispute_id, transfer_id from transfer_steps
                             where transaction_id = ? order by amount desc""",
                    sold.payment)).containsExactly(
                            "reversal dispute_recovery 80 USD requested 1 - " + dispute + " " + sold.transferId,
                            "fee_refund refund_rest 5 USD requested 1 " + refund + " - -",
                            "transfer refund_failed 0.01 USD requested 1 " + refund + " - -");
            assertThat(undone.texts("select distinct check_at <= ?::timestamptz + interval '1 minute' from transfer_steps"
                    + " where transaction_id = ?", now, sold.payment)).as("due at once").containsExactly("true");
        });
    }

    /** A restored database asks under the same id, so that Stripe is found to have made the object already. */
    @Test
    void givesTheSameIdToTheSameRequestAndOthersToTheNext() {
        story(() -> {
            TransferRequest first = books.reverse(transfer(), usd("10.00"), Purpose.DISPUTE_RECOVERY, dispute);
            TransferRequest second = books.reverse(transfer(), usd("10.00"), Purpose.DISPUTE_RECOVERY, dispute);

            assertThat(first.id())
                    .isEqualTo(Ids.under(sold.payment, "reversal/dispute_recovery/" + sold.transfer, 0));
            assertThat(second.id())
                    .isEqualTo(Ids.under(sold.payment, "reversal/dispute_recovery/" + sold.transfer, 1));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = { "0.00", "-1.00" })
    void asksForNothingThatMovesNothing(String amount) {
        story(() -> assertThatIllegalArgumentException()
                .isThrownBy(() -> books.send(payment(), usd(amount), Purpose.DISPUTE_WON, dispute)));
    }

    @Test
    void repaysARefundOnce() {
        assertThatThrownBy(() -> story(() -> {
            books.send(payment(), usd("10.00"), Purpose.REFUND_FAILED, refund);
            books.send(payment(), usd("10.00"), Purpose.REFUND_FAILED, refund);
        })).hasStackTraceContaining("transfer_steps_one_repayment");
    }

    @Test
    void takesTheRestOfATransferAndOfAFeeOnce() {
        assertThatThrownBy(() -> story(() -> {
            books.reverse(transfer(), usd("10.00"), Purpose.REFUND_REST, refund);
            books.reverse(transfer(), usd("10.00"), Purpose.REFUND_REST, refund);
        })).hasStackTraceContaining("transfer_steps_one_rest_of_transfer");
        assertThatThrownBy(() -> story(() -> {
            books.refundFee(payment(), usd("10.00"), Purpose.REFUND_REST, refund);
            books.refundFee(payment(), usd("10.00"), Purpose.REFUND_REST, refund);
        })).hasStackTraceContaining("transfer_steps_one_rest_of_fee");
    }

    /** By what another worker has written meanwhile, not by what was read before. */
    @ParameterizedTest
    @CsvSource({ "requested, refused withdrawn", "waiting_for_funds, refused withdrawn", "refused, refused -",
            "created, created -" })
    void withdrawsWhatIsStillOpen(String status, String after) {
        story(() -> {
            TransferRequest step = books.send(payment(), usd("10.00"), Purpose.DISPUTE_WON, dispute);
            undone.run("update transfer_steps set status = ? where id = ?", status, step.id());

            books.withdraw(payment(), step);

            assertThat(undone.texts("select status, failure_code from transfer_steps where id = ?", step.id()))
                    .containsExactly(after);
        });
    }

    @Test
    void keepsWhoWithdrewIt() {
        story(() -> {
            TransferRequest step = books.send(payment(), usd("10.00"), Purpose.DISPUTE_WON, dispute);

            books.withdraw(payment(), step, sold.mentee);

            assertThat(undone.texts("select status, decision, decided_by from transfer_steps where id = ?", step.id()))
                    .containsExactly("refused withdraw " + sold.mentee);
        });
    }

    /** A refund that waited for it is looked at again. */
    @Test
    void wakesWhatWaitedForARequestThatMovesNothing() {
        story(() -> {
            TransferRequest step = books.refundFee(payment(), usd("5.00"), Purpose.REFUND_REST, refund);
            undone.change("update refunds set status = 'succeeded', check_at = ?::timestamptz + interval '1 day' where id = ?",
                    now,
                    refund);

            books.refuse(step.id(), 1, "balance_insufficient", "No");

            assertThat(undone.texts("select check_at < ?::timestamptz + interval '1 minute' from refunds where id = ?", now,
                    refund)).containsExactly("true");
        });
    }

    @Test
    void ignoresARefusalOfAnEarlierAttempt() {
        story(() -> {
            TransferRequest step = books.send(payment(), usd("10.00"), Purpose.DISPUTE_WON, dispute);

            books.refuse(step.id(), 2, "later", "No");
            assertThat(status(step)).containsExactly("requested -");
            books.refuse(step.id(), 1, "account_closed", "No");
            books.refuse(step.id(), 1, "again", "No");

            assertThat(status(step)).containsExactly("refused account_closed");
        });
    }

    /** Reversals wait for the coach's balance, all else for the platform's. */
    @ParameterizedTest
    @CsvSource({ "reversal, coach, true", "reversal, platform, false", "reversal, others, false", "transfer, coach, false",
            "transfer, platform, true", "fee_refund, coach, false", "fee_refund, platform, true" })
    void triesWhatWaitedForTheBalanceThatHasGrown(String kind, String account, boolean due) {
        story(() -> {
            TransferRequest step = switch (kind) {
                case "reversal" -> books.reverse(transfer(), usd("10.00"), Purpose.DISPUTE_RECOVERY, dispute);
                case "transfer" -> books.send(payment(), usd("10.00"), Purpose.DISPUTE_WON, dispute);
                default -> books.refundFee(payment(), usd("10.00"), Purpose.REFUND_REST, refund);
            };
            undone.change("""
                    update transfer_steps set status = 'waiting_for_funds', check_at = ?::timestamptz + interval '1 day'
                     where id = ?""", now, step.id());

            books.fundsArrived(switch (account) {
                case "coach" -> sold.account;
                case "platform" -> null;
                default -> "acct_others";
            });

            assertThat(
                    undone.texts("select check_at < ?::timestamptz + interval '1 minute' from transfer_steps where id = ?", now,
                            step.id()))
                    .containsExactly(String.valueOf(due));
        });
    }

    private void story(Runnable story) {
        undone.run(() -> {
            now = undone.now();
            sold = SoldSession.transferred(undone, ledger);
            refund = Ids.next();
            undone.run("""
                    insert into refunds (id, transaction_id, stripe_refund_id, amount, currency, status, reason)
                    values (?, ?, ?, 25, 'USD', 'pending', 'late')""", refund, sold.payment, sold.stripeId("re"));
            dispute = Ids.next();
            undone.run("""
                    insert into disputes (id, transaction_id, stripe_dispute_id, amount, currency, status, reason, opened_at)
                    values (?, ?, ?, 125, 'USD', 'needs_response', 'general', ?)""", dispute, sold.payment, sold.stripeId("dp"),
                    now);
            story.run();
        });
    }

    private Transaction payment() {
        return TransactionQueries.locked(sold.payment).orElseThrow();
    }

    private Transfer transfer() {
        return Transfer.byStripeId(sold.transfer).orElseThrow();
    }

    private List<String> status(TransferRequest step) {
        return undone.texts("select status, failure_code from transfer_steps where id = ?", step.id());
    }

    private static Money usd(String amount) {
        return Money.parse("USD " + amount);
    }
}
