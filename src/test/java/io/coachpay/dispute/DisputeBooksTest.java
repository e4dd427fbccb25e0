package io.coachpay.dispute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.coachpay.Json;
import io.coachpay.ServiceTest;
import io.coachpay.SoldSession;
import io.coachpay.Undone;
import io.coachpay.inbox.MissingParent;
import io.coachpay.ledger.Ledger;
import io.coachpay.payment.TransactionQueries;
import io.coachpay.refund.RefundBooks;
import io.coachpay.stripe.StripeDispute;
import io.coachpay.stripe.StripeTransfer;
import io.coachpay.transfer.TransferBooks;

/** Disputes as Stripe reports them, in any order: their journals, the coach's share, and its return. */
@ServiceTest
class DisputeBooksTest {

    @Inject
    Undone undone;
    @Inject
    Ledger ledger;
    @Inject
    DisputeBooks books;
    @Inject
    TransferBooks transfers;
    @Inject
    RefundBooks refunds;

    private SoldSession sold;
    private Instant now;

    @Test
    void booksWhatTheBankTookOnceAndAsksTheCoachForTheShare() {
        transferred(() -> {
            told("needs_response", 0, taken(12500, 1500));
            told("under_review", 1, taken(12500, 1500));
            told("under_review", 1, taken(12500, 1500));

            assertThat(undone.journals(sold.payment)).containsExactly(sold.paid(), withdrawn("125", "15", "140"));
            assertThat(disputes()).containsExactly("under_review 125 false");
            assertThat(steps()).containsExactly("reversal dispute_recovery 100 requested");
            assertThat(payment()).containsExactly("125 0 disputed");
        });
    }

    /** The state is stale; the line of its money is a fact all the same. */
    @Test
    void booksTheLinesOfAStaleReport() {
        transferred(() -> {
            told("lost", 5);

            told("needs_response", 1, taken(12500, 1500));

            assertThat(disputes()).containsExactly("lost 0 true");
            assertThat(undone.journals(sold.payment)).containsExactly(sold.paid(), withdrawn("125", "15", "140"));
        });
    }

    @Test
    void givesBackWhatIsWon() {
        transferred(() -> {
            told("needs_response", 0, taken(12500, 1500));
            makeTheReversal();

            told("won", 1, taken(12500, 1500), given(12500));
            told("won", 1, taken(12500, 1500), given(12500));

            assertThat(undone.journals(sold.payment)).contains(
                    "dispute_funds " + sold.stripeId("txn", "given") + ": dispute_losses 125 USD, external -125 USD")
                    .hasSize(4);
            assertThat(disputes()).containsExactly("won 0 true");
            assertThat(steps()).containsExactly("reversal dispute_recovery 100 created", "transfer dispute_won 100 requested");
            assertThat(payment()).containsExactly("0 0 paid");
            assertThat(checked()).as("nothing more follows").containsExactly("-");
        });
    }

    @Test
    void takesNothingFromTheCoachForADisputeThatWasWonMeanwhile() {
        transferred(() -> {
            told("needs_response", 0, taken(12500, 1500));

            told("won", 1, taken(12500, 1500), given(12500));

            assertThat(steps()).containsExactly("reversal dispute_recovery 100 refused");
        });
    }

    @Test
    void keepsWhatIsLostForThePayer() {
        transferred(() -> {
            told("needs_response", 0, taken(12500, 1500));

            told("lost", 1, taken(12500, 1500));

            assertThat(payment()).containsExactly("125 125 disputed");
            assertThat(disputes()).containsExactly("lost 125 true");
            assertThat(steps()).containsExactly("reversal dispute_recovery 100 requested");
        });
    }

    /** Of 12.34 the coach bears 12.34 × 100 / 125 = 9.872, rounded to the cent. */
    @Test
    void takesTheCoachsShareOfAPart() {
        transferred(() -> {
            told("needs_response", 0, taken(1234, 1500));

            assertThat(undone.journals(sold.payment)).containsExactly(sold.paid(), withdrawn("12.34", "15", "27.34"));
            assertThat(steps()).containsExactly("reversal dispute_recovery 9.87 requested");
        });
    }

    /** An inquiry takes no money; nor does a line that moves nothing. */
    @ParameterizedTest
    @ValueSource(strings = { "warning_needs_response", "warning_under_review", "warning_closed", "prevented", "a_new_state" })
    void movesNothingForAnInquiry(String status) {
        transferred(() -> {
            told(status, 0, line("nothing", 0, 0));

            assertThat(undone.journals(sold.payment)).containsExactly(sold.paid());
            assertThat(steps()).isEmpty();
            assertThat(payment()).containsExactly("0 0 paid");
        });
    }

    @Test
    void booksTheFeeAlone() {
        transferred(() -> {
            told("needs_response", 0, line("fee", 0, 1500));

            assertThat(undone.journals(sold.payment)).containsExactly(sold.paid(),
                    "dispute_funds " + sold.stripeId("txn", "fee") + ": external 15 USD, stripe_fees -15 USD");
        });
    }

    @Test
    void takesTheShareOnceTheTransferIsKnown() {
        paid(() -> {
            told("needs_response", 0, taken(12500, 1500));
            assertThat(steps()).isEmpty();
            assertThat(checked()).as("it is looked at again").doesNotContain("-");

            transfers.apply(StripeTransfer.from(Json.read("""
                    {"id": "%s", "object": "transfer", "amount": 12500, "currency": "usd", "destination": "%s",
                     "source_transaction": "%s", "transfer_group": "%s", "created": %d}""".formatted(sold.transfer,
                    sold.account,
                    sold.charge, sold.payment, now.getEpochSecond()))));

            assertThat(steps()).containsExactly("reversal dispute_recovery 100 requested");
        });
    }

    @Test
    void refundsTheRestOfWhatIsDueOnceTheBankHasDecided() {
        transferred(() -> {
            told("needs_response", 0, taken(5000, 1500));
            refunds.owe(TransactionQueries.locked(sold.payment).orElseThrow(),
                    SoldSession.PRICE, "cancelled_by_coach", null);
            assertThat(refunded()).containsExactly("75 requested");

            told("under_review", 1, taken(5000, 1500));
            assertThat(refunded()).containsExactly("75 requested");
            told("won", 2, taken(5000, 1500), given(5000));
            told("won", 3, taken(5000, 1500), given(5000));

            assertThat(refunded()).containsExactly("75 requested", "50 requested");
        });
    }

    @ParameterizedTest
    @CsvSource({ "charge", "payment_intent", "neither" })
    void waitsForThePaymentOfADispute(String by) {
        transferred(() -> {
            ObjectNode json = json("needs_response");
            json.remove("payment_intent");
            if (!by.equals("neither")) {
                json.put(by, by.equals("charge") ? "ch_others" : "pi_others");
            }

            assertThatThrownBy(() -> books.apply(StripeDispute.from(json), now)).isInstanceOf(MissingParent.class);
        });
    }

    @Test
    void findsThePaymentByItsCharge() {
        transferred(() -> {
            ObjectNode json = json("needs_response", taken(12500, 1500)).put("charge", sold.charge);
            json.remove("payment_intent");

            books.apply(StripeDispute.from(json), now);

            assertThat(disputes()).containsExactly("needs_response 125 false");
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

    private void told(String status, int seconds, ObjectNode... lines) {
        books.apply(StripeDispute.from(json(status, lines)), now.plusSeconds(seconds));
    }

    private ObjectNode json(String status, ObjectNode... lines) {
        ObjectNode json = (ObjectNode) Json.read("""
                {"id": "%s", "object": "dispute", "status": "%s", "amount": 12500, "currency": "usd", "reason": "fraudulent",
                 "payment_intent": "%s", "created": %d}""".formatted(sold.stripeId("dp"), status, sold.intent,
                now.getEpochSecond()));
        ArrayNode all = json.putArray("balance_transactions");
        List.of(lines).forEach(all::add);
        return json;
    }

    /** The amount that the bank took, and Stripe's fee for it, both in cents. */
    private ObjectNode taken(int minor, int fee) {
        return line("taken", -minor, fee);
    }

    private ObjectNode given(int minor) {
        return line("given", minor, 0);
    }

    private ObjectNode line(String name, int minor, int fee) {
        return (ObjectNode) Json.read("""
                {"id": "%s", "object": "balance_transaction", "type": "adjustment", "amount": %d, "fee": %d, "net": %d,
                 "currency": "usd", "created": %d}""".formatted(sold.stripeId("txn", name), minor, fee, minor - fee,
                now.getEpochSecond()));
    }

    /** Stripe makes the reversal that was asked for. */
    private void makeTheReversal() {
        UUID step = UUID
                .fromString(undone.texts("select id from transfer_steps where transaction_id = ?", sold.payment).get(0));
        transfers.apply(sold.transfer, StripeTransfer.Reversal.from(Json.read("""
                {"id": "%s", "object": "transfer_reversal", "amount": 10000, "currency": "usd", "created": %d,
                 "metadata": {"coachpay_id": "%s"}}""".formatted(sold.stripeId("trr"), now.getEpochSecond(), step))));
    }

    private String withdrawn(String amount, String fee, String both) {
        return "dispute_funds " + sold.stripeId("txn", "taken") + ": dispute_losses -" + amount + " USD, external " + both
                + " USD, stripe_fees -" + fee + " USD";
    }

    private List<String> disputes() {
        return undone.texts("select status, withdrawn_amount, closed_at is not null from disputes where transaction_id = ?",
                sold.payment);
    }

    private List<String> checked() {
        return undone.texts("select check_at from disputes where transaction_id = ?", sold.payment);
    }

    private List<String> steps() {
        return undone.texts(
                "select kind, purpose, amount, status from transfer_steps where transaction_id = ? order by created_at, id",
                sold.payment);
    }

    private List<String> refunded() {
        return undone.texts("select amount, status from refunds where transaction_id = ? order by id", sold.payment);
    }

    /** The amount that the bank holds of the payment, the part that it keeps, and the session's state of payment. */
    private List<String> payment() {
        return undone.texts(
                """
                        select t.disputed_amount, t.lost_amount, s.payment_status from transactions t join sessions s on s.id = t.session_id
                         where t.id = ?""",
                sold.payment);
    }
}
