package io.coachpay.sandbox;

import java.util.Map;
import java.util.stream.Collectors;

import io.vertx.core.json.JsonObject;

/** Onboarding pages as an account's owner sees them, and a glimpse of their dashboard. */
final class OnboardingPages {

    private static final Template ONBOARDING = new Template("onboarding.html");

    private final World world;

    OnboardingPages(World world) {
        this.world = world;
    }

    /** Opens a link, which uses it up; only the page it opened can finish. */
    Answer show(Pages.Visit visit) {
        String token = visit.variables().getOrDefault("token", "");
        AccountAccess.Link link = world.access().find(token);
        if (!link.usable()) {
            return Answer.redirect(link.refreshUrl());
        }
        world.access().useUp(token);
        JsonObject account = world.accounts().get(link.account());
        String requirements = Json.strings(account.getJsonObject("requirements").getJsonArray("currently_due")).stream()
                .map(name -> "<li><code>" + Template.escape(name) + "</code></li>").collect(Collectors.joining("\n"));
        return Answer.html(200,
                ONBOARDING.page("Onboarding",
                        Map.of("account", link.account(), "requirements",
                                requirements.isEmpty() ? "<li>nothing at present</li>" : requirements, "action",
                                "/setup/" + link.account() + "/" + token, "visit", world.access().visit(token))));
    }

    Answer finish(Pages.Visit visit) {
        String token = visit.variables().getOrDefault("token", "");
        AccountAccess.Link link = world.access().find(token);
        if (!world.access().endVisit(token, visit.form().text("visit", ""))) {
            return Answer.redirect(link.refreshUrl());
        }
        if ("complete".equals(visit.form().text("outcome"))) {
            world.accounts().completeOnboarding(link.account());
        }
        // as at Stripe, a return does not mean completion
        return Answer.redirect(link.returnUrl());
    }

    Answer dashboard(Pages.Visit visit) {
        JsonObject account = world.accounts().get(visit.id());
        return Pages.message(200, "Express dashboard", "Account " + visit.id() + ", payouts "
                + (account.getBoolean("payouts_enabled") ? "enabled" : "disabled") + ".");
    }
}
