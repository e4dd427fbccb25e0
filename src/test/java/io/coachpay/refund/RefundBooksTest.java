package io.coachpay.refund;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import jakarta.inject.Inject;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.coachpay.Json;
import io.coachpay.ServiceTest;
import io.coachpay.SoldSession;
import io.coachpay.Undone;
import io.coachpay.access.Ids;
import io.coachpay.http.InvalidField;
import io.coachpay.inbox.MissingParent;
import io.coachpay.ledger.Ledger;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionQueries;
import io.coachpay.stripe.StripeCharge;
import io.coachpay.stripe.StripeRefund;
import io.coachpay.stripe.StripeRefused;

/** Refunds that are asked for, owed, refused and reported by Stripe, and what the books say of each. */
@ServiceTest
class RefundBooksTest {

    @Inject
    Undone undone;
    @Inject
    Ledger ledger;
    @Inject
    RefundBooks books;
    @Inject
    RefundReportBooks reports;

    private SoldSession sold;
    private Instant now;

    // ---- asking for one

    @Test
    void takesAllThatIsLeftWhereNoAmountIsNamed() {
        paid(() -> {
            request("40.00");
            request(null);

            assertThat(refunds()).containsExactly("requested 40 late -", "requested 85 late -");
            assertThat(books.remainderOf(payment())).isEqualTo(usd("0.00"));
            assertThatThrownBy(() -> request(null)).isInstanceOf(RefundRefused.ExceedsRemainder.class);
        });
    }

    @ParameterizedTest
    @CsvSource({ "125.01", "0.00", "-1.00" })
    void refusesAnAmountThatIsNotLeft(String amount) {
        paid(() -> assertThatThrownBy(() -> request(amount)).isInstanceOf(RefundRefused.ExceedsRemainder.class));
    }

    @Test
    void refusesAnotherCurrencyThanWasPaid() {
        paid(() -> assertThatThrownBy(
                () -> books.request(payment(), Money.parse("EUR 1.00"), "late", sold.coach, null, false))
                .isInstanceOf(InvalidField.class));
    }

    @Test
    void refusesARefundOfWhatWasNotPaid() {
        paid(() -> {
            undone.run("update sessions set status = 'cancelled', cancelled_at = now(), cancelled_by = 'mentee' where id = ?",
                    sold.session);
            UUID unpaid = Ids.next();
            undone.run(
                    """
                            insert into transactions (id, type, status, method, amount, currency, platform_fee, coach_payout, payer_id, coach_id,
                                   session_id, destination_account, stripe_customer_id)
                            values (?, 'session_payment', 'canceled', 'checkout', 125, 'USD', 25, 100, ?, ?, ?, ?, ?)""",
                    unpaid,
                    sold.mentee, sold.coach, sold.session, sold.account, sold.customer);

            assertThatThrownBy(
                    () -> books.request(TransactionQueries.locked(unpaid).orElseThrow(), null, "late", sold.coach, null,
                            false))
                    .isInstanceOf(RefundRefused.NotPaid.class);
        });
    }

    @Test
    void refusesARefundWhileThePayersBankHoldsTheMoney() {
        paid(() -> {
            dispute("125", null);

            assertThatThrownBy(() -> request("1.00")).isInstanceOf(RefundRefused.Disputed.class);
        });
    }

    /** A refund of 100.00 takes 80.00 from the coach; one who has less pending and available must not run into debt. */
    @Test
    void refusesACoachMoreThanTheCoachHas() {
        paid(() -> {
            undone.run("update stripe_connected_accounts set deauthorized_at = ? where id = ?", now, sold.connectedAccount);

            assertThatThrownBy(() -> books.request(payment(), usd("125.00"), "late", sold.coach, null, true))
                    .isInstanceOf(RefundRefused.ExceedsCoachFunds.class);
        });
        paid(() -> assertThat(books.request(payment(), usd("125.00"), "late", sold.coach, null, true).amount())
                .isEqualTo(usd("125.00")));
    }

    // ---- what is owed

    @Test
    void asksOnlyForThePartOfADebtThatIsNotUnderWay() {
        paid(() -> {
            request("40.00");

            assertThat(books.owe(payment(), usd("100.00"), "cancelled_by_coach", null)).isEqualTo(usd("60.00"));
            assertThat(books.owe(payment(), usd("100.00"), "cancelled_by_coach", null)).isEqualTo(usd("0.00"));

            assertThat(refunds()).containsExactly("requested 40 late -", "requested 60 cancelled_by_coach -");
            assertThat(due()).containsExactly("100 cancelled_by_coach");
        });
    }

    @Test
    void asksForTheRestOfADebtOnceTheBankHasDecided() {
        paid(() -> {
            UUID dispute = dispute("50", null);
            books.owe(payment(), usd("125.00"), "cancelled_by_coach", null);
            assertThat(refunds()).as("what the bank holds is with the payer")
                    .containsExactly("requested 75 cancelled_by_coach -");

            undone.change("update disputes set withdrawn_amount = 0, status = 'won', closed_at = ? where id = ?", now, dispute);
            books.requestRest(payment());
            books.requestRest(payment());

            assertThat(refunds()).containsExactly("requested 75 cancelled_by_coach -", "requested 50 cancelled_by_coach -");
        });
    }

    @Test
    void asksForNoRestWhileADisputeIsOpen() {
        paid(() -> {
            books.owe(payment(), usd("125.00"), "cancelled_by_coach", null);
            undone.change("update refunds set status = 'refused' where transaction_id = ?", sold.payment);
            dispute("1", null);

            books.requestRest(payment());

            assertThat(refunds()).containsExactly("refused 125 cancelled_by_coach -");
        });
    }

    /** Of a debt of 100.00 with 30.00 beyond it, only what is missing is due no more. */
    @ParameterizedTest
    @CsvSource({ "100.00, 100.00, 0", "100.00, 60.00, 40", "0.00, 60.00, -" })
    void owesAWithdrawnRefundNoMore(String due, String amount, String left) {
        paid(() -> {
            if (!due.equals("0.00")) {
                payment().amounts().owe(usd(due), "cancelled_by_coach");
            }
            Refund refund = request(amount);
            if (due.equals("100.00") && amount.equals("60.00")) {
                request("40.00");
            }

            books.withdraw(payment(), refund, sold.coach);

            assertThat(due()).containsExactly(left.equals("-") ? "- -" : left + " cancelled_by_coach");
            assertThat(refunds()).first().asString().startsWith("refused ");
        });
    }

    // ---- Stripe's refusals

    @Test
    void keepsARequestThatHasALaterAttemptThanTheRefusedOne() {
        paid(() -> {
            Refund refund = request("40.00");

            reports.refuse(refund.id(), 2, reason("charge_already_refunded"), "No", List.of(), now);

            assertThat(refunds()).containsExactly("requested 40 late -");
        });
    }

    @Test
    void keepsStripesReasonOfARefusal() {
        paid(() -> {
            Refund refund = request("40.00");

            reports.refuse(refund.id(), 1, reason("refund_disputed_payment"), "No", List.of(), now);
            reports.refuse(refund.id(), 1, reason("other"), "No", List.of(), now);

            assertThat(refunds()).containsExactly("refused 40 late -");
            assertThat(undone.texts("select failure_code from refunds where transaction_id = ?", sold.payment))
                    .containsExactly("refund_disputed_payment");
        });
    }

    /** 100.00 are due; somebody has given 60.00 back in the dashboard, so Stripe refuses 100.00, and 40.00 are asked for. */
    @Test
    void asksForWhatIsLeftOfADebtOnceStripeHasRefusedAll() {
        paid(() -> {
            books.owe(payment(), usd("100.00"), "cancelled_by_coach", null);
            UUID refund = UUID.fromString(undone.texts("select id from refunds where transaction_id = ?", sold.payment).get(0));

            reports.refuse(refund, 1, reason("charge_exceeds"), "Too much",
                    List.of(stripe("1", "succeeded", 6000, null)), now);

            assertThat(refunds()).containsExactly("refused 100 cancelled_by_coach -",
                    "succeeded 60 stripe_dashboard " + sold.stripeId("re", "1"), "requested 40 cancelled_by_coach -");
            assertThat(undone.texts("select failure_code from refunds where id = ?", refund))
                    .containsExactly(RefundProgress.TOO_MUCH);
            assertThat(undone.journals(sold.payment)).containsExactly(sold.paid(), refunded("1", "60"));
        });
    }

    @Test
    void blamesTheDisputeForARefusalWhileOneIsOpen() {
        paid(() -> {
            Refund refund = request("40.00");
            dispute("125", null);

            reports.refuse(refund.id(), 1, reason("charge_disputed"), "No", List.of(), now);

            assertThat(undone.texts("select failure_code from refunds where id = ?", refund.id()))
                    .containsExactly(RefundProgress.DISPUTED);
        });
    }

    @Test
    void waitsWithAForeignRefundThatHasNoRoomBesideAnotherRequest() {
        paid(() -> {
            Refund refused = request("60.00");
            request("60.00");

            reports.refuse(refused.id(), 1, reason("charge_exceeds"), "Too much",
                    List.of(stripe("1", "succeeded", 10000, null)), now);

            assertThat(refunds()).containsExactly("refused 60 late -", "requested 60 late -");
            assertThat(undone.texts("select failure_code from refunds where id = ?", refused.id()))
                    .containsExactly(RefundProgress.TOO_MUCH);
        });
    }

    @Test
    void refusesARefundWhosePartIsTaken() {
        paid(() -> {
            Refund refused = request("60.00");
            books.requireRoom(payment(), refused);
            reports.refuse(refused.id(), 1, reason("other"), "No", List.of(), now);
            request("66.00");

            assertThatThrownBy(() -> books.requireRoom(payment(), refused)).isInstanceOf(RefundRefused.ExceedsRemainder.class);
        });
    }

    // ---- Stripe's reports

    @Test
    void booksARefundOnceWithItsBalanceTransaction() {
        paid(() -> {
            Refund refund = request("40.00");

            told("1", "pending", 4000, refund.id(), null, null);
            assertThat(undone.journals(sold.payment)).as("no money has moved").containsExactly(sold.paid());
            told("1", "succeeded", 4000, refund.id(), "txn_1", null);
            told("1", "succeeded", 4000, refund.id(), "txn_1", null);
            told("1", "pending", 4000, refund.id(), null, null);

            assertThat(undone.journals(sold.payment)).containsExactly(sold.paid(), refunded("1", "40"));
            assertThat(refunds()).containsExactly("succeeded 40 late " + sold.stripeId("re", "1"));
            assertThat(state()).containsExactly("partially_refunded 40");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = { "failed", "canceled" })
    void booksBackWhatFailed(String end) {
        paid(() -> {
            Refund refund = request("125.00");
            if (end.equals("failed")) {
                told("1", "succeeded", 12500, refund.id(), "txn_1", null);
                assertThat(state()).containsExactly("refunded 125");
            } else {
                told("1", "pending", 12500, refund.id(), "txn_1", null);
            }

            told("1", end, 12500, refund.id(), "txn_1", null);
            assertThat(state()).as("its return is not reported").containsExactly("refunded 125");
            told("1", end, 12500, refund.id(), "txn_1", "txn_2");
            told("1", end, 12500, refund.id(), "txn_1", "txn_2");
            told("1", "succeeded", 12500, refund.id(), "txn_1", null);

            assertThat(undone.journals(sold.payment)).containsExactly(sold.paid(), refunded("1", "125"),
                    "refund_failed " + sold.stripeId("re", "1") + ": external -125 USD, refund_clearing 125 USD");
            assertThat(refunds()).containsExactly(end + " 125 late " + sold.stripeId("re", "1"));
            assertThat(state()).containsExactly("completed 0");
        });
    }

    @Test
    void booksBothWaysWhereAFailureIsTheFirstNews() {
        paid(() -> {
            told("1", "failed", 4000, null, "txn_1", "txn_2");

            assertThat(undone.journals(sold.payment)).containsExactly(sold.paid(), refunded("1", "40"),
                    "refund_failed " + sold.stripeId("re", "1") + ": external -40 USD, refund_clearing 40 USD");
            assertThat(refunds()).containsExactly("failed 40 stripe_dashboard " + sold.stripeId("re", "1"));
            assertThat(state()).containsExactly("completed 0");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = { "-", "order-17", "8d7a3f0e-0000-4000-8000-000000000000" })
    void adoptsARefundThatSomebodyElseMade(String metadata) {
        paid(() -> {
            ObjectNode json = json("1", "succeeded", 4000, null, "txn_1", null);
            if (!metadata.equals("-")) {
                json.putObject("metadata").put("coachpay_id", metadata);
            }

            for (int times = 0; times < 2; times++) {
                reports.apply(StripeRefund.from(json), now);
            }

            assertThat(refunds()).containsExactly("succeeded 40 stripe_dashboard " + sold.stripeId("re", "1"));
            assertThat(state()).containsExactly("partially_refunded 40");
        });
    }

    @Test
    void findsThePaymentByItsCharge() {
        paid(() -> {
            ObjectNode json = json("1", "succeeded", 4000, null, "txn_1", null);
            json.remove("payment_intent");
            reports.apply(StripeRefund.from(json.put("charge", sold.charge)), now);

            assertThat(refunds()).hasSize(1);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = { "payment_intent", "charge", "neither" })
    void waitsForThePaymentOfARefund(String by) {
        paid(() -> {
            ObjectNode json = json("1", "succeeded", 4000, null, "txn_1", null);
            json.remove("payment_intent");
            if (!by.equals("neither")) {
                json.put(by, by.equals("charge") ? "ch_others" : "pi_others");
            }

            assertThatThrownBy(() -> reports.apply(StripeRefund.from(json), now)).isInstanceOf(MissingParent.class);
        });
    }

    /** Our id on the refund of another payment, or on a second one, as somebody may have copied it. */
    @Test
    void takesARefundWithOurIdOfAnotherForSomebodyElses() {
        paid(() -> {
            SoldSession other = SoldSession.paid(undone, ledger);
            Refund refund = request("40.00");

            ObjectNode copy = json("1", "succeeded", 1000, refund.id(), "txn_1", null).put("payment_intent", other.intent);
            reports.apply(StripeRefund.from(copy), now);
            told("2", "succeeded", 4000, refund.id(), "txn_2", null);
            told("3", "succeeded", 4000, refund.id(), "txn_3", null);

            assertThat(refunds()).containsExactly("succeeded 40 late " + sold.stripeId("re", "2"),
                    "succeeded 40 stripe_dashboard " + sold.stripeId("re", "3"));
            assertThat(undone.texts("select status, amount, reason from refunds where transaction_id = ?", other.payment))
                    .containsExactly("succeeded 10 stripe_dashboard");
        });
    }

    @Test
    void knowsWhetherAllThatAChargeReportsIsBooked() {
        paid(() -> {
            assertThat(reports.areBooked(charge(sold.charge, 0))).isTrue();
            assertThat(reports.areBooked(charge(sold.charge, 4000))).isFalse();
            told("1", "succeeded", 4000, null, "txn_1", null);

            assertThat(reports.areBooked(charge(sold.charge, 4000))).isTrue();
            assertThat(reports.areBooked(charge(sold.charge, 4001))).isFalse();
            assertThat(reports.areBooked(charge("ch_others", 0))).isFalse();
        });
    }

    @Test
    void triesWhatWaitsForFundsOnceTheyHaveArrived() {
        paid(() -> {
            Refund refund = request("40.00");
            undone.change("update refunds set check_at = ?::timestamptz + interval '1 day' where id = ?", now, refund.id());

            books.fundsArrived("acct_others");
            assertThat(isDue(refund.id())).isFalse();
            books.fundsArrived(sold.account);
            assertThat(isDue(refund.id())).isTrue();

            undone.change("update refunds set check_at = ?::timestamptz + interval '1 day' where id = ?", now, refund.id());
            books.fundsArrived(null);
            assertThat(isDue(refund.id())).isTrue();

            undone.change("update refunds set status = 'pending', check_at = ?::timestamptz + interval '1 day' where id = ?",
                    now,
                    refund.id());
            books.fundsArrived(null);
            assertThat(isDue(refund.id())).as("Stripe has it").isFalse();
        });
    }

    private void paid(Runnable story) {
        undone.run(() -> {
            now = undone.now();
            sold = SoldSession.paid(undone, ledger);
            story.run();
        });
    }

    private Transaction payment() {
        return TransactionQueries.locked(sold.payment).orElseThrow();
    }

    private Refund request(@Nullable String amount) {
        return books.request(payment(), amount == null ? null : usd(amount), "late", sold.coach, null, false);
    }

    /** The bank takes this much; the database sums it up. */
    private UUID dispute(String withdrawn, @Nullable Instant closed) {
        UUID id = Ids.next();
        undone.change("""
                insert into disputes (id, transaction_id, stripe_dispute_id, amount, currency, status, reason, withdrawn_amount,
                       opened_at, closed_at)
                values (?, ?, ?, ?::numeric, 'USD', 'needs_response', 'general', ?::numeric, ?, ?::timestamptz)""", id,
                sold.payment, sold.stripeId("dp"), withdrawn, withdrawn, now, closed);
        return id;
    }

    private void told(String name, String status, int minor, @Nullable UUID ours, @Nullable String line,
            @Nullable String failureLine) {
        reports.apply(StripeRefund.from(json(name, status, minor, ours, line, failureLine)), now);
    }

    private StripeRefund stripe(String name, String status, int minor, @Nullable UUID ours) {
        return StripeRefund.from(json(name, status, minor, ours, "txn_" + name, null));
    }

    private ObjectNode json(String name, String status, int minor, @Nullable UUID ours, @Nullable String line,
            @Nullable String failureLine) {
        ObjectNode json = (ObjectNode) Json.read("""
                {"id": "%s", "object": "refund", "status": "%s", "amount": %d, "currency": "usd", "payment_intent": "%s",
                 "created": %d}""".formatted(sold.stripeId("re", name), status, minor, sold.intent, now.getEpochSecond()));
        if (ours != null) {
            json.putObject("metadata").put("coachpay_id", ours.toString());
        }
        return json.put("balance_transaction", line).put("failure_balance_transaction", failureLine);
    }

    private StripeCharge charge(String id, int refunded) {
        return StripeCharge.from(Json
                .read("""
                        {"id": "%s", "object": "charge", "status": "succeeded", "amount": 12500, "amount_refunded": %d, "currency": "usd",
                         "created": %d}"""
                        .formatted(id, refunded, now.getEpochSecond())));
    }

    private String refunded(String name, String amount) {
        return "refunded " + sold.stripeId("re", name) + ": external " + amount + " USD, refund_clearing -" + amount + " USD";
    }

    private static StripeRefused.Reason reason(String code) {
        return new StripeRefused.Reason("refunds.create", 400, code, "req_some", "Refused");
    }

    private List<String> refunds() {
        return undone.texts("select status, amount, reason, stripe_refund_id from refunds where transaction_id = ? order by id",
                sold.payment);
    }

    private List<String> due() {
        return undone.texts("select refund_due, refund_due_reason from transactions where id = ?", sold.payment);
    }

    private List<String> state() {
        return undone.texts("select status, refunded_amount from transactions where id = ?", sold.payment);
    }

    private boolean isDue(UUID refund) {
        return Objects
                .equals(undone.texts("select check_at < ?::timestamptz + interval '1 hour' from refunds where id = ?", now,
                        refund).get(0), "true");
    }

    private static Money usd(String amount) {
        return Money.parse("USD " + amount);
    }
}
