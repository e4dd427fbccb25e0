package io.coachpay.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.coachpay.ServiceTest;
import io.coachpay.SoldSession;
import io.coachpay.Undone;
import io.coachpay.access.Ids;
import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;

/** One payment, and Stripe's lines about it: as booked, or otherwise by a cent, a day or an account. */
@ServiceTest
class BookComparisonTest {

    @Inject
    Undone undone;
    @Inject
    Ledger ledger;

    private SoldSession sold;
    private Instant now;

    @Test
    void findsNothingWhereBothAgree() {
        story(() -> {
            platformLines("25");
            coachLine("100", now.plus(Duration.ofDays(2)));

            assertThat(differences()).isEmpty();
            assertThat(outcome().lines()).isEqualTo(4);
        });
    }

    @Test
    void findsWhatOnlyOneSideHas() {
        story(() -> {
            platformLines("25");

            assertThat(differences()).containsExactly(sold.account + " USD payment pending 100 available 0 booked");
            assertThat(outcome().lines()).isEqualTo(3);
        });
    }

    @ParameterizedTest
    @CsvSource({ "24.99, 0.01", "25.01, -0.01" })
    void findsACentOnThePlatformsSide(String fee, String difference) {
        story(() -> {
            platformLines(fee);
            coachLine("100", now.plus(Duration.ofDays(2)));

            assertThat(differences())
                    .containsExactly("platform USD payment pending 0 available " + difference + " booked told");
        });
    }

    @Test
    void findsMoneyThatHasBecomeAvailableAndWasNotMoved() {
        story(() -> {
            platformLines("25");
            String line = coachLine("100", now);

            assertThat(differences())
                    .containsExactly(sold.account + " USD payment pending 100 available -100 booked told");
            ledger.post(Postings.fundsAvailable(line, sold.coach, Money.parse("USD 100.00"), now).of(sold.payment));
            assertThat(differences()).isEmpty();
        });
    }

    @Test
    void findsMoneyThatWasMovedBeforeItsDay() {
        story(() -> {
            platformLines("25");
            String line = coachLine("100", now.plus(Duration.ofSeconds(1)));
            ledger.post(Postings.fundsAvailable(line, sold.coach, Money.parse("USD 100.00"), now).of(sold.payment));

            assertThat(differences())
                    .containsExactly(sold.account + " USD payment pending -100 available 100 booked told");
        });
    }

    @Test
    void comparesEachCurrencyByItself() {
        story(() -> {
            platformLines("25");
            line(sold.account, "payment", "100", "EUR", now.plus(Duration.ofDays(2)), journal());

            assertThat(differences()).containsExactlyInAnyOrder(sold.account + " USD payment pending 100 available 0 booked",
                    sold.account + " EUR payment pending -100 available 0 told");
        });
    }

    @Test
    void countsTheAccountThatACoachHasReplaced() {
        story(() -> {
            String old = sold.stripeId("acct", "old");
            undone.run("update stripe_connected_accounts set replaced_accounts = array[?] where id = ?", old,
                    sold.connectedAccount);
            platformLines("25");
            line(old, "payment", "60", "USD", now.plus(Duration.ofDays(2)), journal());
            assertThat(differences()).singleElement().asString().endsWith("payment pending 40 available 0 booked told");

            line(sold.account, "payment", "40", "USD", now.plus(Duration.ofDays(2)), journal());

            assertThat(differences()).isEmpty();
        });
    }

    @Test
    void namesTheLastAccountOfACoachWhoHasNone() {
        undone.run(() -> {
            now = undone.now();
            sold = SoldSession.unpaid(undone);
            undone.run("update stripe_connected_accounts set deauthorized_at = ? where id = ?", now, sold.connectedAccount);
            undone.run(
                    "update stripe_connected_accounts set stripe_account_id = null, replaced_accounts = array[?] where id = ?",
                    sold.account, sold.connectedAccount);
            String payout = sold.stripeId("po");
            ledger.post(Postings.payoutCreated(payout, sold.coach, Money.parse("USD 1.00"), now));

            assertThat(differences(payout)).containsExactly(sold.account + " USD " + payout + " pending 0 available -1 booked");
        });
    }

    @Test
    void namesTheLedgerForSomebodyWhoNeverHadAnAccount() {
        story(() -> {
            String payout = sold.stripeId("po");
            ledger.post(Postings.payoutCreated(payout, sold.mentee, Money.parse("USD 1.00"), now));

            assertThat(differences(payout)).containsExactly("ledger USD " + payout + " pending 0 available -1 booked");
        });
    }

    @Test
    void comparesALineWithoutAJournalUnderItsOwnName() {
        story(() -> {
            String pending = line(sold.account, "payment", "7.77", "USD", now.plus(Duration.ofDays(2)), null);
            String available = line(sold.account, "payment", "-7.77", "USD", now, null);
            String platform = line("platform", "transfer", "-5", "USD", now.plus(Duration.ofDays(2)), null);

            assertThat(differences(pending, available, platform)).containsExactlyInAnyOrder(
                    sold.account + " USD " + pending + " pending -7.77 available 0 told",
                    sold.account + " USD " + available + " pending 0 available 7.77 told",
                    "platform USD " + platform + " pending 0 available 5 told");
        });
    }

    /** Held back or released within the account, or left out by somebody who knows why. */
    @Test
    void leavesOutWhatIsNoFact() {
        story(() -> {
            String reserve = line(sold.account, "reserve_hold", "-7.77", "USD", now, null);
            String ignored = line(sold.account, "payment", "7.77", "USD", now, null);
            undone.run("update stripe_balance_transactions set ignored = true where stripe_balance_transaction_id = ?",
                    ignored);

            assertThat(differences(reserve, ignored)).isEmpty();
        });
    }

    @Test
    void comparesAPayoutByItsIdAtStripe() {
        story(() -> {
            String payout = sold.stripeId("po");
            ledger.post(Postings.payoutCreated(payout, sold.coach, Money.parse("USD 100.00"), now));
            assertThat(differences(payout))
                    .containsExactly(sold.account + " USD " + payout + " pending 0 available -100 booked");

            line(sold.account, "payout", "-100", "USD", now,
                    UUID.fromString(undone.texts("select id from ledger_journals where reference = ?", payout).get(0)));

            assertThat(differences(payout)).isEmpty();
        });
    }

    @Test
    void knowsWhenSomethingLastHappened() {
        story(() -> {
            platformLines("25");
            Instant later = now.minus(Duration.ofHours(1));
            String line = line(sold.account, "payment", "-7.77", "USD", later, null);

            BookComparison.Difference found = compare(List.of(line)).differences().get(0);

            assertThat(found.last()).as("the day it became available").isEqualTo(later);
            assertThat(found.total()).isEqualByComparingTo("7.77");
            assertThat(found.ofAccount().object()).isNull();
            assertThat(found.paymentId()).isNull();
        });
    }

    private void story(Runnable story) {
        undone.run(() -> {
            now = undone.now();
            sold = SoldSession.paid(undone, ledger);
            story.run();
        });
    }

    private List<String> differences() {
        return differences(sold.payment.toString());
    }

    private List<String> differences(String... objects) {
        return compare(List.of(objects)).differences().stream()
                .map(found -> String.join(" ", found.account(), found.currency(),
                        sold.payment.equals(found.paymentId()) ? "payment" : found.object(),
                        "pending", text(found.pending()), "available", text(found.available()))
                        + (found.booked() ? " booked" : "") + (found.told() ? " told" : ""))
                .toList();
    }

    private BookComparison.Outcome outcome() {
        return compare(List.of(sold.payment.toString()));
    }

    private BookComparison.Outcome compare(List<String> objects) {
        return BookComparison.compare(undone.rows(), now, BookComparison.Objects.of(objects));
    }

    private static String text(BigDecimal amount) {
        return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
    }

    private UUID journal() {
        return UUID.fromString(undone.texts("select id from ledger_journals where transaction_id = ? and kind = 'session_paid'",
                sold.payment).get(0));
    }

    private void platformLines(String fee) {
        line("platform", "charge", "125", "USD", now, journal());
        line("platform", "transfer", "-125", "USD", now, journal());
        line("platform", "application_fee", fee, "USD", now.plus(Duration.ofDays(2)), journal());
    }

    private String coachLine(String net, Instant availableOn) {
        return line(sold.account, "payment", net, "USD", availableOn, journal());
    }

    private String line(String account, String type, String net, String currency, Instant availableOn, @Nullable UUID journal) {
        String id = "txn_" + Ids.next().toString().replace("-", "");
        undone.run(
                """
                        insert into stripe_balance_transactions (id, account, stripe_balance_transaction_id, type, amount, fee, net, currency,
                               created, available_on, fact_journal_id)
                        values (?, ?, ?, ?, ?::numeric, 0, ?::numeric, ?, ?, ?, ?)""",
                Ids.next(), account, id, type, net, net, currency,
                now.minus(Duration.ofDays(1)), availableOn, journal);
        return id;
    }
}
