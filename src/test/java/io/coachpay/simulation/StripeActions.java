package io.coachpay.simulation;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.OwnerSql;
import io.coachpay.simulation.Dice.Booking;

/** What time, Stripe's dashboard, Stripe itself and our own jobs do. */
final class StripeActions {

    static final List<Action> ALL = List.of(
            new Action(14, StripeActions::timePasses),
            new Action(8, StripeActions::jobRuns),
            new Action(5, StripeActions::allJobsRun),
            new Action(8, StripeActions::refundInDashboard),
            new Action(3, StripeActions::resend),
            new Action(1, StripeActions::replayFailed));

    private StripeActions() {
    }

    private static Deed timePasses(Dice dice) {
        Duration time = dice.time();
        return new Deed(time + " pass", stage -> stage.pass(time));
    }

    private static Deed jobRuns(Dice dice) {
        int which = dice.below(1_000);
        return new Deed("a job runs", stage -> {
            List<String> jobs = stage.jobs();
            return stage.run(jobs.get(which % jobs.size()));
        });
    }

    private static Deed allJobsRun(Dice dice) {
        return new Deed("all jobs run", stage -> {
            stage.jobs().forEach(stage::run);
            return "done";
        });
    }

    /** A refund made by hand: with or without the coach's share and the platform's fee. */
    private static Deed refundInDashboard(Dice dice) {
        Booking booking = dice.paid();
        int percent = dice.oneOf(100, 100, 50, dice.between(1, 99));
        boolean reverses = dice.chance(0.75);
        boolean returnsFee = reverses && dice.chance(0.75);
        return new Deed("%d %% of booking %d are refunded in the dashboard%s%s".formatted(percent, booking.number(),
                reverses ? ", by the coach" : "", returnsFee ? ", with the fee" : ""), stage -> {
                    List<Map<String, Object>> payments = OwnerSql.rows("""
                            select stripe_payment_intent_id as id, amount, currency from transactions
                             where session_id = ?::uuid and status not in ('canceled', 'pending') order by id desc""",
                            stage.sessionOr(booking, null));
                    if (payments.isEmpty() || payments.get(0).get("id") == null) {
                        return "nothing was paid";
                    }
                    Map<String, Object> payment = payments.get(0);
                    String form = "payment_intent=%s&reverse_transfer=%s&refund_application_fee=%s".formatted(payment.get("id"),
                            reverses, returnsFee);
                    return stage.stripe("/v1/refunds", percent == 100 ? form
                            : form + "&amount=" + part((BigDecimal) payment.get("amount"),
                                    payment.get("currency").toString(), percent))
                            .brief();
                });
    }

    /** In Stripe's units, and divisible by ten as dinars have to be. */
    static long part(BigDecimal amount, String currency, int percent) {
        int digits = currency.equals("JPY") ? 0 : currency.equals("KWD") ? 3 : 2;
        return Math.max(1, amount.movePointRight(digits).longValue() * percent / 100 / 10) * 10;
    }

    private static Deed resend(Dice dice) {
        int which = dice.below(40);
        int coach = dice.coach();
        boolean connect = dice.chance(0.3);
        int count = dice.between(1, 4);
        return new Deed("an event is sent %d times more".formatted(count), stage -> {
            JsonNode events = stage.stripeList("/v1/events?limit=40", connect ? stage.accountOf(coach) : "");
            if (events.isEmpty()) {
                return "there is none";
            }
            String event = events.get(which % events.size()).path("id").asText();
            return events.get(which % events.size()).path("type").asText() + " "
                    + stage.control("/sandbox/events/" + event + "/resend", Map.of("count", count)).brief();
        });
    }

    private static Deed replayFailed(Dice dice) {
        return new Deed("the administrator replays what failed",
                stage -> stage.admin().post("/v1/admin/events/replay?status=failed", Map.of()).brief());
    }
}
