package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionRulesTest {

    @Test
    void givesSlotToOneOfTenAtOnce() throws Exception {
        UUID coach = Rows.coach();
        UUID mentee = Rows.user();
        OffsetDateTime start = Rows.freshTime();

        var refusals = Together.attempt(10, () -> Rows.session(mentee, coach, start, "pending_payment"));

        // PostgreSQL ends one of two that check each other's row at once as a deadlock; the service books a coach's sessions
        // one after the other.
        assertThat(refusals).hasSize(9).allSatisfy(
                refusal -> assertThat(refusal).message().containsAnyOf("sessions_slot_taken", "deadlock detected"));
    }

    @Test
    void refusesOverlapButNotTheNextSlotNorAnotherCoach() throws SQLException {
        UUID coach = Rows.coach();
        UUID mentee = Rows.user();
        OffsetDateTime start = Rows.freshTime();
        Rows.session(mentee, coach, start, "confirmed");

        assertThat(Refusal.constraint(() -> Rows.session(mentee, coach, start.plusMinutes(74), "pending_payment")))
                .isEqualTo("sessions_slot_taken");
        Rows.session(mentee, coach, start.plusMinutes(75), "pending_payment");
        Rows.session(mentee, Rows.coach(), start, "pending_payment");
    }

    @Test
    void freesSlotOfCancelledSessionAndRefusesToRevivePaidLate() throws SQLException {
        UUID coach = Rows.coach();
        UUID mentee = Rows.user();
        OffsetDateTime start = Rows.freshTime();
        UUID late = Rows.session(mentee, coach, start, "pending_payment");

        Sql.run(Caller.SERVICE, "update sessions set status = 'expired' where id = ?", late);
        Rows.session(mentee, coach, start, "pending_payment");

        assertThat(Refusal
                .constraint(() -> Sql.run(Caller.SERVICE, "update sessions set status = 'confirmed' where id = ?", late)))
                .isEqualTo("sessions_slot_taken");
    }

    @ParameterizedTest
    @CsvSource({ "platform_fee_amount = 24.99, sessions_split_adds_up", "ends_at = starts_at, sessions_end_after_start",
            "mentee_id = coach_id, sessions_not_with_oneself", "hold_expires_at = null, sessions_hold_while_unpaid",
            "price_amount = 0, sessions_price_amount_check", "currency = 'usd', sessions_currency_check",
            "platform_fee_percentage = 101, sessions_platform_fee_percentage_check",
            "fee_source = 'coach', sessions_fee_source_check", "fee_source = 'plan', sessions_frozen",
            "platform_fee_percentage = 10, sessions_frozen",
            "stripe_payment_intent_id = 'cus_1', sessions_stripe_payment_intent_id_check" })
    void refusesWhatNoSessionCanBe(String change, String constraint) throws SQLException {
        UUID session = Rows.session(Rows.user(), Rows.coach());

        assertThat(
                Refusal.constraint(() -> Sql.run(Caller.SERVICE, "update sessions set " + change + " where id = ?", session)))
                .isEqualTo(constraint);
    }

    @Test
    void refusesTheMenteesTwentyFirstOpenHold() throws SQLException {
        UUID mentee = Rows.user();
        UUID paid = Rows.session(mentee, Rows.coach());
        Sql.run(Caller.SERVICE, "update sessions set status = 'confirmed' where id = ?", paid);
        UUID open = holds(mentee, Rows.coach(), 20);

        assertThat(Refusal.constraint(() -> Rows.session(mentee, Rows.coach()))).isEqualTo("sessions_open_holds_of_mentee");
        try (var owner = Database.owner()) {
            assertThat(Refusal.constraint(() -> Sql.run(owner, "update sessions set mentee_id = ? where id = ?", mentee,
                    Rows.session(Rows.user(), Rows.coach())))).isEqualTo("sessions_open_holds_of_mentee");
        }
        Sql.run(Caller.SERVICE, "update sessions set status = 'expired' where id = ?", open);
        Rows.session(mentee, Rows.coach());
    }

    @Test
    void refusesMoreOpenHoldsOfAMenteeThanThatAtOnce() throws Exception {
        UUID mentee = Rows.user();
        holds(mentee, Rows.coach(), 15);

        var refusals = Together.attempt(10, () -> Rows.session(mentee, Rows.coach()));

        assertThat(refusals).hasSize(5)
                .allSatisfy(refusal -> assertThat(refusal).message().contains("holds 20 unpaid slots"));
    }

    @Test
    void refusesTheCoachsTwoHundredAndFirstOpenHoldAlsoAtOnce() throws Exception {
        UUID coach = Rows.coach();
        for (int mentee = 0; mentee < 13; mentee++) {
            holds(Rows.user(), coach, 15);
        }

        var refusals = Together.attempt(10, () -> Rows.session(Rows.user(), coach));

        assertThat(refusals).hasSize(5)
                .allSatisfy(refusal -> assertThat(refusal).message().contains("200 unpaid slots of coach"));
    }

    @Test
    void refusesAHoldOfMoreThanADay() throws SQLException {
        UUID session = Rows.session(Rows.user(), Rows.coach());
        String hold = "update sessions set hold_expires_at = created_at + ?::interval where id = ?";

        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, hold, "24:00:01", session)))
                .isEqualTo("sessions_hold_ends");
        Sql.run(Caller.SERVICE, hold, "24:00:00", session);
    }

    /** Opens so many holds, by one statement; the id of one of them. */
    private static UUID holds(UUID mentee, UUID coach, int howMany) throws SQLException {
        UUID first = Rows.session(mentee, coach);
        OffsetDateTime from = Rows.freshTime();
        for (int i = 1; i < howMany; i++) {
            Rows.freshTime();
        }
        Sql.run(Caller.SERVICE, """
                insert into sessions (id, mentee_id, coach_id, starts_at, ends_at, status, price_amount, currency,
                  platform_fee_amount, coach_payout_amount, hourly_rate, platform_fee_percentage, hold_expires_at)
                select gen_random_uuid(), mentee_id, coach_id, ?::timestamptz + n * interval '2 hours',
                  ?::timestamptz + n * interval '2 hours' + interval '75 minutes', status, price_amount, currency,
                  platform_fee_amount, coach_payout_amount, hourly_rate, platform_fee_percentage, hold_expires_at
                  from sessions, generate_series(0, ?) n where id = ?""", from, from, howMany - 2, first);
        return first;
    }

    @Test
    void keepsUsersWithSessionsForTheBooks() throws SQLException {
        UUID mentee = Rows.user();
        Rows.session(mentee, Rows.coach());

        try (var owner = Database.owner()) {
            assertThat(Refusal.constraint(() -> Sql.run(owner, "delete from users where id = ?", mentee)))
                    .isEqualTo("sessions_mentee_id_fkey");
        }
    }
}
