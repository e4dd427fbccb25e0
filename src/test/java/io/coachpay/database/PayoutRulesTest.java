package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A payout is made of lines that sum to it, and no line is paid out twice, whoever writes. */
class PayoutRulesTest {

    @Test
    void takesItemsThatSumToThePayout() throws SQLException {
        UUID coach = Rows.coach();
        UUID payout = Rows.payout(coach, "requested");

        Rows.payoutItem(payout, Rows.available(coach, "-20.00"), "-20.00");
        Rows.payoutItem(payout, Rows.available(coach, "150.00"), "120.00");

        assertThat(Sql.value(Caller.SERVICE, "select trim_scale(unallocated) from payouts where id = ?", payout))
                .isEqualTo("0");
    }

    @Test
    void refusesTwoForOneRequest() throws SQLException {
        UUID coach = Rows.coach();
        UUID request = UUID.randomUUID();
        Sql.runAsOwner("update payouts set request_id = ? where id = ?", request, Rows.payout(coach, "paid"));
        UUID another = Rows.payout(coach, "requested");

        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update payouts set request_id = ? where id = ?", request, another)))
                .isEqualTo("payouts_one_a_request");
    }

    @Test
    void refusesItemsThatSumToLess() throws SQLException {
        UUID coach = Rows.coach();
        UUID payout = Rows.payout(coach, "requested");
        UUID line = Rows.available(coach, "100.00");

        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, """
                insert into payout_items (id, payout_id, entry_id, amount, currency)
                values (gen_random_uuid(), ?, ?, 40, 'USD')""", payout, line))).isEqualTo("payout_items_sum_to_payout");
        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, "update payouts set unallocated = 0 where id = ?", payout)))
                .isEqualTo("payout_items_sum_to_payout");
    }

    @Test
    void refusesPayoutWithoutItems() throws SQLException {
        UUID coach = Rows.coach();
        Rows.payout(coach, "paid");

        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, """
                insert into payouts (id, user_id, connected_account_id, amount, currency, status, initiated_by, requested_at,
                  released_until)
                select gen_random_uuid(), ?, id, 100, 'USD', 'requested', 'run', now(), now() from stripe_connected_accounts
                 where user_id = ?""", coach, coach))).isEqualTo("payout_items_sum_to_payout");
    }

    @ParameterizedTest
    @CsvSource({ "60.00,60.01", "60.00,-1.00", "-60.00,-60.01", "-60.00,1.00" })
    void refusesMoreThanTheLineHas(String line, String item) throws SQLException {
        UUID coach = Rows.coach();
        UUID payout = Rows.payout(coach, "requested");
        UUID entry = Rows.available(coach, line);

        assertThat(Refusal.constraint(() -> Rows.payoutItem(payout, entry, item))).isEqualTo("payout_items_within_line");
    }

    @Test
    void refusesToPayALineTwice() throws SQLException {
        UUID coach = Rows.coach();
        UUID line = Rows.available(coach, "60.00");
        Rows.payoutItem(Rows.payout(coach, "paid"), line, "40.00");
        UUID second = Rows.payout(coach, "pending");

        assertThat(Refusal.constraint(() -> Rows.payoutItem(second, line, "20.01"))).isEqualTo("payout_items_within_line");
        assertThatCode(() -> Rows.payoutItem(second, line, "20.00")).doesNotThrowAnyException();
    }

    @Test
    void letsOneOfManyTakeALine() throws Exception {
        UUID coach = Rows.coach();
        UUID line = Rows.available(coach, "60.00");
        Queue<UUID> payouts = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 4; i++) {
            payouts.add(Rows.payout(coach, "pending"));
        }

        List<Throwable> refusals = Together.attempt(4, () -> Rows.payoutItem(payouts.remove(), line, "40.00"));

        assertThat(refusals).hasSize(3).allSatisfy(refusal -> assertThat(Refusal.constraint(() -> {
            throw refusal;
        })).isEqualTo("payout_items_within_line"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "failed", "canceled" })
    void releasesTheLinesOfWhatCameBack(String status) throws SQLException {
        UUID coach = Rows.coach();
        UUID payout = Rows.payout(coach, "pending");
        UUID line = Rows.available(coach, "100.00");
        Rows.payoutItem(payout, line, "100.00");

        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update payouts set status = ? where id = ?", status, payout)))
                .isEqualTo("payout_items_sum_to_payout");
        assertThatCode(() -> Database.as(Caller.SERVICE, connection -> {
            Sql.run(connection, "update payouts set status = ? where id = ?", status, payout);
            return Sql.run(connection, "update payout_items set released_at = now() where payout_id = ?", payout);
        })).doesNotThrowAnyException();
        assertThatCode(() -> Rows.payoutItem(Rows.payout(coach, "requested"), line, "100.00")).doesNotThrowAnyException();
    }

    @Test
    void refusesAnotherCoachsLineAndAnotherAccounts() throws SQLException {
        UUID coach = Rows.coach();
        UUID payout = Rows.payout(coach, "requested");
        UUID others = Rows.available(Rows.coach(), "100.00");
        UUID pending = UUID.fromString(Sql.value(Caller.SERVICE, """
                select id from ledger_entries where journal_id = ? and line is not null""",
                Rows.post(Rows.line("external", null, "-100"), Rows.line("coach_pending", coach, "100"))));

        assertThat(Refusal.constraint(() -> Rows.payoutItem(payout, others, "100.00"))).isEqualTo("payout_items_of_coach");
        assertThat(Refusal.constraint(() -> Rows.payoutItem(payout, pending, "100.00"))).isEqualTo("payout_items_of_coach");
    }

    @Test
    void refusesWhatASessionEarnedThatIsNotOver() throws SQLException {
        UUID coach = Rows.coach();
        UUID ahead = paid(coach, OffsetDateTime.now(ZoneOffset.UTC).plusDays(1), null);
        UUID over = paid(coach, OffsetDateTime.now(ZoneOffset.UTC).minusDays(1), null);
        UUID cancelled = paid(coach, OffsetDateTime.now(ZoneOffset.UTC).plusDays(2),
                OffsetDateTime.now(ZoneOffset.UTC).minusDays(1));
        UUID payout = Rows.payout(coach, "requested");

        assertThat(Refusal.constraint(() -> Rows.payoutItem(payout, Rows.available(coach, ahead, "100.00"), "1.00")))
                .isEqualTo("payout_items_released");
        assertThatCode(() -> Rows.payoutItem(payout, Rows.available(coach, over, "100.00"), "60.00"))
                .doesNotThrowAnyException();
        assertThatCode(() -> Rows.payoutItem(payout, Rows.available(coach, cancelled, "50.00"), "50.00"))
                .doesNotThrowAnyException();
        assertThatCode(() -> Rows.payoutItem(payout, Rows.available(coach, ahead, "-10.00"), "-10.00"))
                .as("what it owes").doesNotThrowAnyException();
    }

    @Test
    void refusesWhatIsHeldUntilAllOfItHasGoneBack() throws SQLException {
        UUID coach = Rows.coach();
        UUID held = Rows.transaction(Rows.user(), coach,
                Rows.session(Rows.user(), coach, OffsetDateTime.now(ZoneOffset.UTC).minusDays(9), "expired"));
        Sql.run(Caller.SERVICE,
                """
                        update transactions set status = 'completed', held_at = now(), mismatch = 'another', amount = 150, coach_payout = 125
                         where id = ?""",
                held);
        UUID payout = Rows.payout(coach, "requested");

        assertThat(Refusal.constraint(() -> Rows.payoutItem(payout, Rows.available(coach, held, "125.00"), "1.00")))
                .isEqualTo("payout_items_released");
        Sql.run(Caller.SERVICE, "update transactions set status = 'refunded', refunded_amount = amount where id = ?", held);
        assertThatCode(() -> Rows.payoutItem(payout, Rows.available(coach, held, "125.00"), "100.00"))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesAnotherItemThatTakesMoreThanAPaymentOwes() throws SQLException {
        UUID coach = Rows.coach();
        UUID ahead = paid(coach, OffsetDateTime.now(ZoneOffset.UTC).plusDays(1), null);
        UUID payout = Rows.payout(coach, "requested");
        Rows.payoutItem(payout, Rows.available(coach, ahead, "-10.00"), "-10.00");
        UUID earned = Rows.available(coach, ahead, "100.00");

        assertThat(Refusal.constraint(() -> Rows.payoutItem(payout, earned, "10.01"))).isEqualTo("payout_items_released");
    }

    @ParameterizedTest
    @CsvSource({ "run,null", "coach,now() + interval '1 second'", "dashboard,now()" })
    void refusesABoundThatIsMissingOrLiesAhead(String by, String bound) throws SQLException {
        UUID coach = Rows.coach();
        Rows.payout(coach, "paid");

        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, """
                insert into payouts (id, user_id, connected_account_id, amount, unallocated, currency, status, initiated_by,
                  requested_at, released_until)
                select gen_random_uuid(), ?, id, 100, 100, 'USD', 'paid', ?, now(), %s from stripe_connected_accounts
                 where user_id = ?""".formatted(bound), coach, by, coach))).isEqualTo("payouts_released");
    }

    private static UUID paid(UUID coach, OffsetDateTime start, @Nullable OffsetDateTime cancelled) throws SQLException {
        UUID mentee = Rows.user();
        UUID session = Rows.session(mentee, coach, start, cancelled == null ? "confirmed" : "cancelled");
        Sql.run(Caller.SERVICE, "update sessions set cancelled_at = ? where id = ?", cancelled, session);
        return Rows.transaction(mentee, coach, session, "completed");
    }

    @Test
    void asksForOnePayoutAtATime() throws SQLException {
        UUID coach = Rows.coach();
        Rows.payout(coach, "requested");

        assertThat(Refusal.constraint(() -> Rows.payout(coach, "requested"))).isEqualTo("payouts_one_requested");
    }

    @Test
    void paysAPeriodOnceUnlessItWasRefused() throws SQLException {
        UUID coach = Rows.coach();
        UUID refused = Rows.payout(coach, "refused");
        UUID paid = Rows.payout(coach, "paid");
        UUID again = Rows.payout(coach, "pending");
        Sql.runAsOwner("update payouts set period = '2030-01-01' where id in (?, ?)", refused, paid);

        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update payouts set period = '2030-01-01' where id = ?", again)))
                .isEqualTo("payouts_one_a_period");
    }

    @ParameterizedTest
    @ValueSource(strings = { "user_id = other.user_id", "connected_account_id = other.connected_account_id",
            "amount = payouts.amount + 1", "currency = 'EUR'", "released_until = payouts.released_until - interval '1 day'" })
    void staysWhatStripeWasAskedFor(String change) throws SQLException {
        UUID payout = Rows.payout(Rows.coach(), "requested");
        UUID other = Rows.payout(Rows.coach(), "requested");

        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE,
                "update payouts set " + change + " from payouts other where payouts.id = ? and other.id = ?", payout, other)))
                .isEqualTo("payouts_pinned");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = { "instant,coach,-1,-,-,-,payouts_fee", "standard,coach,1,-,-,-,payouts_fee",
            "instant,run,1,-,-,-,payouts_fee", "instant,coach,0,tr_1,py_1,-,payouts_fee_taken",
            "instant,coach,1,tr_1,-,-,payouts_fee_taken", "instant,coach,1,-,py_1,-,payouts_fee_taken",
            "instant,coach,1,tr_1,py_1,no,payouts_fee_taken", "instant,coach,0,-,-,no,payouts_fee_refused",
            "instant,coach,1,po_1,py_1,-,payouts_stripe_fee_transfer_id_check",
            "instant,coach,1,tr_1,re_1,-,payouts_stripe_fee_payment_id_check" })
    void refusesAFeeThatIsNone(String method, String by, String fee, @Nullable String transfer, @Nullable String payment,
            @Nullable String refusal, String wall) {
        assertThat(Refusal.constraint(() -> payout(method, by, fee, transfer, payment, refusal))).isEqualTo(wall);
    }

    @ParameterizedTest
    @ValueSource(strings = { "fee = 2", "fee = 0", "fee = 0, method = 'standard'", "stripe_fee_transfer_id = 'tr_other'",
            "stripe_fee_transfer_id = null, stripe_fee_payment_id = null", "stripe_fee_payment_id = 'py_other'" })
    void keepsTheFeeThatStripeTook(String change) throws SQLException {
        UUID payout = payout("instant", "coach", "1", Rows.stripeId("tr"), Rows.stripeId("py"), null);

        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update payouts set " + change + " where id = ?", payout)))
                .isEqualTo("payouts_pinned");
    }

    @Test
    void takesNoFeeTwice() throws SQLException {
        String transfer = Rows.stripeId("tr");
        payout("instant", "coach", "1", transfer, Rows.stripeId("py"), null);

        assertThat(Refusal.constraint(() -> payout("instant", "coach", "1", transfer, Rows.stripeId("py"), null)))
                .isEqualTo("payouts_stripe_fee_transfer_id_key");
    }

    @Test
    void takesNoFeeThatWasBookedByHand() throws SQLException {
        UUID payout = payout("instant", "coach", "1", null, null, null);
        String source = Sql.value(Caller.SERVICE, "select source from adjustments where id = ?",
                Rows.adjustment(Rows.coach(), "5.00"));

        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE,
                "update payouts set stripe_fee_transfer_id = ?, stripe_fee_payment_id = ? where id = ?", source,
                Rows.stripeId("py"), payout))).isEqualTo("adjustments_source_alone");
    }

    /** One that Stripe made, with a fee and what became of it. */
    private static UUID payout(String method, String by, String fee, @Nullable String transfer, @Nullable String payment,
            @Nullable String refusal) throws SQLException {
        UUID coach = Rows.coach();
        Rows.payout(coach, "paid");
        return UUID.fromString(Sql.value(Caller.SERVICE, """
                insert into payouts (id, user_id, connected_account_id, stripe_payout_id, amount, unallocated, currency, status,
                  method, initiated_by, requested_at, released_until, fee, stripe_fee_transfer_id, stripe_fee_payment_id,
                  fee_refusal)
                select gen_random_uuid(), ?, id, ?, 100, 100, 'USD', 'paid', ?, ?, now(), now(), ?::numeric, ?, ?, ?
                  from stripe_connected_accounts where user_id = ? returning id""", coach, Rows.stripeId("po"), method, by, fee,
                transfer, payment, refusal, coach));
    }
}
