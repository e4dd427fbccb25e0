package io.coachpay.dispute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.coachpay.Json;
import io.coachpay.ServiceTest;
import io.coachpay.SoldSession;
import io.coachpay.Undone;
import io.coachpay.inbox.Answers;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.Fetch;
import io.coachpay.inbox.MissingParent;
import io.coachpay.inbox.SomeEvent;
import io.coachpay.ledger.Ledger;

/** A dispute is read again on each of its events, which have no order within a second. */
@ServiceTest
class DisputeHandlerTest {

    @Inject
    Undone undone;
    @Inject
    Ledger ledger;
    @Inject
    DisputeHandler handler;

    private SoldSession sold;
    private Instant now;

    @Test
    void appliesTheDisputeThatWasFetchedAndNotTheEventsOwn() {
        story(() -> {
            Event event = event();
            Fetch itself = new Fetch("dispute", sold.stripeId("dp"), null);
            assertThat(handler.needs(event)).containsExactly(itself);

            handler.apply(event, Answers.of(itself, Json.read(dispute("under_review")), now.plusSeconds(5)));
            assertThat(status()).containsExactly("under_review");
            handler.apply(event, Answers.of(itself, Json.read(dispute("needs_response")), now.plusSeconds(4)));

            assertThat(status()).as("as of the request").containsExactly("under_review");
        });
    }

    @Test
    void waitsForADisputeThatStripeDoesNotShowYet() {
        story(() -> {
            Event event = event();

            assertThatThrownBy(() -> handler.apply(event, Answers.of(handler.needs(event).get(0), null, now)))
                    .isInstanceOf(MissingParent.class);
        });
    }

    private void story(Runnable story) {
        undone.run(() -> {
            now = undone.now();
            sold = SoldSession.transferred(undone, ledger);
            story.run();
        });
    }

    private Event event() {
        return SomeEvent.platform("charge.dispute.created", now, dispute("lost"));
    }

    private String dispute(String status) {
        return """
                {"id": "%s", "object": "dispute", "status": "%s", "amount": 12500, "currency": "usd", "reason": "fraudulent",
                 "payment_intent": "%s", "balance_transactions": [], "created": 1}""".formatted(sold.stripeId("dp"), status,
                sold.intent);
    }

    private List<String> status() {
        return undone.texts("select status from disputes where transaction_id = ?", sold.payment);
    }
}
