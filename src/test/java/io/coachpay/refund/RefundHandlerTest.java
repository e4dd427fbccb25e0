package io.coachpay.refund;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.coachpay.Json;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.SoldSession;
import io.coachpay.Undone;
import io.coachpay.inbox.Answers;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.Fetch;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.inbox.SomeEvent;
import io.coachpay.journey.Marketplace;
import io.coachpay.ledger.Ledger;

/** Events about refunds, and about the charges that they give back, where the refunds' own are missing. */
@ServiceTest
class RefundHandlerTest {

    @Inject
    Undone undone;
    @Inject
    Ledger ledger;
    @Inject
    RefundHandler refunds;
    @Inject
    RefundedChargeHandler charges;

    private SoldSession sold;
    private Instant now;

    @Test
    void appliesTheRefundAsOfItsEvent() {
        story(() -> {
            assertThat(refunds.needs(refund("failed"))).isEmpty();

            refunds.apply(refund("failed"), Fetched.nothing());
            refunds.apply(refund("failed"), Fetched.nothing());

            assertThat(refunds()).containsExactly("failed 40");
            assertThat(undone.texts(
                    "select kind, occurred_at = ?::timestamptz from ledger_journals where reference = ? order by id",
                    now, sold.stripeId("re"))).containsExactly("refunded false", "refund_failed true");
        });
    }

    @Test
    void waitsForAPaymentThatIsNotKnown() {
        undone.run(() -> assertThatThrownBy(() -> refunds.apply(SomeEvent.platform("refund.created", undone.now(), """
                {"id": "re_others", "object": "refund", "status": "succeeded", "amount": 1, "currency": "usd",
                 "payment_intent": "pi_others", "created": 1}"""), Fetched.nothing())).isInstanceOf(MissingParent.class));
    }

    /** Stripe is only asked for the refunds of a charge where some are not booked. */
    @Test
    void hasAChargeFetchedWhoseRefundsAreMissing() {
        UUID payment = Marketplace.paid(Person.called("alice"), Marketplace.coach("carol", "100.00", "USD"), 75);
        String charge = OwnerSql.rows("select stripe_charge_id from transactions where id = ?", payment).get(0)
                .get("stripe_charge_id").toString();

        assertThat(charges.needs(charge(charge, 0))).isEmpty();
        assertThat(charges.needs(charge(charge, 1))).containsExactly(new Fetch("charge", charge, null));
    }

    @Test
    void appliesEachRefundOfTheChargeThatWasFetched() {
        story(() -> {
            Event event = charge(sold.charge, 5000);
            Fetched fetched = Answers.of(new Fetch("charge", sold.charge, null), Json.read("""
                    {"id": "%s", "object": "charge", "amount": 12500, "currency": "usd", "created": 1, "refunds": {"data": [
                      {"id": "%s", "object": "refund", "status": "succeeded", "amount": 4000, "currency": "usd",
                       "payment_intent": "%s", "balance_transaction": "txn_1", "created": 1},
                      {"id": "%s", "object": "refund", "status": "pending", "amount": 1000, "currency": "usd",
                       "payment_intent": "%s", "created": 1}]}}""".formatted(sold.charge, sold.stripeId("re", "1"), sold.intent,
                    sold.stripeId("re", "2"), sold.intent)), now);

            charges.apply(event, fetched);
            charges.apply(event, fetched);

            assertThat(refunds()).containsExactly("succeeded 40", "pending 10");
            assertThat(undone.journals(sold.payment)).containsExactly(sold.paid(), "refunded " + sold.stripeId("re", "1")
                    + ": external 40 USD, refund_clearing -40 USD");
        });
    }

    @Test
    void appliesNothingWhereNothingWasMissing() {
        story(() -> {
            charges.apply(charge(sold.charge, 5000), Fetched.nothing());
            charges.apply(charge(sold.charge, 5000), Answers.of(new Fetch("charge", sold.charge, null), null, now));

            assertThat(refunds()).isEmpty();
        });
    }

    private void story(Runnable story) {
        undone.run(() -> {
            now = undone.now();
            sold = SoldSession.paid(undone, ledger);
            story.run();
        });
    }

    private Event refund(String status) {
        return SomeEvent.platform("refund." + status, now, """
                {"id": "%s", "object": "refund", "status": "%s", "amount": 4000, "currency": "usd", "payment_intent": "%s",
                 "balance_transaction": "txn_1", "failure_balance_transaction": "txn_2", "created": 1}""".formatted(
                sold.stripeId("re"), status, sold.intent));
    }

    private Event charge(String id, int refunded) {
        return SomeEvent.platform("charge.refunded", undone.now(), """
                {"id": "%s", "object": "charge", "amount": 12500, "amount_refunded": %d, "currency": "usd", "created": 1}"""
                .formatted(id, refunded));
    }

    private List<String> refunds() {
        return undone.texts("select status, amount from refunds where transaction_id = ? order by id", sold.payment);
    }
}
