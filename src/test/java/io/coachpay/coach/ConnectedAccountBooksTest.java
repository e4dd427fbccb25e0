package io.coachpay.coach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.coachpay.Json;
import io.coachpay.ServiceTest;
import io.coachpay.SoldSession;
import io.coachpay.Undone;
import io.coachpay.inbox.MissingParent;
import io.coachpay.stripe.StripeAccount;
import io.coachpay.stripe.StripeBalanceSettings;

/** Stripe's reports about coaches' accounts, in any order, and what we mirror of them. */
@ServiceTest
class ConnectedAccountBooksTest {

    @Inject
    Undone undone;
    @Inject
    ConnectedAccountBooks books;

    private SoldSession sold;
    private Instant now;

    @Test
    void mirrorsTheLatestStateAlone() {
        story(() -> {
            books.mirror(account(sold.account, true), now);
            books.mirror(account(sold.account, false), now.minusSeconds(1));
            assertThat(row()).containsExactly("true true true connected");

            books.mirror(account(sold.account, false), now.plusSeconds(1));

            assertThat(row()).containsExactly("false false false connected");
        });
    }

    /** Times of events are whole seconds; a later report of the same second is applied. */
    @Test
    void mirrorsByTheSecond() {
        story(() -> {
            books.mirror(account(sold.account, true), now.plusMillis(900));

            books.mirror(account(sold.account, false), now.plusMillis(100));

            assertThat(row()).containsExactly("false false false connected");
        });
    }

    @Test
    void believesNoReadingThatAnotherStateOfItsSecondHasOvertaken() {
        story(() -> {
            Instant asked = now.minusSeconds(1);
            books.mirror(account(sold.account, true), now);

            assertThat(books.mirrorRead(account(sold.account, false), asked)).isFalse();

            assertThat(row()).containsExactly("true true true connected");
            assertThat(books.mirrorRead(account(sold.account, false), now.plus(Duration.ofMinutes(1)))).isTrue();
            assertThat(row()).containsExactly("false false false connected");
        });
    }

    @Test
    void findsTheRowOfAnAccountThatStripeReportsBeforeItAnswers() {
        story(() -> {
            SoldSession other = SoldSession.unpaid(undone);
            undone.run("""
                    insert into stripe_connected_accounts (id, user_id, country) values (?, ?, 'US')""", other.payment,
                    other.mentee);
            ObjectNode json = json("acct_new", true);
            json.putObject("metadata").put("coachpay_id", other.payment.toString());

            books.mirror(StripeAccount.from(json), now);

            assertThat(undone.texts("select stripe_account_id, charges_enabled from stripe_connected_accounts where id = ?",
                    other.payment)).containsExactly("acct_new true");
        });
    }

    @Test
    void takesAnAccountWithSomebodyElsesIdOnItForNobodys() {
        story(() -> {
            ObjectNode json = json("acct_copy", true);
            json.putObject("metadata").put("coachpay_id", sold.connectedAccount.toString());

            books.mirror(StripeAccount.from(json), now);

            assertThat(row()).containsExactly("false false false connected");
            assertThat(undone.texts("select stripe_account_id from stripe_connected_accounts where id = ?",
                    sold.connectedAccount)).containsExactly(sold.account);
        });
    }

    @Test
    void waitsForAnAccountThatIsNotKnown() {
        story(() -> {
            ObjectNode json = json("acct_others", true);
            json.putObject("metadata").put("coachpay_id", UUID.randomUUID().toString());

            assertThatThrownBy(() -> books.mirror(StripeAccount.from(json), now)).isInstanceOf(MissingParent.class);
            assertThatThrownBy(() -> books.deauthorized("acct_others", now)).isInstanceOf(MissingParent.class);
            assertThatThrownBy(() -> books.payoutsDecided("acct_others", settings("daily"))).isInstanceOf(MissingParent.class);
        });
    }

    @Test
    void ignoresAnAccountThatItsCoachHasReplaced() {
        story(() -> {
            undone.run("update stripe_connected_accounts set replaced_accounts = array['acct_replaced'] where id = ?",
                    sold.connectedAccount);

            books.mirror(account("acct_replaced", true), now);
            assertThat(books.mirrorRead(account("acct_replaced", true), now)).isTrue();

            assertThat(row()).containsExactly("false false false connected");
        });
    }

    @Test
    void mirrorsNothingOfADisconnectedAccountUntilItIsReadAgain() {
        story(() -> {
            books.mirror(account(sold.account, true), now);
            books.deauthorized(sold.account, now.plusSeconds(1));
            books.deauthorized(sold.account, now.plusSeconds(2));
            books.mirror(account(sold.account, false), now.plusSeconds(3));
            assertThat(row()).containsExactly("true true true disconnected");
            assertThat(disconnectedAt()).as("the first time counts").containsExactly("true");

            Instant later = now.plus(Duration.ofMinutes(1));
            assertThat(books.reconnected(account(sold.account, false), later, later)).isTrue();

            assertThat(row()).containsExactly("false false false connected");
            assertThat(undone.texts("select payouts_manual, attempt from stripe_connected_accounts where id = ?",
                    sold.connectedAccount)).as("payouts have to be made ours again").containsExactly("false 2");
        });
    }

    @Test
    void ignoresADisconnectionFromBeforeTheAccountCameBack() {
        story(() -> {
            books.deauthorized(sold.account, now);
            Instant later = now.plus(Duration.ofMinutes(1));
            books.reconnected(account(sold.account, true), later, later);

            books.deauthorized(sold.account, now);
            assertThat(row()).containsExactly("true true true connected");
            books.deauthorized(sold.account, later.plusSeconds(1));

            assertThat(row()).containsExactly("true true true disconnected");
        });
    }

    @Test
    void hasPayoutsMadeOursAgainOnce() {
        story(() -> {
            books.payoutsDecided(sold.account, settings("manual"));
            assertThat(payouts()).containsExactly("true 1");

            books.payoutsDecided(sold.account, settings("daily"));
            books.payoutsDecided(sold.account, settings("daily"));

            assertThat(payouts()).containsExactly("false 2");
        });
    }

    @Test
    void leavesThePayoutsOfADisconnectedAccountAlone() {
        story(() -> {
            books.deauthorized(sold.account, now);

            books.payoutsDecided(sold.account, settings("daily"));

            assertThat(payouts()).containsExactly("true 1");
        });
    }

    private void story(Runnable story) {
        undone.run(() -> {
            now = undone.now();
            sold = SoldSession.unpaid(undone);
            story.run();
        });
    }

    private static StripeAccount account(String id, boolean enabled) {
        return StripeAccount.from(json(id, enabled));
    }

    private static ObjectNode json(String id, boolean enabled) {
        return (ObjectNode) Json.read("""
                {"id": "%s", "object": "account", "charges_enabled": %s, "payouts_enabled": %s, "details_submitted": true,
                 "country": "US", "default_currency": "usd", "capabilities": {"transfers": "%s"}, "created": 1}""".formatted(id,
                enabled, enabled, enabled ? "active" : "inactive"));
    }

    private static StripeBalanceSettings settings(String interval) {
        return StripeBalanceSettings.from(Json.read("""
                {"object": "balance_settings", "payments": {"debit_negative_balances": false,
                 "payouts": {"schedule": {"interval": "%s"}}}}""".formatted(interval)));
    }

    private List<String> row() {
        return undone.texts("""
                select charges_enabled, transfers_enabled, payouts_enabled,
                       case when deauthorized_at is null then 'connected' else 'disconnected' end
                  from stripe_connected_accounts where id = ?""", sold.connectedAccount);
    }

    private List<String> disconnectedAt() {
        return undone.texts("select deauthorized_at = ?::timestamptz from stripe_connected_accounts where id = ?",
                now.plusSeconds(1), sold.connectedAccount);
    }

    private List<String> payouts() {
        return undone.texts("select payouts_manual, attempt from stripe_connected_accounts where id = ?",
                sold.connectedAccount);
    }
}
