package io.coachpay.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.inject.Inject;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.coachpay.Json;
import io.coachpay.ServiceTest;
import io.coachpay.SoldSession;
import io.coachpay.Undone;
import io.coachpay.access.Ids;
import io.coachpay.inbox.MissingParent;
import io.coachpay.ledger.Ledger;
import io.coachpay.payment.TransactionQueries;
import io.coachpay.stripe.StripeApplicationFee;
import io.coachpay.stripe.StripeTransfer;

/** Transfers, reversals and fee refunds, each booked once and by what it was for. */
@ServiceTest
class TransferBooksTest {

    @Inject
    Undone undone;
    @Inject
    Ledger ledger;
    @Inject
    TransferBooks books;

    private SoldSession sold;
    private Instant now;

    // ---- the payment's own transfer

    @Test
    void recordsThePaymentsTransferOnceAndBooksNothingForIt() {
        paid(() -> {
            books.apply(transfer(sold.account));
            books.apply(transfer(sold.account));

            assertThat(transfers()).containsExactly("payment 125 USD " + sold.transfer);
            assertThat(undone.journals(sold.payment)).containsExactly(sold.paid());
        });
    }

    @Test
    void findsThePaymentByItsCharge() {
        paid(() -> {
            ObjectNode json = json(sold.account);
            json.remove("transfer_group");
            books.apply(StripeTransfer.from(json));

            assertThat(transfers()).hasSize(1);
        });
    }

    @Test
    void ignoresATransferThatBelongsToNothingOfOurs() {
        paid(() -> {
            ObjectNode json = json(sold.account);
            json.remove("source_transaction");
            books.apply(StripeTransfer.from(json));

            assertThat(transfers()).isEmpty();
        });
    }

    @Test
    void waitsForThePaymentOfATransfer() {
        paid(() -> {
            ObjectNode json = json(sold.account).put("source_transaction", "ch_others").put("transfer_group", "order-17");

            assertThatThrownBy(() -> books.apply(StripeTransfer.from(json))).isInstanceOf(MissingParent.class);
        });
    }

    /** Until the payment is known to be held, whose money went elsewhere. */
    @Test
    void waitsWhereATransferWentToAnotherAccount() {
        paid(() -> assertThatThrownBy(() -> books.apply(transfer("acct_other"))).isInstanceOf(MissingParent.class));
        undone.run(() -> {
            now = undone.now();
            sold = SoldSession.held(undone, ledger);

            books.apply(transfer("acct_other"));

            assertThat(transfers()).isEmpty();
        });
    }

    @Test
    void knowsTheAccountThatTheCoachHasReplaced() {
        undone.run(() -> {
            now = undone.now();
            sold = SoldSession.paidTo("acct_replaced", undone, ledger);

            books.apply(transfer("acct_replaced"));

            assertThat(transfers()).hasSize(1);
        });
    }

    // ---- reversals

    @Test
    void booksEachReversalOnceFromWhicheverReportIsFirst() {
        paid(() -> {
            StripeTransfer.Reversal first = reversal("1", 5000, null);
            StripeTransfer.Reversal second = reversal("2", 1, null);

            books.apply(transfer(sold.account, first));
            books.apply(sold.transfer, first);
            books.apply(transfer(sold.account), List.of(second, first));
            books.apply(transfer(sold.account, second));

            assertThat(undone.journals(sold.payment)).containsExactly(sold.paid(),
                    "transfer_reversed " + first.id() + ": coach_pending -50 USD, refund_clearing 50 USD",
                    "transfer_reversed " + second.id() + ": coach_pending -0.01 USD, refund_clearing 0.01 USD");
            assertThat(reversals()).containsExactly("50 " + first.id() + " -", "0.01 " + second.id() + " -");
        });
    }

    @Test
    void waitsForTheTransferOfAReversal() {
        paid(() -> assertThatThrownBy(() -> books.apply(sold.transfer, reversal("1", 5000, null)))
                .isInstanceOf(MissingParent.class));
    }

    @Test
    void linksAReversalToItsRefundWhicheverIsKnownFirst() {
        transferred(() -> {
            UUID refund = refund(sold.stripeId("re", "1"));
            books.apply(sold.transfer, reversal("1", 5000, sold.stripeId("re", "1")));
            books.apply(sold.transfer, reversal("2", 2500, sold.stripeId("re", "2")));
            assertThat(reversals()).extracting(row -> row.substring(row.lastIndexOf(' ') + 1))
                    .containsExactly(refund.toString(), "-");

            UUID later = refund(sold.stripeId("re", "2"));
            books.link(sold.stripeId("trr", "2"), later);
            books.link("trr_others", later);

            assertThat(reversals()).extracting(row -> row.substring(row.lastIndexOf(' ') + 1))
                    .containsExactly(refund.toString(), later.toString());
        });
    }

    // ---- fee refunds

    @Test
    void booksEachFeeRefundOnce() {
        paid(() -> {
            StripeApplicationFee fee = fee(sold.fee, feeRefund("1", 500), feeRefund("2", 1));

            books.apply(fee, fee.refunds());
            books.apply(fee, fee.refunds());
            books.apply(sold.payment, sold.fee, fee.refunds().get(0));

            assertThat(undone.journals(sold.payment)).containsExactly(sold.paid(),
                    "fee_refunded " + sold.stripeId("fr", "1") + ": coach_pending 5 USD, platform_revenue -5 USD",
                    "fee_refunded " + sold.stripeId("fr", "2") + ": coach_pending 0.01 USD, platform_revenue -0.01 USD");
            assertThat(undone.texts(
                    "select amount, stripe_application_fee_id from fee_refunds where transaction_id = ? order by id",
                    sold.payment)).containsExactly("5 " + sold.fee, "0.01 " + sold.fee);
        });
    }

    @Test
    void findsThePaymentOfAFeeByItsCharge() {
        paid(() -> {
            undone.change("update transactions set stripe_application_fee_id = null where id = ?", sold.payment);
            StripeApplicationFee fee = fee(sold.fee, feeRefund("1", 500));

            books.apply(fee, fee.refunds());

            assertThat(undone.journals(sold.payment)).hasSize(2);
        });
    }

    @Test
    void waitsForThePaymentOfAFee() {
        paid(() -> {
            ObjectNode others = (ObjectNode) Json.read("""
                    {"id": "fee_others", "object": "application_fee", "amount": 2500, "currency": "usd", "created": 1,
                     "originating_transaction": "ch_others"}""");

            assertThatThrownBy(() -> books.apply(StripeApplicationFee.from(others), List.of(feeRefund("1", 1))))
                    .isInstanceOf(MissingParent.class);
        });
    }

    // ---- our requests

    @ParameterizedTest
    @CsvSource({ "refund_failed, refund_repaid, refund_clearing", "dispute_won, dispute_repaid, dispute_losses" })
    void booksATransferThatWeAskedForByItsPurpose(String purpose, String journal, String from) {
        transferred(() -> {
            UUID step = step("transfer", purpose);
            StripeTransfer made = asked(sold.stripeId("tr", "2"), step);

            books.apply(made);
            books.apply(made);

            String entries = from.equals("dispute_losses") ? "coach_pending 80 USD, dispute_losses -80 USD"
                    : "coach_pending 80 USD, refund_clearing -80 USD";
            assertThat(undone.journals(sold.payment)).containsExactly(sold.paid(),
                    journal + " " + sold.stripeId("tr", "2") + ": " + entries);
            assertThat(transfers()).contains(purpose + " 80 USD " + sold.stripeId("tr", "2"));
            assertThat(steps()).containsExactly("created " + sold.stripeId("tr", "2"));
        });
    }

    @ParameterizedTest
    @CsvSource({ "refund_rest, transfer_reversed, refund_clearing", "dispute_recovery, dispute_recovered, dispute_losses" })
    void booksAReversalThatWeAskedForByItsPurpose(String purpose, String journal, String to) {
        transferred(() -> {
            UUID step = step("reversal", purpose);
            StripeTransfer.Reversal made = reversal("1", 8000, null, step.toString());

            books.apply(sold.transfer, made);
            books.apply(sold.transfer, made);

            assertThat(undone.journals(sold.payment)).containsExactly(sold.paid(),
                    journal + " " + made.id() + ": coach_pending -80 USD, " + to + " 80 USD");
            assertThat(steps()).containsExactly("created " + made.id());
        });
    }

    @Test
    void completesAFeeRefundThatWeAskedFor() {
        paid(() -> {
            UUID step = step("fee_refund", "refund_rest");
            StripeApplicationFee fee = fee(sold.fee, feeRefund("1", 8000, step));

            books.apply(fee, fee.refunds());
            books.apply(fee, fee.refunds());

            assertThat(undone.journals(sold.payment)).hasSize(2);
            assertThat(steps()).containsExactly("created " + sold.stripeId("fr", "1"));
        });
    }

    /** The database was restored to a time before the request. */
    @Test
    void waitsForARequestOfOursThatIsNotKnown() {
        transferred(() -> {
            assertThatThrownBy(() -> books.apply(asked(sold.stripeId("tr", "2"), UUID.randomUUID())))
                    .isInstanceOf(MissingParent.class);
        });
    }

    @Test
    void booksWhatStripeMadeAfterWeHadWithdrawnIt() {
        transferred(() -> {
            UUID step = step("transfer", "dispute_won");
            undone.change("update transfer_steps set status = 'refused', failure_code = 'withdrawn' where id = ?", step);

            books.apply(asked(sold.stripeId("tr", "2"), step));

            assertThat(undone.journals(sold.payment)).hasSize(2);
            assertThat(steps()).containsExactly("refused " + sold.stripeId("tr", "2"));
        });
    }

    /** Somebody has copied our id to an object of another payment, whose money it moved. */
    @Test
    void completesNoRequestOfAnotherPayment() {
        transferred(() -> {
            UUID step = step("transfer", "dispute_won");
            SoldSession other = SoldSession.transferred(undone, ledger);
            StripeTransfer.Reversal copy = reversal("1", 5000, null, step.toString());

            assertThatThrownBy(() -> books.apply(other.transfer, copy)).isInstanceOf(MissingParent.class);
        });
    }

    // ---- what is left

    @Test
    void leavesWhatNeitherWentBackNorIsAskedFor() {
        transferred(() -> {
            assertThat(left()).isEqualTo("125 of 125, fee 25");

            books.apply(sold.transfer, reversal("1", 5000, null));
            StripeApplicationFee fee = fee(sold.fee, feeRefund("1", 500));
            books.apply(fee, fee.refunds());
            assertThat(left()).isEqualTo("75 of 125, fee 20");

            step("reversal", "dispute_recovery", 30);
            step("fee_refund", "refund_rest", 7);
            assertThat(left()).isEqualTo("45 of 125, fee 13");

            undone.change("update transfer_steps set status = 'refused' where transaction_id = ?", sold.payment);
            assertThat(left()).as("what Stripe refused is still there").isEqualTo("75 of 125, fee 20");
        });
    }

    @Test
    void leavesPartsOfEachTransferThePaymentsOwnFirst() {
        transferred(() -> {
            books.apply(asked(sold.stripeId("tr", "2"), step("transfer", "dispute_won")));
            books.apply(sold.stripeId("tr", "2"), reversal("1", 100, null));

            assertThat(left()).isEqualTo("125 of 125, 79 of 80, fee 25");
        });
    }

    private void paid(Runnable story) {
        undone.run(() -> {
            now = undone.now();
            sold = SoldSession.paid(undone, ledger);
            story.run();
        });
    }

    private void transferred(Runnable story) {
        undone.run(() -> {
            now = undone.now();
            sold = SoldSession.transferred(undone, ledger);
            story.run();
        });
    }

    private StripeTransfer transfer(String destination, StripeTransfer.Reversal... reversals) {
        StripeTransfer bare = StripeTransfer.from(json(destination));
        return new StripeTransfer(bare.id(), bare.amount(), bare.amountReversed(), false, bare.destinationId(),
                bare.destinationPaymentId(), bare.sourceChargeId(), bare.balanceTransactionId(), bare.transferGroup(),
                Arrays.asList(reversals), true, bare.metadata(), bare.created());
    }

    private ObjectNode json(String destination) {
        return (ObjectNode) Json.read("""
                {"id": "%s", "object": "transfer", "amount": 12500, "currency": "usd", "destination": "%s",
                 "destination_payment": "%s", "source_transaction": "%s", "transfer_group": "%s", "created": %d}""".formatted(
                sold.transfer, destination, sold.stripeId("py"), sold.charge, sold.payment, now.getEpochSecond()));
    }

    /** A transfer of 80.00 that this request asked for. */
    private StripeTransfer asked(String id, UUID step) {
        return StripeTransfer.from(Json
                .read("""
                        {"id": "%s", "object": "transfer", "amount": 8000, "currency": "usd", "destination": "%s", "transfer_group": "%s",
                         "metadata": {"coachpay_id": "%s"}, "created": %d}"""
                        .formatted(id, sold.account, sold.payment, step,
                                now.getEpochSecond())));
    }

    private StripeTransfer.Reversal reversal(String name, int minor, @Nullable String refund) {
        return reversal(name, minor, refund, null);
    }

    private StripeTransfer.Reversal reversal(String name, int minor, @Nullable String refund, @Nullable String ours) {
        ObjectNode json = (ObjectNode) Json.read("""
                {"id": "%s", "object": "transfer_reversal", "amount": %d, "currency": "usd", "created": %d}""".formatted(
                sold.stripeId("trr", name), minor, now.getEpochSecond()));
        if (refund != null) {
            json.put("source_refund", refund);
        }
        if (ours != null) {
            json.putObject("metadata").put("coachpay_id", ours);
        }
        return StripeTransfer.Reversal.from(json);
    }

    private StripeApplicationFee fee(String id, StripeApplicationFee.FeeRefund... refunds) {
        StripeApplicationFee bare = StripeApplicationFee.from(Json.read("""
                {"id": "%s", "object": "application_fee", "amount": 2500, "currency": "usd", "created": %d,
                 "originating_transaction": "%s"}""".formatted(id, now.getEpochSecond(), sold.charge)));
        return new StripeApplicationFee(bare.id(), bare.amount(), bare.amountRefunded(), null, null,
                bare.originatingChargeId(), null, Arrays.asList(refunds), true, bare.created());
    }

    private StripeApplicationFee.FeeRefund feeRefund(String name, int minor) {
        return feeRefund(name, minor, null);
    }

    private StripeApplicationFee.FeeRefund feeRefund(String name, int minor, @Nullable UUID ours) {
        ObjectNode json = (ObjectNode) Json.read("""
                {"id": "%s", "object": "fee_refund", "amount": %d, "currency": "usd", "created": %d}""".formatted(
                sold.stripeId("fr", name), minor, now.getEpochSecond()));
        if (ours != null) {
            json.putObject("metadata").put("coachpay_id", ours.toString());
        }
        return StripeApplicationFee.FeeRefund.from(json);
    }

    private UUID refund(String stripeId) {
        UUID id = Ids.next();
        undone.run("""
                insert into refunds (id, transaction_id, stripe_refund_id, amount, currency, status, reason)
                values (?, ?, ?, 25, 'USD', 'succeeded', 'late')""", id, sold.payment, stripeId);
        return id;
    }

    /** A request for 80.00. */
    private UUID step(String kind, String purpose) {
        return step(kind, purpose, 80);
    }

    private UUID step(String kind, String purpose, int amount) {
        UUID id = Ids.next();
        undone.run("""
                insert into transfer_steps (id, transaction_id, kind, purpose, transfer_id, amount, currency, status)
                values (?, ?, ?, ?, ?, ?, 'USD', 'requested')""", id, sold.payment, kind, purpose,
                kind.equals("reversal") ? sold.transferId : null, amount);
        return id;
    }

    private String left() {
        TransferBooks.Left left = books.leftOf(TransactionQueries.locked(sold.payment).orElseThrow());
        return left.parts().stream().map(part -> amount(part.left()) + " of " + amount(part.transfer().amount()))
                .collect(Collectors.joining(", ")) + ", fee " + amount(left.fee());
    }

    private static String amount(Money money) {
        return money.getAmount().stripTrailingZeros().toPlainString();
    }

    private List<String> transfers() {
        return undone.texts(
                "select purpose, amount, currency, stripe_transfer_id from transfers where transaction_id = ? order by id",
                sold.payment);
    }

    private List<String> reversals() {
        return undone.texts("""
                select r.amount, r.stripe_reversal_id, r.refund_id from transfer_reversals r
                  join transfers t on t.id = r.transfer_id where t.transaction_id = ? order by r.id""", sold.payment);
    }

    private List<String> steps() {
        return undone.texts("select status, stripe_id from transfer_steps where transaction_id = ? order by id", sold.payment);
    }
}
