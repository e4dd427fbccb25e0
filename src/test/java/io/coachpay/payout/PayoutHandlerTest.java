package io.coachpay.payout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;

import jakarta.inject.Inject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.coachpay.ServiceTest;
import io.coachpay.SoldSession;
import io.coachpay.Undone;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.inbox.SomeEvent;
import io.coachpay.ledger.Ledger;

/** Events about the payouts of coaches' accounts. */
@ServiceTest
class PayoutHandlerTest {

    @Inject
    Undone undone;
    @Inject
    Ledger ledger;
    @Inject
    PayoutHandler handler;

    private SoldSession sold;
    private Instant now;

    @Test
    void appliesThePayoutToTheEventsAccountAsOfTheEvent() {
        story(() -> {
            handler.apply(event(sold.account, "pending"), Fetched.nothing());
            handler.apply(event(sold.account, "paid"), Fetched.nothing());
            handler.apply(event(sold.account, "paid"), Fetched.nothing());

            assertThat(undone.texts("select user_id, status, amount, initiated_by from payouts where stripe_payout_id = ?",
                    sold.stripeId("po"))).containsExactly(sold.coach + " paid 40 dashboard");
            assertThat(undone.texts(
                    "select kind, occurred_at = ?::timestamptz from ledger_journals where reference = ? order by id",
                    now, sold.stripeId("po"))).containsExactly("payout_created false", "payout_paid true");
        });
    }

    @Test
    void waitsForAnAccountThatIsNotKnown() {
        story(() -> assertThatThrownBy(() -> handler.apply(event("acct_others", "paid"), Fetched.nothing()))
                .isInstanceOf(MissingParent.class));
    }

    @Test
    void refusesAPayoutOfNobody() {
        story(() -> assertThatIllegalArgumentException().isThrownBy(() -> handler.apply(event(null, "paid"), Fetched.nothing()))
                .withMessageContaining("payout.paid"));
    }

    private void story(Runnable story) {
        undone.run(() -> {
            now = undone.now();
            sold = SoldSession.paid(undone, ledger);
            story.run();
        });
    }

    private Event event(@Nullable String account, String status) {
        return SomeEvent.connect(account, "payout." + status, now,
                """
                        {"id": "%s", "object": "payout", "amount": 4000, "currency": "usd", "status": "%s", "arrival_date": 1, "created": 1}"""
                        .formatted(sold.stripeId("po"), status));
    }
}
