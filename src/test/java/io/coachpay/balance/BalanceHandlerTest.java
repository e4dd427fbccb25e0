package io.coachpay.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.coachpay.ServiceTest;
import io.coachpay.SoldSession;
import io.coachpay.Undone;
import io.coachpay.access.Ids;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.SomeEvent;
import io.coachpay.ledger.Ledger;

/** Funds have become available: their account is imported, and what waits for them is tried again. */
@ServiceTest
class BalanceHandlerTest {

    @Inject
    Undone undone;
    @Inject
    Ledger ledger;
    @Inject
    BalanceHandler handler;

    private SoldSession sold;
    private Instant now;
    private UUID reversal;
    private UUID transfer;
    private UUID refund;

    @Test
    void triesWhatWaitsForTheCoachsFunds() {
        story(() -> {
            handler.apply(event(sold.account), Fetched.nothing());

            assertThat(requested(sold.account)).containsExactly("true");
            assertThat(due(reversal, "transfer_steps")).isTrue();
            assertThat(due(refund, "refunds")).isTrue();
            assertThat(due(transfer, "transfer_steps")).as("it waits for the platform's").isFalse();
        });
    }

    @Test
    void triesWhatWaitsForThePlatformsFunds() {
        story(() -> {
            handler.apply(event(null), Fetched.nothing());

            assertThat(requested("platform")).containsExactly("true");
            assertThat(requested(sold.account)).isEmpty();
            assertThat(due(transfer, "transfer_steps")).isTrue();
            assertThat(due(refund, "refunds")).isTrue();
            assertThat(due(reversal, "transfer_steps")).as("it waits for the coach's").isFalse();
        });
    }

    @Test
    void importsNothingOfAnAccountThatItsCoachHasReplaced() {
        story(() -> {
            undone.run("update stripe_connected_accounts set replaced_accounts = array['acct_replaced'] where id = ?",
                    sold.connectedAccount);

            handler.apply(event("acct_replaced"), Fetched.nothing());

            assertThat(requested("acct_replaced")).isEmpty();
        });
    }

    private void story(Runnable story) {
        undone.run(() -> {
            now = undone.now();
            sold = SoldSession.transferred(undone, ledger);
            reversal = step("reversal", "dispute_recovery", sold.transferId);
            transfer = step("transfer", "dispute_won", null);
            refund = Ids.next();
            undone.run("""
                    insert into refunds (id, transaction_id, amount, currency, status, reason, check_at)
                    values (?, ?, 25, 'USD', 'requested', 'late', ?::timestamptz + interval '1 day')""", refund, sold.payment,
                    now);
            story.run();
        });
    }

    private UUID step(String kind, String purpose, @Nullable UUID of) {
        UUID id = Ids.next();
        undone.run("""
                insert into transfer_steps (id, transaction_id, kind, purpose, transfer_id, amount, currency, status, check_at)
                values (?, ?, ?, ?, ?, 80, 'USD', 'waiting_for_funds', ?::timestamptz + interval '1 day')""", id, sold.payment,
                kind, purpose, of, now);
        return id;
    }

    private Event event(@Nullable String account) {
        String object = "{\"object\": \"balance\"}";
        return account == null ? SomeEvent.platform("balance.available", now, object)
                : SomeEvent.connect(account, "balance.available", now, object);
    }

    private List<String> requested(String account) {
        return undone.texts("""
                select requested_at >= ?::timestamptz from stripe_cursors
                 where listing = 'balance_transactions' and account = ?""", now, account);
    }

    private boolean due(UUID id, String table) {
        return undone.texts("select check_at < ?::timestamptz + interval '1 minute' from " + table + " where id = ?", now, id)
                .contains("true");
    }
}
