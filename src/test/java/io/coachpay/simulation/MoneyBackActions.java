package io.coachpay.simulation;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.coachpay.OwnerSql;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.simulation.Dice.Booking;

/** Money that goes back to payers: refunds on request or by hand, and disputes. */
final class MoneyBackActions {

    static final List<Action> ALL = List.of(
            new Action(8, MoneyBackActions::refund),
            new Action(6, MoneyBackActions::refundInDashboard),
            new Action(2, MoneyBackActions::cancelPartlyRefunded),
            new Action(2, MoneyBackActions::endRefund),
            new Action(5, MoneyBackActions::dispute),
            new Action(4, MoneyBackActions::closeDispute),
            new Action(3, MoneyBackActions::answerDispute),
            new Action(2, MoneyBackActions::retryRefund),
            new Action(2, MoneyBackActions::retryStep),
            new Action(1, MoneyBackActions::withdrawRefund),
            new Action(1, MoneyBackActions::platformPays),
            new Action(1, MoneyBackActions::withdrawStep));

    private static final String REFUNDS = "select r.stripe_refund_id as id from refunds r join transactions t"
            + " on t.id = r.transaction_id where t.session_id = ?::uuid and r.stripe_refund_id is not null order by r.id";
    private static final String DISPUTES = "select d.id, d.stripe_dispute_id as stripe from disputes d join transactions t"
            + " on t.id = d.transaction_id where t.session_id = ?::uuid order by d.id";
    private static final String STUCK_REFUNDS = "select r.id from refunds r join transactions t on t.id = r.transaction_id"
            + " where t.session_id = ?::uuid and r.stripe_refund_id is null and r.status in ('requested', 'refused') order by r.id";
    private static final String STUCK_STEPS = "select s.id from transfer_steps s join transactions t on t.id = s.transaction_id"
            + " where t.session_id = ?::uuid and s.stripe_id is null and s.status <> 'created' order by s.created_at, s.id";
    private static final String NO_PAYMENT = "nothing was paid";

    private MoneyBackActions() {
    }

    /** A payment that somebody tried to make for a booking. */
    private record Payment(String id, @Nullable String intent, @Nullable String charge, BigDecimal amount, String currency) {

        static @Nullable Payment of(Stage stage, Booking booking) {
            return OwnerSql.rows("""
                    select id, stripe_payment_intent_id as intent, stripe_charge_id as charge, amount, currency
                      from transactions where session_id = ?::uuid and status not in ('canceled', 'pending')
                     order by id desc limit 1""", stage.sessionOr(booking, null)).stream()
                    .map(row -> new Payment(row.get("id").toString(), (String) row.get("intent"), (String) row.get("charge"),
                            (BigDecimal) row.get("amount"), row.get("currency").toString()))
                    .findFirst().orElse(null);
        }

        /** A part of it in Stripe's units, divisible by ten as dinars require. */
        long part(int percent) {
            int digits = digits();
            return Math.max(1, amount.movePointRight(digits).longValue() * percent / 100 / 10) * 10;
        }

        Map<String, String> money(int percent) {
            return Map.of("amount", BigDecimal.valueOf(part(percent), digits()).toPlainString(), "currency", currency);
        }

        private int digits() {
            return StripeCurrencies.of(currency).digits();
        }
    }

    private static Deed refund(Dice dice) {
        Booking booking = dice.paid();
        int percent = percent(dice);
        boolean byCoach = dice.chance(0.6);
        boolean insists = dice.chance(0.3);
        return new Deed("the %s gives %d %% of booking %d back%s".formatted(byCoach ? "coach" : "administrator", percent,
                booking.number(), insists ? ", insisting" : ""), stage -> {
                    Payment payment = Payment.of(stage, booking);
                    if (payment == null) {
                        return NO_PAYMENT;
                    }
                    Map<String, Object> form = new HashMap<>(Map.of("reason", "requested_by_customer"));
                    if (percent < 100) {
                        form.put("amount", payment.money(percent));
                    }
                    Player player = byCoach ? stage.coach(booking.coach()) : stage.admin();
                    String path = "/v1/transactions/" + payment.id() + "/refunds";
                    return (insists ? player.insist(path, form, "refund-" + payment.id() + percent) : player.post(path, form))
                            .brief();
                });
    }

    /** A refund made by hand: with or without the coach's share and the platform's fee. */
    private static Deed refundInDashboard(Dice dice) {
        Booking booking = dice.paid();
        int percent = percent(dice);
        boolean reverses = dice.chance(0.75);
        boolean returnsFee = dice.chance(0.75);
        return new Deed("%d %% of booking %d are refunded in the dashboard%s%s".formatted(percent, booking.number(),
                reverses ? ", by the coach" : "", returnsFee ? ", with the fee" : ""),
                stage -> refundByHand(stage, booking, percent, reverses, returnsFee));
    }

    private static String refundByHand(Stage stage, Booking booking, int percent, boolean reverses, boolean returnsFee) {
        Payment payment = Payment.of(stage, booking);
        if (payment == null || payment.intent() == null) {
            return NO_PAYMENT;
        }
        String form = "payment_intent=%s&reverse_transfer=%s&refund_application_fee=%s".formatted(payment.intent(), reverses,
                returnsFee);
        return stage.stripe("/v1/refunds", percent == 100 ? form : form + "&amount=" + payment.part(percent)).brief();
    }

    /** The service may not know of a refund by hand when the coach cancels and all is due. */
    private static Deed cancelPartlyRefunded(Dice dice) {
        Booking booking = dice.paid();
        int percent = dice.between(1, 99);
        return new Deed("%d %% of booking %d are refunded in the dashboard, and the coach cancels it".formatted(percent,
                booking.number()), stage -> {
                    String back = refundByHand(stage, booking, percent, true, true);
                    return back.equals(NO_PAYMENT) ? back
                            : back + ", " + stage.coach(booking.coach())
                                    .post("/v1/sessions/" + stage.sessionOr(booking, booking.number()) + "/cancel", Map.of())
                                    .brief();
                });
    }

    private static int percent(Dice dice) {
        return dice.oneOf(100, 100, 50, dice.between(1, 99));
    }

    private static Deed endRefund(Dice dice) {
        Booking booking = dice.paid();
        String how = dice.oneOf("succeed", "fail");
        return new Deed("the latest refund of booking %d has to %s".formatted(booking.number(), how),
                stage -> latest(REFUNDS, stage, booking, "id",
                        refund -> stage.control("/sandbox/refunds/" + refund + "/" + how, Map.of()).brief()));
    }

    private static Deed dispute(Dice dice) {
        Booking booking = dice.paid();
        // A payer's bank may ask for more than was paid, where it computes in another currency.
        int percent = dice.chance(0.1) ? 104 : percent(dice);
        String status = dice.oneOf("needs_response", "needs_response", "needs_response", "warning_needs_response", "prevented");
        return new Deed("the payer of booking %d disputes %d %%, %s".formatted(booking.number(), percent, status), stage -> {
            Payment payment = Payment.of(stage, booking);
            if (payment == null || payment.charge() == null) {
                return NO_PAYMENT;
            }
            Map<String, Object> form = new HashMap<>(Map.of("charge", payment.charge(), "status", status));
            if (percent != 100) {
                form.put("amount", payment.part(percent));
            }
            return stage.control("/sandbox/disputes", form).brief();
        });
    }

    private static Deed closeDispute(Dice dice) {
        Booking booking = dice.paid();
        String how = dice.oneOf("won", "lost", "warning_closed", "escalate");
        boolean feeReturned = dice.chance(0.5);
        return new Deed("the latest dispute of booking %d: %s".formatted(booking.number(), how),
                stage -> latest(DISPUTES, stage, booking, "stripe", dispute -> how.equals("escalate")
                        ? stage.control("/sandbox/disputes/" + dispute + "/escalate", Map.of()).brief()
                        : stage.control("/sandbox/disputes/" + dispute + "/close",
                                Map.of("status", how, "feeReturned", feeReturned)).brief()));
    }

    private static Deed answerDispute(Dice dice) {
        Booking booking = dice.paid();
        String evidence = dice.oneOf("winning_evidence", "losing_evidence", "escalate_inquiry_evidence", "we met as booked");
        boolean submits = dice.chance(0.7);
        return new Deed("the coach answers the latest dispute of booking %d: %s%s".formatted(booking.number(), evidence,
                submits ? ", and submits" : ""), stage -> latest(DISPUTES, stage, booking, "id", dispute -> {
                    Player coach = stage.coach(booking.coach());
                    String staged = coach.put("/v1/disputes/" + dispute + "/evidence", Map.of("uncategorized_text", evidence))
                            .brief();
                    return submits ? staged + ", " + coach.post("/v1/disputes/" + dispute + "/submit", Map.of()).brief()
                            : staged;
                }));
    }

    /** An administrator has a waiting or refused refund retried. */
    private static Deed retryRefund(Dice dice) {
        return decide(dice, "refund", STUCK_REFUNDS, "/v1/admin/refunds/%s/retry");
    }

    private static Deed retryStep(Dice dice) {
        return decide(dice, "step", STUCK_STEPS, "/v1/admin/transfers/%s/retry");
    }

    /** A withdrawn refund is not due any more either. */
    private static Deed withdrawRefund(Dice dice) {
        return decide(dice, "refund", STUCK_REFUNDS, "/v1/admin/refunds/%s/withdraw");
    }

    private static Deed withdrawStep(Dice dice) {
        return decide(dice, "step", STUCK_STEPS, "/v1/admin/transfers/%s/withdraw");
    }

    private static Deed platformPays(Dice dice) {
        return decide(dice, "refund", STUCK_REFUNDS, "/v1/admin/refunds/%s/platform-pays");
    }

    private static Deed decide(Dice dice, String what, String stuck, String path) {
        Booking booking = dice.paid();
        return new Deed("the administrator has the latest %s of booking %d that is stuck: %s".formatted(what, booking.number(),
                path.replaceAll(".*/", "")),
                stage -> latest(stuck, stage, booking, "id", id -> stage.admin().post(path.formatted(id), Map.of()).brief()));
    }

    private interface With {
        String doing(String id);
    }

    private static String latest(String query, Stage stage, Booking booking, String column, With with) {
        List<Map<String, @Nullable Object>> rows = OwnerSql.rows(query, stage.sessionOr(booking, null));
        return rows.isEmpty() ? "there is none" : with.doing(String.valueOf(rows.get(rows.size() - 1).get(column)));
    }
}
