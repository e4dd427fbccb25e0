package io.coachpay.simulation;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.coachpay.simulation.Script.Rate;

/** Acts of coaches, and requirements of Stripe. */
final class CoachActions {

    static final List<Action> ALL = List.of(
            new Action(2, CoachActions::onboardAgain),
            new Action(1, CoachActions::requirementsComeBack),
            new Action(2, CoachActions::changeRate),
            new Action(1, CoachActions::leavesForAWhile));

    private CoachActions() {
    }

    /** Every step a coach takes to be booked; a repetition resumes where it stopped. */
    static String onboard(Stage stage, int number, Rate rate) {
        Player coach = stage.coach(number);
        Reply profile = coach.put("/v1/me/coach-profile",
                Map.of("hourlyRate", Map.of("amount", rate.amount(), "currency", rate.currency())));
        Reply account = coach.post("/v1/me/connected-account", Map.of("country", rate.country(), "businessType", "individual"));
        String finished = account.ok() ? finish(stage, account.text("stripeAccountId"), rate) : "not at Stripe yet";
        return profile.brief() + ", " + account.brief() + ", " + finished;
    }

    /** In Stripe's form a coach names a bank for the requested currency. */
    private static String finish(Stage stage, String account, Rate rate) {
        stage.control("/sandbox/accounts/" + account + "/external-account",
                Map.of("currency", rate.currency().toLowerCase(Locale.ROOT)));
        return stage.control("/sandbox/accounts/" + account + "/complete-onboarding", Map.of()).brief();
    }

    private static Deed onboardAgain(Dice dice) {
        int coach = dice.coach();
        return new Deed("coach %d onboards, perhaps once more".formatted(coach),
                stage -> onboard(stage, coach, stage.rateOf(coach)));
    }

    private static Deed requirementsComeBack(Dice dice) {
        int coach = dice.coach();
        boolean disabled = dice.chance(0.5);
        return new Deed("Stripe asks coach %d for more%s".formatted(coach, disabled ? " and pays nothing till then" : ""),
                stage -> {
                    String account = stage.accountOf(coach);
                    return account.isEmpty() ? "not at Stripe yet"
                            : stage.control("/sandbox/accounts/" + account + "/require",
                                    Map.of("currentlyDue", List.of("individual.id_number"), "disabled", disabled)).brief();
                });
    }

    /** Nobody touches the account meanwhile but those who act at that moment; the next link finds it connected. */
    private static Deed leavesForAWhile(Dice dice) {
        int coach = dice.coach();
        boolean told = dice.chance(0.5);
        return new Deed("coach %d leaves and is connected again%s".formatted(coach, told ? ", of which Stripe tells" : ""),
                stage -> {
                    String account = stage.accountOf(coach);
                    if (account.isEmpty()) {
                        return "not at Stripe yet";
                    }
                    return stage.control("/sandbox/accounts/" + account + "/deauthorize", Map.of()).brief() + ", "
                            + stage.control("/sandbox/accounts/" + account + "/reconnect", Map.of("told", told)).brief();
                });
    }

    /** A coach who is believed to have left asks for the dashboard, and is back if Stripe says so. */
    static void comeBack(Stage stage, int number) {
        if (!stage.accountOf(number).isEmpty()) {
            stage.admin().post("/v1/admin/coaches/" + stage.coach(number).id() + "/reconnect", Map.of());
        }
    }

    private static Deed changeRate(Dice dice) {
        int coach = dice.coach();
        int percent = dice.between(50, 200);
        return new Deed("coach %d asks for %d %% of what it was".formatted(coach, percent), stage -> {
            Rate rate = stage.rateOf(coach);
            String amount = rate.money(new BigDecimal(rate.amount()).multiply(BigDecimal.valueOf(percent)).movePointLeft(2));
            return stage.coach(coach).put("/v1/me/coach-profile",
                    Map.of("hourlyRate", Map.of("amount", amount, "currency", rate.currency()))).brief();
        });
    }
}
