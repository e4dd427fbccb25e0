package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PaymentRulesTest {

    private final UUID mentee = Rows.user();
    private final UUID coach = Rows.coach();
    private final UUID session = Rows.session(mentee, coach);

    PaymentRulesTest() throws SQLException {
    }

    @ParameterizedTest
    @ValueSource(strings = { "pending", "processing", "completed", "failed", "partially_refunded", "refunded" })
    void allowsNoSecondPaymentBesideOneThatMaySucceed(String status) throws SQLException {
        Rows.transaction(mentee, coach, session, status);

        assertThat(Refusal.constraint(() -> Rows.transaction(mentee, coach, session)))
                .isEqualTo("transactions_one_live_per_session");
    }

    @Test
    void allowsAnotherPaymentAfterCancelledOnes() throws SQLException {
        Rows.transaction(mentee, coach, session, "canceled");
        Rows.transaction(mentee, coach, session, "canceled");

        Rows.transaction(mentee, coach, session);
    }

    @Test
    void allowsASecondPaymentThatIsLateAndGoesBack() throws SQLException {
        UUID late = Rows.transaction(mentee, coach, session, "canceled");
        UUID other = Rows.transaction(mentee, coach, session);
        String surplus = "update transactions set status = 'completed', surplus = true, late_at = %s where id = ?";

        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update transactions set status = 'completed', late_at = now() where id = ?",
                        late)))
                .isEqualTo("transactions_one_live_per_session");
        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, surplus.formatted("null"), late)))
                .isEqualTo("transactions_surplus_is_late");
        Sql.run(Caller.SERVICE, surplus.formatted("now()"), late);
        Sql.run(Caller.SERVICE, "update transactions set status = 'completed' where id = ?", other);
    }

    @ParameterizedTest
    @ValueSource(strings = { "amount = 150, coach_payout = 125", "currency = 'EUR'", "platform_fee = 50, coach_payout = 75",
            "destination_account = 'acct_2'" })
    void keepsWhatWasAgreed(String other) throws SQLException {
        UUID payment = Rows.transaction(mentee, coach, session);
        UUID paid = Rows.transaction(mentee, coach, Rows.session(mentee, coach), "completed");

        assertThat(changing(payment, other)).isEqualTo("transactions_keep_agreement");
        assertThat(changing(paid, other + ", held_at = now(), mismatch = 'another'")).isEqualTo("transactions_keep_agreement");
        assertThat(changing(payment, other + ", status = 'completed', held_at = now(), mismatch = 'another'"))
                .isEqualTo("allowed");
        assertThat(changing(payment, "amount = 200, coach_payout = 200 - platform_fee"))
                .isEqualTo("transactions_keep_agreement");
        assertThat(changing(payment, "held_at = null, mismatch = null")).isEqualTo("transactions_keep_agreement");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = { "held_at = now() | transactions_held_for_a_reason",
            "mismatch = 'another' | transactions_held_for_a_reason",
            "held_at = now(), mismatch = 'another' | transactions_held_is_paid",
            "status = 'completed', late_at = now(), surplus = true, held_at = now(), mismatch = 'another' | transactions_held_is_no_surplus",
            "status = 'completed', held_at = now(), mismatch = 'another', coach_payout = 90 | transactions_session_payment",
            "status = 'completed', held_at = now(), mismatch = 'another', destination_account = null, platform_fee = 0 | transactions_session_payment" })
    void holdsNothingButWhatWasPaidOtherwise(String change, String constraint) throws SQLException {
        assertThat(changing(Rows.transaction(mentee, coach, session), change)).isEqualTo(constraint);
    }

    @Test
    void buysNothingWithAHeldPaymentAndBooksItAsThat() throws SQLException {
        UUID held = Rows.transaction(mentee, coach, session);
        String intent = Rows.stripeId("pi");
        assertThat(changing(held, "stripe_payment_intent_id = '" + intent + "'")).isEqualTo("allowed");
        assertThat(booking("payment_held", held)).isEqualTo("ledger_journals_as_taken");
        assertThat(changing(held,
                "status = 'completed', held_at = now(), mismatch = 'another', amount = 150, coach_payout = 125"))
                .isEqualTo("allowed");

        assertThat(booking("session_paid", held)).isEqualTo("ledger_journals_as_taken");
        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE,
                "update sessions set status = 'confirmed', stripe_payment_intent_id = ? where id = ?", intent, session)))
                .isEqualTo("sessions_bought_as_agreed");
        Rows.transaction(mentee, coach, session);
    }

    private static String changing(UUID payment, String change) {
        return Refusal
                .constraint(() -> Sql.run(Caller.SERVICE, "update transactions set " + change + " where id = ?", payment));
    }

    private static String booking(String kind, UUID payment) {
        return Refusal.constraint(() -> Rows.inserted(
                "insert into ledger_journals (id, kind, reference, transaction_id, occurred_at) values (?, ?, ?, ?, now())",
                kind,
                Rows.stripeId("pi"), payment));
    }

    @Test
    void letsOneOfManySimultaneousPaymentsBegin() throws Exception {
        var refusals = Together.attempt(10, () -> Rows.transaction(mentee, coach, session));

        assertThat(refusals).hasSize(9)
                .allSatisfy(refusal -> assertThat(refusal).hasMessageContaining("transactions_one_live_per_session"));
    }

    @ParameterizedTest
    @CsvSource({ "refunded_amount = 125.01, transactions_refund_within_amount",
            "refunded_amount = 1, transactions_status_follows_refunds",
            "status = 'refunded', transactions_status_follows_refunds", "coach_payout = 99, transactions_session_payment",
            "session_id = null, transactions_session_payment", "destination_account = null, transactions_destination",
            "method = 'credits', transactions_credits_counted", "amount = -1, transactions_amount_check",
            "stripe_charge_id = 'pi_1', transactions_stripe_charge_id_check" })
    void refusesWhatNoPaymentCanBe(String change, String constraint) throws SQLException {
        UUID payment = Rows.transaction(mentee, coach, session, "completed");

        assertThat(Refusal
                .constraint(() -> Sql.run(Caller.SERVICE, "update transactions set " + change + " where id = ?", payment)))
                .isIn(constraint, "transactions_refund_within_amount");
    }

    @ParameterizedTest
    @CsvSource({ "stripe_payment_intent_id, pi", "stripe_charge_id, ch", "stripe_application_fee_id, fee",
            "stripe_transfer_id, tr",
            "stripe_checkout_session_id, cs" })
    void knowsEachOfStripesObjectsOnce(String column, String prefix) throws SQLException {
        UUID one = Rows.transaction(mentee, coach, session);
        UUID other = Rows.transaction(mentee, coach, Rows.session(mentee, coach));
        String id = Rows.stripeId(prefix);
        Sql.run(Caller.SERVICE, "update transactions set " + column + " = ? where id = ?", id, one);

        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update transactions set " + column + " = ? where id = ?", id, other)))
                .isEqualTo("transactions_" + column + "_key");
    }

    @Test
    void storesEventOnce() throws Exception {
        String event = Rows.stripeId("evt");
        String accept = """
                insert into stripe_events (id, event_id, endpoint, type, created, livemode, payload)
                values (?, ?, 'connect', 'account.updated', now(), false, '{}') on conflict do nothing""";

        var refusals = Together.attempt(20, () -> Sql.run(Caller.SERVICE, accept, UUID.randomUUID(), event));

        assertThat(refusals).isEmpty();
        assertThat(Sql.value(Caller.SERVICE, "select count(*) from stripe_events where event_id = ?", event)).isEqualTo("1");
    }

    @Test
    void keepsAnEventUntilItIsOverAndCannotComeAgain() throws SQLException {
        String insert = """
                insert into stripe_events (id, event_id, endpoint, type, created, livemode, status, received_at)
                values (?, ?, 'platform', 'charge.succeeded', now(), false, ?, now() - make_interval(days => ?))""";
        UUID young = Rows.inserted(insert, Rows.stripeId("evt"), "processed", 89);
        UUID waiting = Rows.inserted(insert, Rows.stripeId("evt"), "failed", 500);
        UUID over = Rows.inserted(insert, Rows.stripeId("evt"), "processed", 91);

        String delete = "delete from stripe_events where id = ?";
        assertThat(Sql.run(Caller.SERVICE, delete, young)).isZero();
        assertThat(Sql.run(Caller.SERVICE, delete, waiting)).isZero();
        assertThat(Sql.run(Caller.SERVICE, delete, over)).isOne();
        assertThat(Refusal.state(() -> Sql.run(Caller.admin(UUID.randomUUID()), delete, young))).isEqualTo("42501");
    }

    @Test
    void keepsTheLogOfPaymentsForAYear() throws SQLException {
        UUID payment = Rows.transaction(mentee, coach, session);
        String insert = """
                insert into payment_logs (id, transaction_id, event, created_at)
                values (?, ?, 'created', now() - make_interval(days => ?))""";
        UUID young = Rows.inserted(insert, payment, 364);
        UUID old = Rows.inserted(insert, payment, 367);

        String delete = "delete from payment_logs where id = ?";
        assertThat(Sql.run(Caller.SERVICE, delete, young)).isZero();
        try (Connection owner = Database.owner()) {
            assertThat(Refusal.constraint(() -> Sql.run(owner, delete, young))).isEqualTo("payment_logs_append_only");
        }
        assertThat(Sql.run(Caller.SERVICE, delete, old)).isOne();
    }

    @Test
    void makesOneCustomerAndOneProfileOfEachUser() throws Exception {
        UUID user = Rows.user();

        var customers = Together.attempt(10,
                () -> Rows.inserted("insert into stripe_customers (id, user_id) values (?, ?)", user));

        assertThat(customers).hasSize(9)
                .allSatisfy(refusal -> assertThat(refusal).hasMessageContaining("stripe_customers_user_id_key"));
        assertThat(Refusal.constraint(() -> Rows.inserted(
                "insert into coach_profiles (id, user_id, hourly_rate, currency, minimum_payout) values (?, ?, 1, 'USD', 0)",
                coach)))
                .isEqualTo("coach_profiles_user_id_key");
        assertThat(Refusal.constraint(() -> Rows.inserted("insert into stripe_customers (id) values (?)")))
                .isEqualTo("stripe_customers_one_owner");
    }

    @Test
    void hidesARemovedPaymentMethodFromItsOwnerAndNeverMakesItTheDefault() throws SQLException {
        UUID removed = Rows.inserted(
                """
                        insert into payment_methods (id, user_id, stripe_payment_method_id, type, detached_at) values (?, ?, ?, 'card', now())""",
                mentee, Rows.stripeId("pm"));

        assertThat(Sql.value(Caller.user(mentee), "select count(*) from payment_methods where id = ?", removed)).isEqualTo("0");
        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update payment_methods set is_default = true where id = ?", removed)))
                .isEqualTo("payment_methods_detached_is_no_default");
    }

    @Test
    void allowsOneDefaultPaymentMethod() throws SQLException {
        String statement = "insert into payment_methods (id, user_id, stripe_payment_method_id, type, is_default) values (?, ?, ?, 'card', true)";
        Rows.inserted(statement, mentee, Rows.stripeId("pm"));

        assertThat(Refusal.constraint(() -> Rows.inserted(statement, mentee, Rows.stripeId("pm"))))
                .isEqualTo("payment_methods_one_default");
    }
}
