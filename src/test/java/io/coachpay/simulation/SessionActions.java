package io.coachpay.simulation;

import java.util.List;
import java.util.Map;

import io.coachpay.simulation.Dice.Booking;

/** How sessions end. */
final class SessionActions {

    static final List<Action> ALL = List.of(
            new Action(6, SessionActions::cancel),
            new Action(2, dice -> said(dice, "complete")),
            new Action(1, dice -> said(dice, "no-show")));

    private SessionActions() {
    }

    private static Deed cancel(Dice dice) {
        Booking booking = dice.booking();
        String who = dice.oneOf("mentee", "mentee", "coach", "administrator");
        return new Deed("the %s cancels booking %d".formatted(who, booking.number()), stage -> {
            Player player = switch (who) {
                case "mentee" -> stage.mentee(booking);
                case "coach" -> stage.coach(booking.coach());
                default -> stage.admin();
            };
            return player.post("/v1/sessions/" + stage.sessionOr(booking, booking.number()) + "/cancel", Map.of()).brief();
        });
    }

    /** Mostly too early, so that time has to pass for it. */
    private static Deed said(Dice dice, String what) {
        Booking booking = dice.paid();
        return new Deed("the coach says %s of booking %d".formatted(what, booking.number()),
                stage -> stage.coach(booking.coach())
                        .post("/v1/sessions/" + stage.sessionOr(booking, booking.number()) + "/" + what, Map.of()).brief());
    }
}
