package io.coachpay.simulation;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.OwnerSql;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.simulation.Script.Rate;
import io.vertx.core.json.JsonObject;

/** Money on its way to banks: the coaches', and the platform's own. */
final class PayoutActions {

    static final List<Action> ALL = List.of(
            new Action(3, PayoutActions::changeSchedule),
            new Action(4, PayoutActions::ask),
            new Action(2, PayoutActions::takeBack),
            new Action(3, PayoutActions::end),
            new Action(2, PayoutActions::payOutInDashboard),
            new Action(2, PayoutActions::changeBank),
            new Action(1, PayoutActions::movePlatformsMoney));

    private static final String LATEST = "select id, stripe_payout_id as stripe from payouts"
            + " where user_id = ?::uuid order by id desc limit 1";

    private PayoutActions() {
    }

    private static Deed changeSchedule(Dice dice) {
        int coach = dice.coach();
        String schedule = dice.oneOf("instant", "daily", "weekly", "monthly");
        int minimum = dice.oneOf(0, 1, 50, 1_000);
        String zone = dice.oneOf("UTC", "Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles");
        return new Deed("coach %d wants to be paid %s, from %d on, in %s".formatted(coach, schedule, minimum, zone), stage -> {
            Rate rate = stage.rateOf(coach);
            return stage.coach(coach).put("/v1/me/coach-profile", Map.of("hourlyRate",
                    Map.of("amount", rate.amount(), "currency", rate.currency()), "payoutSchedule", schedule, "timeZone", zone,
                    "minimumPayout", Map.of("amount", rate.money(BigDecimal.valueOf(minimum)), "currency", rate.currency())))
                    .brief();
        });
    }

    private static Deed ask(Dice dice) {
        int coach = dice.coach();
        String method = dice.oneOf("standard", "standard", "instant");
        boolean insists = dice.chance(0.3);
        int number = dice.below(1_000);
        return new Deed("coach %d asks for all there is, %s%s".formatted(coach, method, insists ? ", insisting" : ""),
                stage -> {
                    Player player = stage.coach(coach);
                    Map<String, String> form = Map.of("method", method);
                    return (insists ? player.insist("/v1/me/payouts", form, "payout-" + number)
                            : player.post("/v1/me/payouts", form))
                            .brief();
                });
    }

    private static Deed takeBack(Dice dice) {
        int coach = dice.coach();
        return new Deed("coach %d takes the latest payout back".formatted(coach), stage -> {
            List<Map<String, Object>> latest = OwnerSql.rows(LATEST, stage.coach(coach).id());
            return latest.isEmpty() ? "there is none"
                    : stage.coach(coach).post("/v1/me/payouts/" + latest.get(0).get("id") + "/cancel", Map.of()).brief();
        });
    }

    private static Deed end(Dice dice) {
        int coach = dice.coach();
        String how = dice.oneOf("pay", "fail");
        return new Deed("the latest payout of coach %d has to %s".formatted(coach, how), stage -> {
            List<Map<String, Object>> latest = OwnerSql.rows(LATEST, stage.coach(coach).id());
            return latest.isEmpty() || latest.get(0).get("stripe") == null ? "there is none"
                    : stage.control("/sandbox/payouts/" + latest.get(0).get("stripe") + "/" + how, Map.of()).brief();
        });
    }

    private static Deed payOutInDashboard(Dice dice) {
        int coach = dice.coach();
        int percent = dice.oneOf(100, 50, dice.between(1, 99));
        return new Deed("%d %% of what coach %d has are paid out in the dashboard".formatted(percent, coach), stage -> {
            String account = stage.accountOf(coach);
            JsonNode available = account.isEmpty() ? null : stage.told("/v1/balance", account).body().path("available").path(0);
            if (available == null || available.path("amount").asLong() <= 0) {
                return "there is nothing";
            }
            String currency = available.path("currency").asText();
            long unit = Math.max(10,
                    Stage.units(StripeCurrencies.of(currency.toUpperCase(Locale.ROOT)).payoutUnit().getAmount(), currency));
            long amount = Math.max(1, available.path("amount").asLong() * percent / 100 / unit) * unit;
            return stage.stripe("/v1/payouts", "amount=" + amount + "&currency=" + currency, account)
                    .brief();
        });
    }

    private static Deed changeBank(Dice dice) {
        int coach = dice.coach();
        String what = dice.oneOf("takes instant payouts", "takes no instant payouts", "is closed", "is another one", "is gone");
        return new Deed("the bank of coach %d %s".formatted(coach, what), stage -> {
            String account = stage.accountOf(coach);
            Map<String, Object> form = new HashMap<>();
            form.put("currency", stage.rateOf(coach).currency().toLowerCase(Locale.ROOT));
            switch (what) {
                case "takes instant payouts" -> form.put("instant", true);
                case "takes no instant payouts" -> form.put("instant", false);
                case "is closed" -> form.put("failure", "account_closed");
                case "is another one" -> form.put("failure", null);
                default -> form.put("remove", true);
            }
            return account.isEmpty() ? "not at Stripe yet"
                    : stage.control("/sandbox/accounts/" + account + "/external-account", form).brief();
        });
    }

    /** In the end every coach has a bank that takes payouts; otherwise they would fail day after day. */
    static void putBankInOrder(Stage stage, int coach) {
        setBank(stage, coach, Collections.singletonMap("failure", null));
    }

    /**
     * When earnings are released at last, a coach asks before the run that would pay. Stripe takes the fee, and its answer is
     * lost.
     */
    static void askAtOnce(Stage stage, int coach) {
        setBank(stage, coach, Map.of("instant", true));
        stage.faults(new JsonObject("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/transfers"}, "do": "lost_answer", "times": 1}]}"""));
        stage.coach(coach).post("/v1/me/payouts", Map.of("method", "instant"));
    }

    private static void setBank(Stage stage, int coach, Map<String, ?> how) {
        String account = stage.accountOf(coach);
        if (!account.isEmpty()) {
            Map<String, Object> form = new HashMap<>(how);
            form.put("currency", stage.rateOf(coach).currency().toLowerCase(Locale.ROOT));
            stage.control("/sandbox/accounts/" + account + "/external-account", form);
        }
    }

    private static Deed movePlatformsMoney(Dice dice) {
        boolean out = dice.chance(0.5);
        int amount = dice.between(10, 500) * 10;
        int coach = dice.coach();
        return new Deed(out ? "the platform pays itself" : "the platform's bank adds money", stage -> {
            String form = "amount=" + amount + "&currency=" + stage.rateOf(coach).currency().toLowerCase(Locale.ROOT);
            return stage.stripe(out ? "/v1/payouts" : "/v1/topups", form).brief();
        });
    }
}
