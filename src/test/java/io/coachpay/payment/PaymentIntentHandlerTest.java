package io.coachpay.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.coachpay.ServiceTest;
import io.coachpay.SoldSession;
import io.coachpay.Undone;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.inbox.SomeEvent;

/** Events about PaymentIntents and about their charges: each carries all that is needed. */
@ServiceTest
class PaymentIntentHandlerTest {

    @Inject
    Undone undone;
    @Inject
    PaymentIntentHandler intents;
    @Inject
    ChargeHandler charges;
    @Inject
    TransactionBooks books;
    @Inject
    PaymentAddressBooks addresses;

    private SoldSession sold;
    private Transaction payment;
    private Instant now;

    @Test
    void appliesThePaymentAsOfItsEvent() {
        story(() -> {
            assertThat(intents.needs(event("succeeded"))).isEmpty();

            intents.apply(event("processing"), Fetched.nothing());
            intents.apply(event("succeeded"), Fetched.nothing());
            intents.apply(event("succeeded"), Fetched.nothing());

            assertThat(undone.texts("select status, stripe_payment_intent_id, completed_at = ?::timestamptz from transactions"
                    + " where id = ?", now, payment.id())).containsExactly("completed " + sold.intent + " true");
            assertThat(undone.texts("select event, left(stripe_event_id, 4), details ->> 'method', details ->> 'attempt'"
                    + " from payment_logs where transaction_id = ? order by id", payment.id()))
                    .containsExactly("begun - payment_intent 1", "payment_intent.processing evt_ payment_intent 1",
                            "payment_intent.succeeded evt_ payment_intent 1");
        });
    }

    @Test
    void waitsForAPaymentThatIsNotKnown() {
        story(() -> {
            Event ours = unknown("payment_intent.succeeded", "{\"coachpay_id\": \"%s\"}".formatted(UUID.randomUUID()));
            Event begun = unknown("payment_intent.processing", "{}");

            assertThatThrownBy(() -> intents.apply(ours, Fetched.nothing())).isInstanceOf(MissingParent.class);
            assertThatThrownBy(() -> intents.apply(begun, Fetched.nothing())).isInstanceOf(MissingParent.class);
        });
    }

    /** It pays an invoice, which Stripe reports by itself, or is nothing to us. */
    @Test
    void leavesASuccessThatNamesNothingOfOurs() {
        story(() -> {
            intents.apply(unknown("payment_intent.succeeded", "{}"), Fetched.nothing());
            charges.apply(SomeEvent.platform("charge.succeeded", now, """
                    {"id": "ch_others", "object": "charge", "status": "succeeded", "amount": 1, "currency": "usd",
                     "payment_intent": "pi_others", "created": 1}"""), Fetched.nothing());

            assertThat(undone.texts("select status from transactions where id = ?", payment.id())).containsExactly("pending");
            assertThat(undone.texts("select id from transactions where stripe_payment_intent_id = 'pi_others'")).isEmpty();
        });
    }

    private Event unknown(String type, String metadata) {
        return SomeEvent.platform(type, now, """
                {"id": "pi_others", "object": "payment_intent", "status": "succeeded", "amount": 1, "currency": "usd",
                 "metadata": %s, "created": 1}""".formatted(metadata));
    }

    @Test
    void countsARefusalUnderTheAddressThatOpenedTheForm() {
        story(() -> {
            addresses.opened(payment.id(), "203.0.113.7");

            intents.apply(SomeEvent.platform("payment_intent.payment_failed", now, """
                    {"id": "%s", "object": "payment_intent", "status": "requires_payment_method", "amount": 12500,
                     "currency": "usd", "metadata": {"coachpay_id": "%s"}, "created": 1,
                     "last_payment_error": {"type": "card_error", "code": "card_declined", "charge": "%s"}}""".formatted(
                    sold.intent, payment.id(), sold.charge)), Fetched.nothing());

            assertThat(undone.texts("select client_address from card_declines where stripe_id = ?", sold.charge))
                    .containsExactly("203.0.113.7");
        });
    }

    @Test
    void appliesWhatOnlyTheChargeKnows() {
        story(() -> {
            intents.apply(event("succeeded"), Fetched.nothing());

            charges.apply(SomeEvent.platform("charge.updated", now, """
                    {"id": "%s", "object": "charge", "status": "succeeded", "amount": 12500, "currency": "usd",
                     "payment_intent": "%s", "transfer": "%s", "application_fee": "%s", "created": 1}""".formatted(sold.charge,
                    sold.intent, sold.transfer, sold.fee)), Fetched.nothing());

            assertThat(undone.texts("select stripe_charge_id, stripe_transfer_id, stripe_application_fee_id from transactions"
                    + " where id = ?", payment.id()))
                    .containsExactly(String.join(" ", sold.charge, sold.transfer, sold.fee));
        });
    }

    private void story(Runnable story) {
        undone.run(() -> {
            now = undone.now();
            sold = SoldSession.unpaid(undone);
            payment = books.begin(sold.order(), PaymentAttempt.Method.PAYMENT_INTENT, sold.customer, null,
                    new TransactionBooks.ReturnUrls("https://example.com/paid", "https://example.com/left"));
            story.run();
        });
    }

    private Event event(String status) {
        return SomeEvent.platform("payment_intent." + status, now, """
                {"id": "%s", "object": "payment_intent", "status": "%s", "amount": 12500, "amount_received": 12500,
                 "currency": "usd", "application_fee_amount": 2500, "transfer_data": {"destination": "%s"},
                 "metadata": {"coachpay_id": "%s"}, "created": 1}""".formatted(sold.intent, status, sold.account,
                payment.id()));
    }
}
