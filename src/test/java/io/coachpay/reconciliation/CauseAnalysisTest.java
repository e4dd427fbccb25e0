package io.coachpay.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

import jakarta.inject.Inject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.ServiceTest;
import io.coachpay.SoldSession;
import io.coachpay.Undone;
import io.coachpay.access.Ids;
import io.coachpay.inbox.ObjectReplay;
import io.coachpay.ledger.Ledger;
import io.coachpay.reconciliation.BookComparison.Difference;
import io.coachpay.stripe.SomeRefusal;
import io.coachpay.stripe.StripeEvents;

/** Each cause that a difference can have, and what is asked of Stripe to find it. */
@ServiceTest
class CauseAnalysisTest {

    private static final Duration LONG = Duration.ofHours(5);

    @Inject
    Undone undone;
    @Inject
    Ledger ledger;
    @Inject
    StripeEvents stripe;
    @Inject
    ObjectReplay replay;
    @Inject
    Clock clock;

    private final List<String> asked = new ArrayList<>();
    private final Map<String, Supplier<MissedObjects.Seen>> answers = new HashMap<>();
    private final Map<Findings.Key, Findings.Known> known = new HashMap<>();
    private SoldSession sold;
    private Instant now;

    // ---- obvious ones

    @Test
    void waitsForWhatIsYoung() {
        story(() -> {
            String line = line("transfer", sold.transfer, now.minusSeconds(30));

            CauseAnalysis.Outcome outcome = explain(unbooked(line, now.minusSeconds(30)),
                    booked("10", "0", now.minusSeconds(30)));

            assertThat(outcome.found()).extracting(Discrepancy::cause).containsExactly(Cause.IN_FLIGHT, Cause.IN_FLIGHT);
            assertThat(outcome.isUnexplained()).isFalse();
            assertThat(asked).isEmpty();
        });
    }

    @Test
    void blamesTheCoachWhoDisconnectedTheAccount() {
        story(() -> {
            undone.run("update stripe_connected_accounts set deauthorized_at = ? where id = ?", now, sold.connectedAccount);
            String line = line("payment", "py_1", now.minus(LONG));

            CauseAnalysis.Outcome outcome = explain(unbooked(line, now.minus(LONG)), booked("10", "0", now.minus(LONG)));

            assertThat(outcome.found()).extracting(Discrepancy::cause)
                    .containsExactly(Cause.DASHBOARD_ACTION, Cause.DASHBOARD_ACTION);
            assertThat(asked).isEmpty();
        });
    }

    /** The coach's account cannot be read any more; the platform's can. */
    @Test
    void blamesADisconnectedAccountForItsOwnSideAlone() {
        undone.run(() -> {
            now = undone.now();
            sold = SoldSession.paidTo("acct_replaced", undone, ledger);
            imported("platform", now);

            CauseAnalysis.Outcome outcome = explain(booked("10", "0", now.minus(LONG)),
                    difference("platform", sold.payment.toString(), "0", "10", now.minus(LONG), true, true));

            assertThat(outcome.found()).extracting(Discrepancy::cause)
                    .containsExactly(Cause.DASHBOARD_ACTION, Cause.UNKNOWN);
        });
    }

    @Test
    void waitsForAnImportThatHasNotComeSoFar() {
        story(() -> {
            imported(sold.account, now.minus(LONG.multipliedBy(2)));

            assertThat(cause(booked("10", "0", now.minus(LONG)))).isEqualTo(Cause.IN_FLIGHT);
            imported(sold.account, now);
            assertThat(cause(booked("10", "0", now.minus(LONG)))).isEqualTo(Cause.UNKNOWN);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "insert into refunds (id, transaction_id, amount, currency, status, reason) values (?, ?, 25, 'USD', 'requested', 'late')",
            """
                    insert into transfer_steps (id, transaction_id, kind, purpose, amount, currency, status)
                    values (?, ?, 'transfer', 'refund_failed', 100, 'USD', 'requested')""" })
    void waitsForACallOfOursThatIsUnderWay(String call) {
        story(() -> {
            imported(sold.account, now);
            UUID id = Ids.next();
            undone.run(call, id, sold.payment);

            assertThat(cause(booked("10", "0", now.minus(LONG)))).isEqualTo(Cause.IN_FLIGHT);
            undone.run("update refunds set status = 'refused' where id = ?", id);
            undone.run("update transfer_steps set status = 'refused' where id = ?", id);
            assertThat(cause(booked("10", "0", now.minus(LONG)))).isEqualTo(Cause.UNKNOWN);
        });
    }

    @Test
    void waitsForAPayoutThatIsUnderWay() {
        story(() -> {
            imported(sold.account, now);
            String payout = sold.stripeId("po");
            undone.run(
                    """
                            insert into payouts (id, user_id, connected_account_id, stripe_payout_id, amount, unallocated, currency, status,
                                   initiated_by, requested_at, released_until) values (?, ?, ?, ?, 100, 100, 'USD', 'requested', 'run', ?, ?)""",
                    Ids.next(), sold.coach, sold.connectedAccount, payout, now, now);

            assertThat(cause(difference(sold.account, payout, "0", "-100", now.minus(LONG), true, false)))
                    .isEqualTo(Cause.IN_FLIGHT);
        });
    }

    // ---- from the inbox

    /** Whether the event of a balance transaction is still to be applied, when it came, and the cause. */
    @ParameterizedTest
    @CsvSource({ "received, 0, IN_FLIGHT", "failed, 14, IN_FLIGHT", "received, 16, LATE_EVENT", "failed, 600, LATE_EVENT" })
    void waitsForAnEventThatIsNotApplied(String status, int minutesLate, Cause cause) {
        story(() -> {
            String line = line("payment", "py_1" + sold.transfer, now.minus(LONG));
            event("transfer.created", "py_1" + sold.transfer, now.minus(LONG), minutesLate, status);

            CauseAnalysis.Outcome outcome = explain(unbooked(line, now.minus(LONG)));

            assertThat(outcome.found()).extracting(Discrepancy::cause).containsExactly(cause);
            assertThat(asked).isEmpty();
        });
    }

    /** Neither another fact's event, nor one about another object, nor one of another time. */
    @ParameterizedTest
    @CsvSource({ "payout.paid, py_1, 0", "transfer.created, py_2, 0", "transfer.created, py_1, -2",
            "transfer.created, py_1, 61" })
    void waitsForNoOtherEvent(String type, String object, int minutes) {
        story(() -> {
            String line = line("payment", "py_1" + sold.transfer, now.minus(LONG));
            event(type, object + sold.transfer, now.minus(LONG).plus(Duration.ofMinutes(minutes)), 0, "received");

            explain(unbooked(line, now.minus(LONG)));

            assertThat(asked).hasSize(1);
        });
    }

    @ParameterizedTest
    @CsvSource({ "received, 0, IN_FLIGHT", "failed, 16, LATE_EVENT", "processed, 0, UNKNOWN", "dead, 0, UNKNOWN" })
    void waitsForAnyEventThatNamesThePayment(String status, int minutesLate, Cause cause) {
        story(() -> {
            imported(sold.account, now);
            event("charge.updated", sold.intent, now.minus(LONG), minutesLate, status);

            assertThat(cause(booked("10", "0", now.minus(LONG)))).isEqualTo(cause);
        });
    }

    @Test
    void waitsForTheEventOfAnObjectWithoutAPayment() {
        story(() -> {
            imported(sold.account, now);
            String payout = sold.stripeId("po");
            event("payout.paid", payout, now.minus(LONG), 0, "received");

            assertThat(cause(difference(sold.account, payout, "0", "-10", now.minus(LONG), true, true)))
                    .isEqualTo(Cause.IN_FLIGHT);
        });
    }

    // ---- from Stripe

    @Test
    void blamesAMissedEventForWhatIsRecovered() {
        story(() -> {
            String line = line("payment", "py_1", now.minus(LONG));
            answers.put(line, () -> new MissedObjects.Seen(true, Cause.FOREIGN, true));

            CauseAnalysis.Outcome outcome = explain(unbooked(line, now.minus(LONG)));

            assertThat(outcome.found()).containsExactly(new Discrepancy(Kind.UNBOOKED, sold.account, line, "USD",
                    new BigDecimal("-125"), line, null, Cause.MISSED_EVENT, "payment of py_1", now.minus(LONG),
                    outcome.found().get(0).lookedAt()));
            assertThat(outcome.found().get(0).lookedAt()).isNotNull();
            assertThat(outcome.told()).isTrue();
            assertThat(outcome.missed()).extracting(LocalRecords.Line::transaction).containsExactly(line);
            assertThat(outcome.looked()).hasEntrySatisfying(key(line),
                    look -> assertThat(look.cause()).isEqualTo(Cause.FOREIGN));
            assertThat(asked).containsExactly(sold.account + " " + line);
        });
    }

    @Test
    void blamesNoMissedEventWhereTheEventCame() {
        story(() -> {
            String line = line("payment", "py_1" + sold.transfer, now.minus(LONG));
            event("transfer.created", "py_1" + sold.transfer, now.minus(LONG), 0, "processed");
            answers.put(line, () -> new MissedObjects.Seen(true, Cause.UNKNOWN, true));

            CauseAnalysis.Outcome outcome = explain(unbooked(line, now.minus(LONG)));

            assertThat(outcome.found()).extracting(Discrepancy::cause).containsExactly(Cause.UNKNOWN);
            assertThat(outcome.told()).isTrue();
            assertThat(outcome.missed()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource(value = Cause.class, names = { "FOREIGN", "DASHBOARD_ACTION", "UNKNOWN" })
    void believesStripeAboutWhatCannotBeRecovered(Cause cause) {
        story(() -> {
            String line = line("payment", "py_1", now.minus(LONG));
            answers.put(line, () -> new MissedObjects.Seen(false, cause, false));

            CauseAnalysis.Outcome outcome = explain(unbooked(line, now.minus(LONG)));

            assertThat(outcome.found()).extracting(Discrepancy::cause).containsExactly(cause);
            assertThat(outcome.told()).isFalse();
            assertThat(outcome.isUnexplained()).isEqualTo(cause == Cause.UNKNOWN);
            assertThat(outcome.looked()).containsOnlyKeys(key(line));
        });
    }

    @Test
    void asksThePlatformAboutItsOwnLines() {
        story(() -> {
            String line = line("platform", "transfer", sold.transfer, now.minus(LONG));

            explain(difference("platform", line, "0", "125", now.minus(LONG), false, true));

            assertThat(asked).containsExactly("null " + line);
        });
    }

    @Test
    void asksNobodyAboutATypeThatNobodyKnows() {
        story(() -> {
            String line = line("a_new_type", null, now.minus(LONG));

            CauseAnalysis.Outcome outcome = explain(unbooked(line, now.minus(LONG)));

            assertThat(outcome.found()).singleElement().satisfies(found -> {
                assertThat(found.kind()).isEqualTo(Kind.UNKNOWN_TYPE);
                assertThat(found.cause()).isEqualTo(Cause.UNKNOWN);
                assertThat(found.details()).isEqualTo("a_new_type");
                assertThat(found.stripeId()).isEqualTo(line);
            });
            assertThat(asked).isEmpty();
        });
    }

    @Test
    void asksAgainAfterAnHourOrAsLongAsItIsOld() {
        story(() -> {
            String line = line("payment", "py_1", now.minus(LONG));
            answers.put(line, () -> new MissedObjects.Seen(false, Cause.UNKNOWN, false));
            known.put(key(line), new Findings.Known(Cause.FOREIGN, now.minus(Duration.ofHours(2))));
            assertThat(cause(unbooked(line, now.minus(LONG)))).as("three hours old when asked, two hours ago")
                    .isEqualTo(Cause.FOREIGN);
            assertThat(asked).isEmpty();

            known.put(key(line), new Findings.Known(Cause.FOREIGN, now.minus(Duration.ofHours(3))));
            assertThat(cause(unbooked(line, now.minus(LONG)))).as("two hours old when asked, three hours ago")
                    .isEqualTo(Cause.UNKNOWN);
            assertThat(asked).hasSize(1);

            known.put(key(line), new Findings.Known(Cause.FOREIGN, now.minus(Duration.ofMinutes(50))));
            assertThat(cause(unbooked(line, now.minus(Duration.ofMinutes(51))))).as("a minute old when asked")
                    .isEqualTo(Cause.FOREIGN);
            assertThat(asked).hasSize(1);
        });
    }

    @Test
    void asksNothingMoreOnceStripeIsAway() {
        story(() -> {
            List<String> lines = List.of(line("payment", "py_1", now.minus(LONG)), line("payment", "py_2", now.minus(LONG)));
            answers.put(lines.get(0), () -> {
                throw SomeRefusal.unreachable();
            });

            CauseAnalysis.Outcome outcome = explain(unbooked(lines.get(0), now.minus(LONG)),
                    unbooked(lines.get(1), now.minus(LONG)));

            assertThat(asked).hasSize(1);
            assertThat(outcome.found()).extracting(Discrepancy::cause).containsExactly(Cause.UNKNOWN, Cause.MISSED_EVENT);
            assertThat(outcome.found()).extracting(Discrepancy::lookedAt).containsOnlyNulls();
            assertThat(outcome.looked()).isEmpty();
        });
    }

    @Test
    void asksNothingMoreOnceStripeLimitsUs() {
        story(() -> {
            List<String> lines = List.of(line("payment", "py_1", now.minus(LONG)), line("payment", "py_2", now.minus(LONG)));
            answers.put(lines.get(0), () -> {
                throw SomeRefusal.rateLimited();
            });

            explain(unbooked(lines.get(0), now.minus(LONG)), unbooked(lines.get(1), now.minus(LONG)));

            assertThat(asked).hasSize(1);
        });
    }

    /** A refusal, or an answer that nobody understands, is about one object alone. */
    @Test
    void asksOnAboutTheOthersWhereOneIsRefused() {
        story(() -> {
            List<String> lines = List.of(line("payment", "py_1", now.minus(LONG)), line("payment", "py_2", now.minus(LONG)),
                    line("payment", "py_3", now.minus(LONG)));
            answers.put(lines.get(0), () -> {
                throw SomeRefusal.unexpectedState();
            });
            answers.put(lines.get(1), () -> {
                throw new IllegalStateException("not understood");
            });
            answers.put(lines.get(2), () -> new MissedObjects.Seen(false, Cause.FOREIGN, false));

            CauseAnalysis.Outcome outcome = explain(unbooked(lines.get(0), now.minus(LONG)),
                    unbooked(lines.get(1), now.minus(LONG)), unbooked(lines.get(2), now.minus(LONG)));

            assertThat(outcome.found()).extracting(Discrepancy::cause)
                    .containsExactly(Cause.UNKNOWN, Cause.UNKNOWN, Cause.FOREIGN);
            assertThat(outcome.found()).extracting(Discrepancy::lookedAt).doesNotContainNull();
        });
    }

    @Test
    void asksNobodyWhenItExplainsAgain() {
        story(() -> {
            String line = line("payment", "py_1" + sold.transfer, now.minus(LONG));
            String heard = line("payment", "py_2" + sold.transfer, now.minus(LONG));
            event("transfer.created", "py_2" + sold.transfer, now.minus(LONG), 0, "processed");

            List<Discrepancy> found = analysis().explainAgain(
                    List.of(unbooked(line, now.minus(LONG)), unbooked(heard, now.minus(LONG))), known, young()).found();

            assertThat(found).extracting(Discrepancy::cause).containsExactly(Cause.MISSED_EVENT, Cause.UNKNOWN);
            assertThat(asked).isEmpty();
        });
    }

    // ---- what is booked

    /** The excess in pending and in available funds, whether Stripe has lines about it, and the kind with its amount. */
    @ParameterizedTest
    @CsvSource({ "10, 5, true, UNEQUAL, 15", "10, 5, false, UNTOLD, 15", "10, -10, true, UNMOVED, 10",
            "-10, 10, false, UNMOVED, -10" })
    void namesTheKindOfADifferenceInWhatIsBooked(String pending, String available, boolean told, Kind kind, String amount) {
        story(() -> {
            Discrepancy found = explain(
                    difference(sold.account, sold.payment.toString(), pending, available, now.minus(LONG), true, told)).found()
                    .get(0);

            assertThat(found.kind()).isEqualTo(kind);
            assertThat(found.amount()).isEqualByComparingTo(amount);
            assertThat(found.stripeId()).isEqualTo(sold.intent);
            assertThat(found.paymentId()).isEqualTo(sold.payment);
        });
    }

    /** The event of a payment was missed, so its other differences have no cause of their own; those of others have. */
    @Test
    void blamesAMissedEventForAllThatItsPaymentLacks() {
        story(() -> {
            imported(sold.account, now);
            imported("platform", now);
            String line = line("payment", "py_1", now.minus(LONG));
            answers.put(line, () -> new MissedObjects.Seen(true, Cause.UNKNOWN, true));
            String others = UUID.randomUUID().toString();
            CauseAnalysis.Outcome outcome = explain(unbooked(line, now.minus(LONG)), booked("10", "0", now.minus(LONG)),
                    difference(sold.account, others, "10", "0", now.minus(LONG), true, true),
                    difference("platform", sold.payment.toString(), "0", "3", now.minusSeconds(1), true, true));
            undone.run("update stripe_balance_transactions set fact_journal_id = (select id from ledger_journals"
                    + " where transaction_id = ?) where stripe_balance_transaction_id = ?", sold.payment, line);

            List<Discrepancy> matched = analysis().matched(outcome);

            assertThat(matched).extracting(Discrepancy::cause).containsExactly(Cause.MISSED_EVENT, Cause.MISSED_EVENT,
                    Cause.UNKNOWN, Cause.IN_FLIGHT);
        });
    }

    // ---- the story

    private void story(Runnable story) {
        undone.run(() -> {
            now = undone.now();
            sold = SoldSession.paid(undone, ledger);
            story.run();
        });
    }

    private CauseAnalysis.Outcome explain(Difference... objects) {
        return analysis().explain(List.of(objects), known, young());
    }

    private Cause cause(Difference object) {
        return explain(object).found().get(0).cause();
    }

    private Instant young() {
        return now.minus(Duration.ofMinutes(15));
    }

    private CauseAnalysis analysis() {
        return new CauseAnalysis(new Scripted(), undone.database(), clock);
    }

    private Findings.Key key(String line) {
        return new Findings.Key(sold.account, Kind.UNBOOKED, line);
    }

    /** A balance transaction without a journal, on the coach's account. */
    private Difference unbooked(String line, Instant at) {
        return difference(sold.account, line, "-125", "0", at, false, true);
    }

    /** The payment differs on the coach's account by this much. */
    private Difference booked(String pending, String available, Instant at) {
        return difference(sold.account, sold.payment.toString(), pending, available, at, true, true);
    }

    private static Difference difference(String account, String object, String pending, String available, Instant at,
            boolean booked, boolean told) {
        return new Difference(account, "USD", object, new BigDecimal(pending), new BigDecimal(available), at, booked, told);
    }

    private String line(String type, @Nullable String source, Instant created) {
        return line(sold.account, type, source, created);
    }

    /** A line that was imported, and those of its account until now. */
    private String line(String account, String type, @Nullable String source, Instant created) {
        imported(account, now);
        String id = "txn_" + Ids.next().toString().replace("-", "");
        undone.run(
                """
                        insert into stripe_balance_transactions (id, account, stripe_balance_transaction_id, type, source, amount, fee, net,
                               currency, created, available_on) values (?, ?, ?, ?, ?, 125, 0, 125, 'USD', ?, ?)""",
                Ids.next(), account,
                id, type, source, created, created);
        return id;
    }

    private void imported(String account, Instant until) {
        undone.run("""
                insert into stripe_cursors (id, listing, account, listed_until) values (?, 'balance_transactions', ?, ?)
                on conflict (listing, account) do update set listed_until = excluded.listed_until""", Ids.next(), account,
                until);
    }

    private void event(String type, String object, Instant created, int minutesLate, String status) {
        undone.run("""
                insert into stripe_events (id, event_id, endpoint, type, created, livemode, payload, received_at, status)
                values (?, ?, 'platform', ?, ?, false, ?, ?, ?)""", Ids.next(), "evt_" + Ids.next().toString().replace("-", ""),
                type, created, "{\"object\": \"" + object + "\"}", created.plus(Duration.ofMinutes(minutesLate)), status);
    }

    /** Answers as the test says, and records what was asked. */
    private final class Scripted extends MissedObjects {

        Scripted() {
            super(stripe, replay, clock);
        }

        @Override
        Seen at(@Nullable String account, String transaction) {
            asked.add(account + " " + transaction);
            return answers.getOrDefault(transaction, () -> Seen.NOTHING).get();
        }
    }
}
