package io.coachpay.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

import com.fasterxml.jackson.databind.JsonNode;

/** Acts of time, of Stripe itself and of our own jobs. */
final class StripeActions {

    static final List<Action> ALL = List.of(
            new Action(14, StripeActions::timePasses),
            new Action(8, StripeActions::jobRuns),
            new Action(5, StripeActions::allJobsRun),
            new Action(3, StripeActions::resend),
            new Action(1, StripeActions::replayFailed),
            new Action(2, StripeActions::keyIsRefused),
            new Action(2, StripeActions::sendGoodwill),
            new Action(2, StripeActions::clearDebts),
            new Action(1, StripeActions::bookFindings));

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

    /** Somebody rolls the key, or takes a right from it, and jobs run before the service has a working one. */
    private static Deed keyIsRefused(Dice dice) {
        String refused = dice.chance(0.5) ? "{\"rolled\": [\"sk_test_sandbox\"]}"
                : "{\"restricted\": [{\"key\": \"sk_test_sandbox\", \"path\": \"%s\"}]}"
                        .formatted(dice.oneOf("/v1/refunds*", "/v1/transfers*", "/v1/payouts*", "/v1/payment_intents*",
                                "/v1/balance*", "/v1/events*", "/v1/customers*"));
        Duration time = Duration.ofMinutes(dice.between(1, 30));
        return new Deed("for " + time + " Stripe does not listen: " + refused, stage -> {
            stage.keys(refused);
            try {
                stage.pass(time);
                stage.jobs().forEach(stage::run);
                return "done";
            } finally {
                stage.keys("{}");
            }
        });
    }

    private static Deed replayFailed(Dice dice) {
        return new Deed("the administrator replays what failed",
                stage -> stage.admin().post("/v1/admin/events/replay?status=failed", Map.of()).brief());
    }

    private static Deed sendGoodwill(Dice dice) {
        int coach = dice.coach();
        int units = dice.between(1, 900);
        return new Deed("somebody sends coach %d %d0 units in the dashboard".formatted(coach, units),
                stage -> stage.stripe("/v1/transfers", "amount=%d0&currency=%s&destination=%s".formatted(units,
                        stage.rateOf(coach).currency().toLowerCase(Locale.ROOT), stage.accountOf(coach))).brief());
    }

    private static Deed clearDebts(Dice dice) {
        int coach = dice.coach();
        return new Deed("Stripe clears what coach %d owes".formatted(coach), stage -> stage
                .control("/sandbox/accounts/" + stage.accountOf(coach) + "/clear-debts", Map.of()).brief());
    }

    private static Deed bookFindings(Dice dice) {
        return new Deed("the administrator books what was found", StripeActions::book);
    }

    /** Has all lines booked that somebody made in the dashboard; a line of a fact of ours is refused. */
    static String book(Stage stage) {
        StringJoiner booked = new StringJoiner(", ", "booked: ", "");
        for (JsonNode finding : stage.admin().get("/v1/admin/reconciliation/findings?limit=100&cause=dashboard_action").body()
                .path("data")) {
            if (finding.path("kind").asText().equals("unbooked")) {
                booked.add(stage.admin().post("/v1/admin/reconciliation/findings/" + finding.path("id").asText() + "/book",
                        Map.of("reason", "Goodwill")).brief());
            }
        }
        return booked.toString();
    }
}
