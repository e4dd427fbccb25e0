package io.coachpay.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.coachpay.ServiceTest;
import io.coachpay.SoldSession;
import io.coachpay.Undone;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.inbox.SomeEvent;
import io.coachpay.ledger.Ledger;

/** Events about transfers and about the platform's fees, each with what was taken back of it so far. */
@ServiceTest
class TransferHandlerTest {

    @Inject
    Undone undone;
    @Inject
    Ledger ledger;
    @Inject
    TransferHandler transfers;
    @Inject
    FeeRefundHandler fees;

    private SoldSession sold;
    private Instant now;

    @Test
    void appliesATransferWithTheReversalsThatItLists() {
        story(() -> {
            Event reversed = SomeEvent.platform("transfer.reversed", now,
                    """
                            {"id": "%s", "object": "transfer", "amount": 12500, "currency": "usd", "destination": "%s",
                             "source_transaction": "%s", "created": 1, "reversals": {"object": "list", "has_more": false, "data": [
                               {"id": "%s", "object": "transfer_reversal", "amount": 5000, "currency": "usd", "created": 1}]}}"""
                            .formatted(
                                    sold.transfer, sold.account, sold.charge, sold.stripeId("trr")));

            transfers.apply(reversed, Fetched.nothing());
            transfers.apply(reversed, Fetched.nothing());

            assertThat(undone.texts("select amount from transfers where transaction_id = ?", sold.payment))
                    .containsExactly("125");
            assertThat(undone.journals(sold.payment)).containsExactly(sold.paid(),
                    "transfer_reversed " + sold.stripeId("trr") + ": coach_pending -50 USD, refund_clearing 50 USD");
        });
    }

    @Test
    void appliesTheRefundsThatAFeeLists() {
        story(() -> {
            Event refunded = SomeEvent.platform("application_fee.refunded", now,
                    """
                            {"id": "%s", "object": "application_fee", "amount": 2500, "currency": "usd", "created": 1,
                             "refunds": {"object": "list", "has_more": false, "data": [
                               {"id": "%s", "object": "fee_refund", "amount": 500, "currency": "usd", "created": 1}]}}"""
                            .formatted(sold.fee,
                                    sold.stripeId("fr")));

            fees.apply(refunded, Fetched.nothing());
            fees.apply(refunded, Fetched.nothing());

            assertThat(undone.journals(sold.payment)).containsExactly(sold.paid(),
                    "fee_refunded " + sold.stripeId("fr") + ": coach_pending 5 USD, platform_revenue -5 USD");
        });
    }

    @Test
    void waitsForAPaymentThatIsNotKnown() {
        story(() -> {
            assertThatThrownBy(() -> transfers.apply(SomeEvent.platform("transfer.created", now, """
                    {"id": "tr_others", "object": "transfer", "amount": 1, "currency": "usd", "destination": "acct_others",
                     "source_transaction": "ch_others", "created": 1}"""), Fetched.nothing()))
                    .isInstanceOf(MissingParent.class);
            assertThatThrownBy(() -> fees.apply(SomeEvent.platform("application_fee.refunded", now, """
                    {"id": "fee_others", "object": "application_fee", "amount": 1, "currency": "usd", "created": 1,
                     "originating_transaction": "ch_others"}"""), Fetched.nothing())).isInstanceOf(MissingParent.class);
        });
    }

    private void story(Runnable story) {
        undone.run(() -> {
            now = undone.now();
            sold = SoldSession.paid(undone, ledger);
            story.run();
        });
    }
}
