package io.coachpay.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.coachpay.Json;
import io.coachpay.ServiceTest;
import io.coachpay.SoldSession;
import io.coachpay.Undone;
import io.coachpay.inbox.MissingParent;
import io.coachpay.stripe.StripeCharge;
import io.coachpay.stripe.StripeCheckoutSession;
import io.coachpay.stripe.StripePaymentIntent;

/** Stripe's reports about payments, in any order and however often, and what our books say then. */
@ServiceTest
class TransactionBooksTest {

    private static final TransactionBooks.ReturnUrls URLS = new TransactionBooks.ReturnUrls("https://example.com/paid",
            "https://example.com/left");

    @Inject
    Undone undone;

    @Inject
    TransactionBooks books;

    private SoldSession sold;
    private Transaction payment;
    private Instant now;

    @Test
    void recordsAPaymentThatIsAboutToBegin() {
        begun(() -> assertThat(payments()).containsExactly("pending 125 25 100 0 - -"));
        begun(() -> assertThat(log()).containsExactly("begun pending pending -"));
        begun(PaymentAttempt.Method.CHECKOUT, () -> assertThat(page()).containsExactly("requested -"));
    }

    /** Else each reader would change and lock the row. */
    @Test
    void writesNothingWhenItIsRead() {
        begun(PaymentAttempt.Method.CHECKOUT, () -> {
            undone.change("update transactions set description = 'Read' where id = ?", payment.id());
            String place = "select ctid::text from transactions where id = ?";
            List<String> before = undone.texts(place, payment.id());

            Transaction read = Transaction.findById(payment.id());
            assertThat(read.atStripe().isKnown()).isFalse();
            assertThat(read.credits().packageId()).isNull();
            assertThat(read.completion().mismatch()).isNull();
            assertThat(read.attempt().failure()).isNull();

            assertThat(undone.texts(place, payment.id())).isEqualTo(before);
        });
    }

    @Test
    void booksAPaymentOnceHoweverOftenAndLateItIsReported() {
        begun(() -> {
            told("processing", 0);
            told("succeeded", 1);
            told("succeeded", 1);
            told("processing", 2);
            told("canceled", 3);
            told("requires_payment_method", 4, "card_declined");

            assertThat(undone.journals(payment.id())).containsExactly(paid());
            assertThat(payments()).containsExactly("completed 125 25 100 0 - -");
            assertThat(session()).containsExactly("confirmed paid " + sold.intent);
            assertThat(log()).containsExactly("begun pending pending -", "payment_intent.processing pending processing -",
                    "payment_intent.succeeded processing completed -");
        });
    }

    @Test
    void believesTheLatestRefusalAlone() {
        begun(() -> {
            told("requires_payment_method", 5, "card_declined");
            told("processing", 4);
            told("requires_payment_method", 3, "expired_card");
            told("requires_payment_method", 5, "card_declined");

            assertThat(payments()).containsExactly("failed 125 25 100 0 - card_declined");
            assertThat(log()).containsExactly("begun pending pending -",
                    "payment_intent.payment_failed pending failed card_declined");
        });
    }

    @Test
    void recordsEachNewReasonOfARefusal() {
        begun(() -> {
            told("requires_payment_method", 1, "card_declined");
            told("requires_payment_method", 2, "expired_card");

            assertThat(log()).contains("payment_intent.payment_failed failed failed expired_card");
            assertThat(payments()).containsExactly("failed 125 25 100 0 - expired_card");
        });
    }

    /** A PaymentIntent that waits for its first card is no refusal, nor is one in a state that nobody knows yet. */
    @ParameterizedTest
    @ValueSource(strings = { "requires_payment_method", "requires_action", "requires_confirmation", "requires_capture",
            "a_new_state" })
    void leavesAPaymentOpenThatNobodyRefused(String status) {
        begun(() -> {
            told(status, 1);

            assertThat(payments()).containsExactly("pending 125 25 100 0 - -");
            assertThat(log()).hasSize(1);
        });
    }

    @Test
    void forgetsWhatWasReportedBeforeAnotherTry() {
        begun(() -> {
            told("requires_payment_method", -2, "card_declined");
            books.retry(payment, PaymentAttempt.Method.SAVED_CARD, "pm_other");

            told("requires_payment_method", -1, "card_declined");

            assertThat(payments()).containsExactly("pending 125 25 100 0 - card_declined");
            assertThat(log()).last().isEqualTo("retried failed pending card_declined");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "order-17", "8d7a3f0e-0000-4000-8000-000000000000" })
    void waitsForAPaymentThatIsNotOurs(String id) {
        begun(() -> {
            ObjectNode others = intent("pi_others", "succeeded");
            others.putObject("metadata").put("coachpay_id", id);

            assertThatThrownBy(() -> books.apply(StripePaymentIntent.from(others), Origin.own("payment_intent.succeeded"), now))
                    .isInstanceOf(MissingParent.class);
        });
    }

    @Test
    void findsThePaymentByStripesIdWhereOursIsMissing() {
        begun(() -> {
            told("processing", 0);
            ObjectNode bare = intent(sold.intent, "succeeded");
            bare.putObject("metadata").put("coachpay_id", "order-17");

            books.apply(StripePaymentIntent.from(bare), Origin.own("payment_intent.succeeded"), now);

            assertThat(undone.journals(payment.id())).containsExactly(paid());
        });
    }

    /** The payment is booked to the cent as Stripe took it, and buys nothing. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "amount_received | 12000 | completed 120 25 95 0 held - | coach_pending 95 USD, external -120 USD, platform_revenue 25 USD",
            "amount_received | 12501 | completed 125.01 25 100.01 0 held - | coach_pending 100.01 USD, external -125.01 USD, platform_revenue 25 USD",
            "application_fee_amount | 2000 | completed 125 20 105 0 held - | coach_pending 105 USD, external -125 USD, platform_revenue 20 USD",
            "destination | acct_other | completed 125 0 0 0 held - | external -125 USD, refund_clearing 125 USD" })
    void holdsWhatWasNotAgreed(String field, String value, String row, String entries) {
        begun(() -> {
            ObjectNode other = intent(sold.intent, "succeeded");
            if (field.equals("destination")) {
                other.putObject("transfer_data").put("destination", value);
                other.remove("application_fee_amount");
            } else {
                other.put(field, Long.parseLong(value));
            }

            told(other, 1);
            told(other, 2);

            assertThat(payments()).containsExactly(row);
            assertThat(undone.journals(payment.id())).containsExactly("payment_held " + sold.intent + ": " + entries);
            assertThat(session()).containsExactly("pending_payment canceled -");
        });
    }

    @Test
    void holdsASecondPaymentMadeInTheNameOfOurOrder() {
        begun(() -> {
            told("succeeded", 0);

            told(intent("pi_second" + sold.intent.substring(3), "processing"), 1);
            assertThat(payments()).hasSize(1);
            told(intent("pi_second" + sold.intent.substring(3), "succeeded"), 2);
            told(intent("pi_second" + sold.intent.substring(3), "succeeded"), 3);

            assertThat(payments()).containsExactly("completed 125 25 100 0 - -", "completed 125 25 100 0 held -");
            assertThat(undone.journals(payment.id())).containsExactly(paid());
            UUID second = UUID
                    .fromString(undone.texts("select id from transactions where session_id = ? and held_at is not null",
                            sold.session).get(0));
            assertThat(undone.journals(second)).singleElement().asString()
                    .startsWith("payment_held pi_second")
                    .endsWith("coach_pending 100 USD, external -125 USD, platform_revenue 25 USD");
            assertThat(session()).containsExactly("confirmed paid " + sold.intent);
        });
    }

    @Test
    void booksMoneyThatCameAfterStripeHadCancelledThePayment() {
        begun(() -> {
            told("canceled", 0);
            assertThat(session()).containsExactly("pending_payment canceled -");

            told("succeeded", 1);

            assertThat(payments()).containsExactly("completed 125 25 100 0 late -");
            assertThat(undone.journals(payment.id())).containsExactly(paid());
            assertThat(session()).containsExactly("confirmed paid " + sold.intent);
            assertThat(refunds()).isEmpty();
        });
    }

    @Test
    void owesBackWhatCameLateBesideAnotherPayment() {
        begun(() -> {
            told("canceled", 0);
            Transaction another = begin(PaymentAttempt.Method.PAYMENT_INTENT);
            books.apply(StripePaymentIntent.from(intent("pi_another" + sold.intent.substring(3), "succeeded", another.id())),
                    Origin.own("payment_intent.succeeded"), now);

            told("succeeded", 1);
            told("succeeded", 2);

            assertThat(undone.texts("select status, surplus from transactions where id = ?", payment.id()))
                    .containsExactly("completed true");
            assertThat(undone.journals(payment.id())).containsExactly(paid());
            assertThat(refunds()).containsExactly("125 requested paid_twice");
            assertThat(session()).containsExactly("confirmed paid pi_another" + sold.intent.substring(3));
        });
    }

    @Test
    void mirrorsWhatOnlyTheChargeKnows() {
        begun(() -> {
            told("succeeded", 0);

            books.apply(charge("succeeded", sold.intent));
            books.apply(charge("succeeded", sold.intent));

            assertThat(
                    undone.texts("select stripe_charge_id, stripe_transfer_id, stripe_application_fee_id, payment_method_type"
                            + " from transactions where id = ?", payment.id()))
                    .containsExactly(String.join(" ", sold.charge, sold.transfer, sold.fee, "card"));
        });
    }

    @Test
    void keepsTheAddressThatThePayerGave() {
        begun(PaymentAttempt.Method.CHECKOUT, () -> {
            payment.atStripe().linkCheckoutSession(sold.stripeId("cs"));
            assertThat(address()).containsExactly(sold.mentee + "@example.com -");

            books.apply(charge("succeeded", sold.intent));
            assertThat(address()).containsExactly(sold.mentee + "@example.com pm_charged");

            books.apply(checkout("complete", payment.id()), null, Origin.own("checkout.session.completed"), now);
            books.apply(charge("succeeded", sold.intent));
            assertThat(address()).containsExactly("page@example.com pm_charged");
        });
        begun(PaymentAttempt.Method.PAYMENT_INTENT, () -> {
            books.apply(charge("succeeded", sold.intent));
            assertThat(address()).containsExactly("card@example.com pm_charged");
        });
    }

    private List<String> address() {
        return undone.texts("select customer_email, stripe_payment_method_id from transactions where id = ?", payment.id());
    }

    @Test
    void takesNothingFromAChargeThatFailed() {
        begun(() -> {
            told("processing", 0);

            books.apply(charge("failed", sold.intent));
            books.apply(charge("succeeded", null));

            assertThat(undone.texts("select stripe_transfer_id, stripe_application_fee_id from transactions where id = ?",
                    payment.id())).containsExactly("- -");
        });
    }

    @Test
    void waitsForThePaymentOfACharge() {
        begun(() -> {
            told("succeeded", 0);

            assertThatThrownBy(() -> books.apply(charge("succeeded", "pi_others"))).isInstanceOf(MissingParent.class);
        });
    }

    /** The state of the page and of its PaymentIntent, a dash for none, and of the payment afterwards. */
    @ParameterizedTest
    @CsvSource({ "expired, -, canceled, expired", "open, -, pending, open", "complete, -, pending, complete",
            "complete, succeeded, completed, complete", "complete, processing, processing, complete",
            "complete, requires_payment_method, canceled, complete", "open, requires_payment_method, pending, open",
            "expired, requires_action, canceled, expired", "open, requires_action, pending, open",
            "expired, succeeded, completed, expired", "expired, canceled, canceled, expired" })
    void endsThePaymentOfAPageThatIsOver(String page, String intent, String status, String pageStatus) {
        begun(PaymentAttempt.Method.CHECKOUT, () -> {
            for (int times = 0; times < 2; times++) {
                books.apply(checkout(page, payment.id()),
                        intent.equals("-") ? null : StripePaymentIntent.from(intent(sold.intent, intent)),
                        Origin.own("checkout.session.completed"), now);
            }

            assertThat(undone.texts("select status, stripe_checkout_session_id from transactions where id = ?", payment.id()))
                    .containsExactly(status + " " + sold.stripeId("cs"));
            assertThat(page()).containsExactly(pageStatus + " " + sold.stripeId("cs"));
            assertThat(undone.journals(payment.id())).hasSize(status.equals("completed") ? 1 : 0);
        });
    }

    @Test
    void reopensNoPageThatIsComplete() {
        begun(PaymentAttempt.Method.CHECKOUT, () -> {
            books.apply(checkout("complete", payment.id()), StripePaymentIntent.from(intent(sold.intent, "succeeded")),
                    Origin.own("checkout.session.completed"), now);

            books.apply(checkout("open", payment.id()), null, Origin.own("checkout.session.expired"), now);
            books.apply(checkout("expired", payment.id()), null, Origin.own("checkout.session.expired"), now);

            assertThat(page()).containsExactly("complete " + sold.stripeId("cs"));
            assertThat(payments()).containsExactly("completed 125 25 100 0 - -");
        });
    }

    @Test
    void waitsForThePaymentOfAPage() {
        begun(PaymentAttempt.Method.CHECKOUT, () -> assertThatThrownBy(() -> books.apply(checkout("expired", UUID.randomUUID()),
                null, Origin.own("checkout.session.expired"), now)).isInstanceOf(MissingParent.class));
    }

    @Test
    void waitsForThePageOfAPayment() {
        begun(() -> assertThatThrownBy(
                () -> books.apply(checkout("expired", payment.id()), null, Origin.own("checkout.session.expired"),
                        now))
                .isInstanceOf(MissingParent.class));
    }

    @Test
    void tellsARefusalOfStripesFromOneOfABank() {
        begun(() -> {
            books.refuse(payment, new DeclineReason("card_declined", null, "No"), false);
            assertThat(refusedAtAll()).isFalse();

            books.refuse(payment, new DeclineReason("account_invalid", null, "Never"), true);

            assertThat(refusedAtAll()).isTrue();
            assertThat(payments()).containsExactly("failed 125 25 100 0 - account_invalid");
        });
    }

    @Test
    void ignoresARefusalOfWhatIsPaid() {
        begun(() -> {
            told("succeeded", 0);

            books.refuse(payment, new DeclineReason("card_declined", null, "No"), true);

            assertThat(payments()).containsExactly("completed 125 25 100 0 - -");
            assertThat(refusedAtAll()).isFalse();
        });
    }

    @Test
    void cancelsWhatNeverReachedStripe() {
        begun(PaymentAttempt.Method.CHECKOUT, () -> {
            books.cancelUnsent(payment);
            books.cancelUnsent(payment);

            assertThat(payments()).containsExactly("canceled 125 25 100 0 - -");
            assertThat(page()).containsExactly("expired -");
            assertThat(log()).containsExactly("begun pending pending -", "dropped pending canceled -");
        });
    }

    @Test
    void followsTheSumOfAllRefunds() {
        begun(() -> {
            told("succeeded", 0);

            books.refunded(payment, Money.parse("USD 25.00"));
            assertThat(session()).containsExactly("confirmed partially_refunded " + sold.intent);
            books.refunded(payment, Money.parse("USD 125.00"));
            assertThat(session()).containsExactly("confirmed refunded " + sold.intent);
            books.refunded(payment, Money.parse("USD 0.00"));

            assertThat(payments()).containsExactly("completed 125 25 100 0 - -");
            assertThat(session()).containsExactly("confirmed paid " + sold.intent);
            assertThat(refunds()).isEmpty();
            assertThat(log()).endsWith("refunded completed partially_refunded -", "refunded partially_refunded refunded -",
                    "refunded refunded completed -");
        });
    }

    private void begun(Runnable story) {
        begun(PaymentAttempt.Method.PAYMENT_INTENT, story);
    }

    private void begun(PaymentAttempt.Method method, Runnable story) {
        undone.run(() -> {
            now = undone.now();
            sold = SoldSession.unpaid(undone);
            payment = begin(method);
            story.run();
        });
    }

    private Transaction begin(PaymentAttempt.Method method) {
        return books.begin(sold.order(), method, sold.customer, null, URLS);
    }

    private void told(String status, int seconds) {
        told(intent(sold.intent, status), seconds);
    }

    private void told(String status, int seconds, String code) {
        ObjectNode intent = intent(sold.intent, status);
        intent.putObject("last_payment_error").put("type", "card_error").put("code", code).put("message", "Declined.");
        told(intent, seconds);
    }

    private void told(ObjectNode intent, int seconds) {
        String status = intent.path("status").asText();
        books.apply(StripePaymentIntent.from(intent),
                Origin.own("payment_intent." + (status.equals("requires_payment_method") ? "payment_failed" : status)),
                now.plusSeconds(seconds));
    }

    private ObjectNode intent(String id, String status) {
        return intent(id, status, payment.id());
    }

    private ObjectNode intent(String id, String status, UUID ours) {
        return (ObjectNode) Json
                .read("""
                        {"id": "%s", "object": "payment_intent", "status": "%s", "amount": 12500, "amount_received": %d, "currency": "usd",
                         "application_fee_amount": 2500, "transfer_data": {"destination": "%s"}, "latest_charge": "%s",
                         "metadata": {"coachpay_id": "%s"}, "created": %d}"""
                        .formatted(id, status,
                                status.equals("succeeded") ? 12500 : 0, sold.account, "ch_" + id.substring(3), ours,
                                now.getEpochSecond()));
    }

    private StripeCharge charge(String status, @Nullable String intent) {
        ObjectNode json = (ObjectNode) Json.read("""
                {"id": "%s", "object": "charge", "status": "%s", "amount": 12500, "currency": "usd", "transfer": "%s",
                 "application_fee": "%s", "payment_method_details": {"type": "card"}, "payment_method": "pm_charged",
                 "billing_details": {"email": "card@example.com"}, "metadata": {"coachpay_id": "%s"},
                 "created": %d}""".formatted(sold.charge, status, sold.transfer, sold.fee, payment.id(), now.getEpochSecond()));
        return StripeCharge.from(intent == null ? json : json.put("payment_intent", intent));
    }

    private StripeCheckoutSession checkout(String status, UUID ours) {
        return StripeCheckoutSession.from(Json.read("""
                {"id": "%s", "object": "checkout.session", "status": "%s", "mode": "payment", "currency": "usd",
                 "customer_details": {"email": "page@example.com"}, "metadata": {"coachpay_id": "%s"}, "created": %d}"""
                .formatted(sold.stripeId("cs"), status, ours,
                        now.getEpochSecond())));
    }

    private String paid() {
        return "session_paid " + sold.intent + ": coach_pending 100 USD, external -125 USD, platform_revenue 25 USD";
    }

    /** State, amounts, whether they are held or late, and why they were refused. */
    private List<String> payments() {
        return undone.texts("""
                select status, amount, platform_fee, coach_payout, refunded_amount,
                       case when held_at is not null then 'held' when late_at is not null then 'late' end, failure_code
                  from transactions where session_id = ? order by id""", sold.session);
    }

    private List<String> session() {
        return undone.texts("select status, payment_status, stripe_payment_intent_id from sessions where id = ?", sold.session);
    }

    private List<String> page() {
        return undone.texts("select status, stripe_session_id from checkout_sessions where transaction_id = ?", payment.id());
    }

    private List<String> log() {
        return undone.texts(
                """
                        select event, status_before, status_after, failure_code from payment_logs where transaction_id = ? order by id""",
                payment.id());
    }

    private List<String> refunds() {
        return undone.texts("select amount, status, reason from refunds where transaction_id = ? order by id", payment.id());
    }

    private boolean refusedAtAll() {
        return !undone.texts("select 1 from transactions where id = ? and refused_at is not null", payment.id()).isEmpty();
    }
}
