package io.coachpay.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;

import jakarta.inject.Inject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.coachpay.Json;
import io.coachpay.ServiceTest;
import io.coachpay.SoldSession;
import io.coachpay.Undone;
import io.coachpay.inbox.Answers;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.Fetch;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.inbox.SomeEvent;

/** Stripe's events about its payment page, which name the payment and do not carry it. */
@ServiceTest
class CheckoutHandlerTest {

    @Inject
    Undone undone;
    @Inject
    CheckoutHandler handler;
    @Inject
    TransactionBooks books;

    private SoldSession sold;
    private Transaction payment;
    private Instant now;

    @Test
    void hasThePaymentFetchedWhereThereIsOne() {
        story(() -> {
            assertThat(handler.needs(event("payment", "complete", sold.intent)))
                    .containsExactly(new Fetch("payment_intent", sold.intent, null));
            assertThat(handler.needs(event("payment", "expired", null))).isEmpty();
        });
    }

    @Test
    void completesThePaymentThatWasFetched() {
        story(() -> {
            Event paid = event("payment", "complete", sold.intent);
            Fetched fetched = Answers.of(handler.needs(paid).get(0), Json.read("""
                    {"id": "%s", "object": "payment_intent", "status": "succeeded", "amount": 12500, "amount_received": 12500,
                     "currency": "usd", "application_fee_amount": 2500, "transfer_data": {"destination": "%s"},
                     "metadata": {"coachpay_id": "%s"}, "created": 1}""".formatted(sold.intent, sold.account, payment.id())),
                    now);

            handler.apply(paid, fetched);
            handler.apply(paid, fetched);

            assertThat(status()).containsExactly("completed " + sold.stripeId("cs"));
            assertThat(undone.journals(payment.id())).hasSize(1);
            assertThat(undone.texts("select event from payment_logs where transaction_id = ? order by id", payment.id()))
                    .containsExactly("begun", "checkout.session.completed");
        });
    }

    @Test
    void waitsForAPaymentThatStripeDoesNotShowYet() {
        story(() -> {
            Event paid = event("payment", "complete", sold.intent);
            Fetched nothing = Answers.of(handler.needs(paid).get(0), null, now);

            assertThatThrownBy(() -> handler.apply(paid, nothing)).isInstanceOf(MissingParent.class);
        });
    }

    @Test
    void endsThePaymentOfAPageThatExpired() {
        story(() -> {
            handler.apply(event("payment", "expired", null), Fetched.nothing());

            assertThat(status()).containsExactly("canceled " + sold.stripeId("cs"));
        });
    }

    /** A page on which nobody pays. */
    @Test
    void leavesAPageThatIsForSomethingElse() {
        story(() -> {
            handler.apply(event("subscription", "expired", null), Fetched.nothing());

            assertThat(status()).containsExactly("pending -");
        });
    }

    @Test
    void waitsForTheSetupOfAPageOnWhichAMethodIsSaved() {
        story(() -> assertThatThrownBy(() -> handler.apply(event("setup", "expired", null), Fetched.nothing()))
                .isInstanceOf(MissingParent.class));
    }

    private void story(Runnable story) {
        undone.run(() -> {
            now = undone.now();
            sold = SoldSession.unpaid(undone);
            payment = books.begin(sold.order(), PaymentAttempt.Method.CHECKOUT, sold.customer, null,
                    new TransactionBooks.ReturnUrls("https://example.com/paid", "https://example.com/left"));
            story.run();
        });
    }

    private Event event(String mode, String status, @Nullable String intent) {
        return SomeEvent.platform("checkout.session." + (status.equals("complete") ? "completed" : "expired"), now,
                """
                        {"id": "%s", "object": "checkout.session", "status": "%s", "mode": "%s", "payment_intent": %s, "currency": "usd",
                         "metadata": {"coachpay_id": "%s"}, "created": 1}"""
                        .formatted(sold.stripeId("cs"), status, mode,
                                intent == null ? null : '"' + intent + '"', payment.id()));
    }

    private List<String> status() {
        return undone.texts("select status, stripe_checkout_session_id from transactions where id = ?", payment.id());
    }
}
